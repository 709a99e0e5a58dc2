import { events } from "@pbx-x/protocol";
import { brandId, type LegId, type TelephonyEvent, type TrunkId } from "@pbx-x/telephony";
import { createManualScheduler, type ManualScheduler } from "@pbx-x/telephony/fake";
import { beforeEach, describe, expect, it } from "vitest";
import type { NewEvent } from "../event-log/event-log.ts";
import { AlertDesk } from "./alert-desk.ts";
import { TrunkQuality } from "./trunk-quality.ts";

const trunkId = brandId<TrunkId>("0190c0de-0000-7000-8000-000000000001");
let scheduler: ManualScheduler;
let published: NewEvent[];
let desk: AlertDesk;
let quality: TrunkQuality;

beforeEach(() => {
  scheduler = createManualScheduler();
  published = [];
  let ids = 0;
  desk = new AlertDesk({
    scheduler,
    newId: () => `alert-${++ids}`,
    publish: (events) => void published.push(...events),
    intervalMs: 60_000,
  });
  quality = new TrunkQuality({
    scheduler,
    desk,
    trunkName: () => "Telekom SIP-Trunk",
    limits: { packetLossPercent: 5, jitterMs: 50 },
  });
});

type Quality = Extract<TelephonyEvent, { type: "mediaQuality" }>;
/** Each leg's figures every 5 s, so often. */
function measure(times: number, legs: Readonly<Record<string, Partial<Quality>>>): void {
  for (let round = 0; round < times; round += 1) {
    for (const [leg, figures] of Object.entries(legs)) {
      const legId = brandId<LegId>(leg);
      quality.onTelephony({ type: "mediaQuality", legId, trunkId, lossPercent: 0, jitterMs: 0, ...figures });
    }
    scheduler.advance(5000);
  }
}
const end = (leg: string): void =>
  quality.onTelephony({ type: "legEnded", legId: brandId<LegId>(leg), cause: "normal", by: "remote" });

describe("[V3] [O7] the voice of a trunk", () => {
  it("raises an alert in the specification's words after 10 s, and says when it is over", () => {
    measure(3, { a: { lossPercent: 15.23, jitterMs: 45 } });
    expect(published).toHaveLength(1);
    expect(published[0]).toMatchObject({
      type: "SYSTEM_ALERT",
      data: {
        alertId: "alert-1",
        severity: "warning",
        category: "trunk",
        message: "Trunk 'Telekom SIP-Trunk' is experiencing high packet loss (15.2%)",
        trunkId,
        metrics: { packetLoss: 15.2, jitter: 45 },
      },
    });
    measure(20, { a: { lossPercent: 0.4, jitterMs: 2 } });
    expect(published).toHaveLength(2);
    expect(published[1]?.data).toMatchObject({ alertId: "alert-1", severity: "info", isOver: true, trunkId });
    for (const { data } of published) expect(events.SYSTEM_ALERT.data.safeParse(data).success).toBe(true);
  });

  it("tells jitter and loss apart", () => {
    measure(3, { a: { lossPercent: 8, jitterMs: 80 } });
    expect(published.map(({ data }) => data["message"])).toEqual([
      "Trunk 'Telekom SIP-Trunk' is experiencing high packet loss (8%)",
      "Trunk 'Telekom SIP-Trunk' is experiencing high jitter (80 ms)",
    ]);
  });

  it("takes what the far side reports of our voice", () => {
    measure(3, { a: { remoteLossPercent: 12 } });
    expect(published[0]?.data["metrics"]).toEqual({ packetLoss: 12, jitter: 0 });
  });

  it("is not judged by one bad call among good ones, nor by calls between extensions", () => {
    measure(5, { a: { lossPercent: 12 }, b: {}, c: {} });
    const legId = brandId<LegId>("inside");
    for (let round = 0; round < 5; round += 1) {
      quality.onTelephony({ type: "mediaQuality", legId, lossPercent: 90, jitterMs: 900 });
      scheduler.advance(5000);
    }
    expect(published).toEqual([]);
  });

  it("is over when the calls are, and nothing is left waiting then", () => {
    measure(3, { a: { lossPercent: 15 } });
    end("a");
    scheduler.advance(120_000);
    expect(published.map(({ data }) => data["severity"])).toEqual(["warning", "info"]);
    expect(published[1]?.data["message"]).toContain("no call to measure by");
    expect(scheduler.pending()).toBe(0);
  });

  it("never flaps: at most one of a kind per minute, whatever comes", () => {
    for (let round = 0; round < 60; round += 1) {
      measure(3, { a: { lossPercent: 20 } });
      measure(3, { a: { lossPercent: 0 } });
    }
    const minutes = (60 * 30) / 60;
    expect(published.length).toBeLessThanOrEqual(minutes);
    expect(published.map(({ data }) => data["severity"])).toEqual(
      published.map((_, index) => (index % 2 === 0 ? "warning" : "info")),
    );
  });

  it("leaves no timer when it is stopped", () => {
    measure(1, { a: { lossPercent: 20 } });
    quality.stop();
    desk.stop();
    expect(scheduler.pending()).toBe(0);
  });
});
