import { describe, expect, it } from "vitest";
import type { NewEvent } from "../event-log/event-log.ts";
import { defaultExtension } from "../extensions/default-extension.ts";
import { createRefusalReport } from "./refusal-report.ts";

describe("report of refused outside calls", () => {
  it("[G13] [V3] one alert of a reason per minute, one entry per extension and 10 s, both with counts, no whole number", () => {
    let nowMs = 0;
    const events: NewEvent[] = [];
    const entries: unknown[][] = [];
    const logs: unknown[] = [];
    const anna = defaultExtension("e200", "200", "Anna", "anna");
    const report = createRefusalReport({
      now: () => nowMs,
      extension: (id) => (id === anna.id ? anna : undefined),
      audit: { write: (...entry) => entries.push(entry) },
      publish: (published) => events.push(...published),
      logger: { warn: (details) => logs.push(details) },
    });
    const refusal = {
      reason: "not_allowed",
      why: "no",
      class: "premium",
      number: "+499001234567",
      payerId: "e200",
    } as const;
    for (let second = 0; second < 120; second += 1) {
      nowMs = second * 1000;
      report({ ...refusal, callId: `c${second}` });
    }
    expect(events).toHaveLength(2);
    expect(events[0]).toMatchObject({
      type: "SYSTEM_ALERT",
      data: { severity: "warning", message: "Outside call of extension 200 refused: no", metrics: { refusals: 1 } },
    });
    expect(events[1]?.data).toMatchObject({ metrics: { refusals: 60 } });
    expect(entries).toHaveLength(12);
    expect(entries[1]).toEqual([
      "anna",
      "outside-call.refused",
      "200",
      { reason: "not_allowed", class: "premium", number: "+499…67", refused: 10, callId: "c10" },
    ]);
    expect(JSON.stringify([events, entries, logs])).not.toContain("9001234567");
    report({ ...refusal, reason: "outside_calls_per_hour", payerId: undefined });
    expect(events[2]?.data).toMatchObject({ message: "Outside call of an inbound rule refused: no" });
  });
});
