import { brandId, type TelephonyEvent, type TrunkConfiguration, type TrunkId } from "@pbx-x/telephony";
import { createFakeEngine, createManualScheduler, type FakeEngine, type ManualScheduler } from "@pbx-x/telephony/fake";
import { beforeEach, describe, expect, it } from "vitest";
import { TrunkTester } from "./trunk-tester.ts";

const trunk: TrunkConfiguration = {
  trunkId: brandId<TrunkId>("t1"),
  name: "Carrier",
  isEnabled: false,
  trunkType: "register",
  host: "sip.carrier.example",
  transport: "udp",
  username: "pbx",
  password: "secret",
  allowedIps: [],
};
let scheduler: ManualScheduler;
let engine: FakeEngine;
let tester: TrunkTester;
let isDeaf = false;

beforeEach(async () => {
  isDeaf = false;
  scheduler = createManualScheduler();
  let ids = 0;
  const newId = (): string => `id-${++ids}`;
  engine = createFakeEngine({ scheduler, newId });
  tester = new TrunkTester({ engine, scheduler, newId });
  engine.subscribe((event: TelephonyEvent) => {
    if (!isDeaf) tester.onTelephony(event);
  });
  await engine.perform({ op: "applyConfiguration", configuration: { realm: "x", extensions: [], trunks: [trunk] } });
  await engine.start();
});

describe("[R7] [O6] trying a trunk out", () => {
  it("tells the steps, and waits for nothing afterwards", async () => {
    engine.setTrunkLine(trunk.trunkId, { password: "another" });
    const test = await tester.test("t1");
    expect(test.ok && test.steps.map(({ step, isOk }) => [step, isOk])).toEqual([
      ["resolve", true],
      ["options", true],
      ["register", false],
    ]);
    expect(scheduler.pending()).toBe(0);
  });

  it("refuses a second try of the same trunk at the same time", async () => {
    const first = tester.test("t1");
    expect(await tester.test("t1")).toEqual({ ok: false, error: "busy" });
    expect((await first).ok).toBe(true);
    expect((await tester.test("t1")).ok).toBe(true);
  });

  it("ends also when the engine says nothing, or cannot", async () => {
    isDeaf = true;
    const silent = tester.test("t1");
    await Promise.resolve();
    scheduler.advance(35_000);
    expect(await silent).toEqual({ ok: false, error: "no_result" });
    expect(await tester.test("unknown")).toEqual({ ok: false, error: "engine_unavailable" });
    expect(scheduler.pending()).toBe(0);
  });
});
