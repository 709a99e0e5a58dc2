import { type AlertSeverity, events } from "@pbx-x/protocol";
import { createManualScheduler } from "@pbx-x/telephony/fake";
import { describe, expect, it } from "vitest";
import type { NewEvent } from "../event-log/event-log.ts";
import { AlertDesk } from "./alert-desk.ts";

function setUp() {
  const scheduler = createManualScheduler(0);
  const told: string[] = [];
  const published: NewEvent[] = [];
  let ids = 0;
  const desk = new AlertDesk({
    scheduler,
    newId: () => `alert-${++ids}`,
    intervalMs: 60_000,
    publish: (batch) => {
      published.push(...batch);
      for (const { data } of batch)
        told.push(`${scheduler.now() / 1000} ${String(data["severity"])} ${String(data["alertId"])}`);
    },
  });
  return { scheduler, desk, told, published };
}

type Row = readonly (readonly [second: number, severity: AlertSeverity])[];

describe("[V3] [U1] one kind of trouble", () => {
  it.each<[string, Row, readonly string[]]>([
    ["that never was, is not over", [[0, "info"]], []],
    [
      "is told once, and its end with the same id",
      [
        [5, "warning"],
        [10, "warning"],
        [100, "info"],
        [110, "info"],
      ],
      ["5 warning alert-1", "100 info alert-1"],
    ],
    [
      "grows worse and better under one id",
      [
        [0, "warning"],
        [60, "critical"],
        [120, "warning"],
        [180, "info"],
      ],
      ["0 warning alert-1", "60 critical alert-1", "120 warning alert-1", "180 info alert-1"],
    ],
    [
      "that ends within the minute: told when that is over",
      [
        [10, "warning"],
        [30, "info"],
      ],
      ["10 warning alert-1", "70 info alert-1"],
    ],
    [
      "that is back before its end was told, goes on",
      [
        [10, "warning"],
        [30, "info"],
        [40, "warning"],
      ],
      ["10 warning alert-1"],
    ],
    [
      "that comes again is another",
      [
        [0, "critical"],
        [60, "info"],
        [70, "critical"],
      ],
      ["0 critical alert-1", "60 info alert-1", "120 critical alert-2"],
    ],
  ])("%s", (_, row, expected) => {
    const { scheduler, desk, told } = setUp();
    const tell = desk.watch({ category: "service" });
    for (const [second, severity] of row) {
      scheduler.advance(second * 1000 - scheduler.now());
      tell({ severity, message: severity });
    }
    scheduler.advance(600_000);
    expect(told).toEqual(expected);
    expect(scheduler.pending()).toBe(0);
  });

  it("is paced apart from others, kept as active while it lasts, and told in the specification's words", () => {
    const { scheduler, desk, published } = setUp();
    const trunk = desk.watch({ category: "trunk", trunkId: "0190c0de-0000-7000-8000-000000000001" });
    const storage = desk.watch({ category: "storage" });
    trunk({ severity: "warning", message: "bad" });
    scheduler.advance(1000);
    storage({ severity: "warning", message: "short", metrics: { freePercent: 4 } });
    scheduler.advance(60_000);
    storage({ severity: "critical", message: "full", metrics: { freePercent: 0.5 } });
    expect(desk.active()).toMatchObject([
      { alertId: "alert-1", category: "trunk", sinceMs: 0 },
      { alertId: "alert-2", category: "storage", severity: "critical", sinceMs: 1000, metrics: { freePercent: 0.5 } },
    ]);
    trunk({ severity: "info", message: "good" });
    expect(desk.active().map(({ alertId }) => alertId)).toEqual(["alert-2"]);
    expect(published.at(-1)?.data).toMatchObject({ alertId: "alert-1", severity: "info", isOver: true });
    for (const { data } of published) expect(events.SYSTEM_ALERT.data.safeParse(data).success).toBe(true);
  });

  it("that waits for its time is dropped when the desk stops", () => {
    const { scheduler, desk, told } = setUp();
    const tell = desk.watch({ category: "service" });
    tell({ severity: "critical", message: "lost" });
    tell({ severity: "info", message: "back" });
    desk.stop();
    tell({ severity: "info", message: "back" });
    expect(scheduler.pending()).toBe(0);
    expect(told).toHaveLength(1);
  });
});
