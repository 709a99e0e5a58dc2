import { createManualScheduler } from "@pbx-x/telephony/fake";
import { describe, expect, it } from "vitest";
import type { Standing } from "./alert-desk.ts";
import { BlockWatch } from "./block-watch.ts";
import { ServiceWatch } from "./service-watch.ts";

function setUp() {
  const scheduler = createManualScheduler();
  const told: string[] = [];
  const desk = {
    watch:
      () =>
      ({ severity, message }: Standing) =>
        void told.push(`${severity}: ${message}`),
  };
  return { scheduler, told, desk };
}

describe("[V3] [U5] the engine", () => {
  it("that is lost is critical; that works again is word of it", () => {
    const { told, desk } = setUp();
    const service = new ServiceWatch(desk);
    service.onTelephony({ type: "engineLost", detail: "the media worker died" });
    service.onTelephony({ type: "engineRecovered" });
    expect(told).toEqual([
      "critical: The engine lost all its calls: the media worker died",
      "info: The engine works again",
    ]);
  });
});

describe("[V3] [U5] sources that guess passwords", () => {
  it("are a warning with their number until the last is free again", () => {
    const { scheduler, told, desk } = setUp();
    const blocks = new BlockWatch({ scheduler, desk });
    const block = (ipAddress: string, minutes: number): void => {
      const untilMs = scheduler.now() + minutes * 60_000;
      blocks.onTelephony({ type: "sourceBlocked", ipAddress, untilMs, attempts: 5 });
    };
    block("192.0.2.1", 15);
    scheduler.advance(60_000);
    block("192.0.2.2", 15);
    scheduler.advance(14 * 60_000);
    block("192.0.2.2", 60);
    expect(told).toEqual([
      "warning: 192.0.2.1 blocked: 5 wrong passwords or unknown users",
      "warning: 192.0.2.2 and 1 more blocked: 5 wrong passwords or unknown users",
      "warning: 192.0.2.2 blocked: 5 wrong passwords or unknown users",
    ]);
    scheduler.advance(59 * 60_000);
    expect(told).toHaveLength(3);
    scheduler.advance(60_000);
    expect(told.at(-1)).toBe("info: No source is blocked any more");
    expect(scheduler.pending()).toBe(0);
  });

  it("leave no timer and no list without end", () => {
    const { scheduler, told, desk } = setUp();
    const blocks = new BlockWatch({ scheduler, desk });
    const untilMs = scheduler.now() + 60_000;
    for (let source = 0; source < 1500; source += 1) {
      const ipAddress = `10.0.${source >> 8}.${source & 255}`;
      blocks.onTelephony({ type: "sourceBlocked", ipAddress, untilMs, attempts: 10 });
    }
    expect(told.at(-1)).toContain("and 999 more blocked");
    expect(scheduler.pending()).toBe(1);
    blocks.stop();
    expect(scheduler.pending()).toBe(0);
  });
});
