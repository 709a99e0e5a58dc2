import { randomBytes } from "node:crypto";
import type { Worker } from "node:worker_threads";
import { openUdp } from "@pbx-x/sip";
import { Phone, realScheduler } from "@pbx-x/sip/testing";
import type { Scheduler, TelephonyEngine, TelephonyEvent, TelephonyEventType } from "@pbx-x/telephony";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { restartPauseMs } from "./media-keeper.ts";
import { createTestEngine, passwordOf, testConfiguration } from "./testing/test-engine.ts";

describe("the pause before a restart", () => {
  it.each([
    [0, 100],
    [1, 200],
    [4, 1600],
    [7, 10_000],
    [1000, 10_000],
  ])("is longer the more often it failed: after %i times %i ms", (failures, pauseMs) => {
    expect(restartPauseMs(failures)).toBe(pauseMs);
  });
});

describe("a media thread that dies", () => {
  const offer = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 9 RTP/AVP 8\r\n";
  const workers: Worker[] = [];
  const note = (worker: Worker): void => void workers.push(worker);
  let engine: TelephonyEngine;
  let phone: Phone;
  let events: TelephonyEvent[];
  let wake: () => void;
  /** Times of the tasks that wait. */
  const waiting: number[] = [];
  const scheduler: Scheduler = {
    now: realScheduler.now,
    after: (ms, task) => {
      waiting.push(ms);
      const forget = (): void => void waiting.splice(waiting.indexOf(ms), 1);
      let isOpen = true;
      const cancel = realScheduler.after(ms, () => {
        isOpen = false;
        forget();
        task();
      });
      return () => {
        if (isOpen) forget();
        isOpen = false;
        cancel();
      };
    },
  };

  beforeEach(async () => {
    process.on("worker", note);
    events = [];
    wake = () => undefined;
    engine = createTestEngine({ scheduler, rtpPorts: { min: 24_200, max: 24_299 } });
    engine.subscribe((event) => {
      events.push(event);
      wake();
    });
    const { host, udp = 0 } = await engine.start();
    await engine.perform({ op: "applyConfiguration", configuration: testConfiguration });
    phone = await Phone.open({
      scheduler: realScheduler,
      randomText: () => randomBytes(8).toString("hex"),
      user: "200",
      password: passwordOf("200"),
      server: { transport: "udp", address: host, port: udp },
      transports: [(around) => openUdp({ host: "127.0.0.1", port: 0 }, around)],
    });
  });

  afterEach(async () => {
    process.off("worker", note);
    workers.length = 0;
    waiting.length = 0;
    await phone.close();
    await engine.stop();
  });

  const countOf = (type: TelephonyEventType): number => events.filter((event) => event.type === type).length;

  async function until(type: TelephonyEventType, count: number): Promise<void> {
    while (countOf(type) < count) await new Promise<void>((resolve) => (wake = resolve));
  }

  /** The phone calls, and the PBX answers. */
  async function call(count: number): Promise<void> {
    phone.call("201", { body: offer });
    await until("legOffered", count);
    const offered = events.findLast((event) => event.type === "legOffered");
    if (offered === undefined) throw new Error("no call came");
    expect(await engine.perform({ op: "answer", legId: offered.legId })).toEqual({ ok: true });
  }

  async function kill(): Promise<void> {
    await workers.at(-1)?.terminate();
  }

  it("[C19] is replaced: its calls end, it is told, and the next call has voice again", async () => {
    await call(1);
    await kill();
    await until("engineRecovered", 1);
    const told = events.map(({ type }) => type).filter((type) => type.startsWith("engine") || type === "legEnded");
    expect(told).toEqual(["legEnded", "engineLost", "engineRecovered"]);
    expect(events.find(({ type }) => type === "legEnded")).toMatchObject({ cause: "engine_lost", by: "local" });
    expect(engine.usage()).toMatchObject({ legs: 0, mediaPorts: 0 });
    await call(2);
    expect(engine.usage()).toMatchObject({ legs: 1, mediaPorts: 1 });
  });

  it("[C19] is replaced as often as it dies", async () => {
    for (const round of [1, 2, 3]) {
      await kill();
      await until("engineRecovered", round);
    }
    expect(workers).toHaveLength(4);
    expect(countOf("engineLost")).toBe(3);
    await call(1);
  });

  it("[C19] is not replaced once the engine is stopped", async () => {
    await kill();
    await until("engineLost", 1);
    expect(waiting).toContain(restartPauseMs(0));
    await engine.stop();
    expect(waiting).not.toContain(restartPauseMs(0));
  });
});
