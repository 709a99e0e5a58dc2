import { beforeEach, describe, expect, it } from "vitest";
import type { TelephonyEvent } from "../events.ts";
import { brandId, type BridgeId, type ExtensionId, type LegId, type PlaybackId } from "../ids.ts";
import type { DialOperation } from "../operations.ts";
import { createFakeEngine, type FakeEngine } from "./fake-engine.ts";
import { createManualScheduler, type ManualScheduler } from "./manual-scheduler.ts";

const anna = brandId<ExtensionId>("anna");
const ben = brandId<ExtensionId>("ben");
let scheduler: ManualScheduler;
let fake: FakeEngine;
let events: TelephonyEvent[];

beforeEach(async () => {
  scheduler = createManualScheduler();
  let count = 0;
  fake = createFakeEngine({ scheduler, newId: () => `id-${++count}` });
  events = [];
  fake.subscribe((event) => void events.push(event));
  await fake.start();
});

function dialTo(extensionId: ExtensionId, legId = brandId<LegId>("leg-b")): DialOperation {
  const bindingId = fake.register(extensionId);
  return {
    op: "dial",
    legId,
    target: { kind: "binding", bindingId },
    caller: { number: "200" },
    callee: { number: "201" },
    isAutoAnswer: false,
    timeoutMs: 10_000,
  };
}
const types = () => events.map(({ type }) => type);

describe("fake engine", () => {
  it("carries a call from the offer to exactly one end of each leg", async () => {
    const caller = fake.call(fake.register(anna), "201");
    const dial = dialTo(ben);
    await fake.perform(dial);
    fake.ring(dial.legId);
    await fake.perform({ op: "progress", legId: caller, stage: "ringing" });
    fake.answer(dial.legId);
    const bridgeId = brandId<BridgeId>("bridge");
    await fake.perform({ op: "createBridge", bridgeId });
    await fake.perform({ op: "join", bridgeId, legId: caller, mode: "talk" });
    await fake.perform({ op: "join", bridgeId, legId: dial.legId, mode: "talk" });
    expect(fake.hears(dial.legId, caller)).toBe(false);
    await fake.perform({ op: "answer", legId: caller });
    expect(fake.hears(dial.legId, caller)).toBe(true);
    expect(fake.hears(caller, dial.legId)).toBe(true);
    fake.hangup(caller);
    await fake.perform({ op: "hangup", legId: dial.legId, cause: "normal" });
    expect(types()).toEqual([
      "bindingAdded",
      "legOffered",
      "bindingAdded",
      "legRinging",
      "legAnswered",
      "legAnswered",
      "legEnded",
      "legEnded",
    ]);
    expect(fake.leg(caller)?.sees.map(({ kind }) => kind)).toEqual(["ringing", "answered", "ended"]);
    expect(fake.usage()).toMatchObject({ legs: 0, playbacks: 0 });
  });

  it("tells what an operation causes after perform has returned and before its outcome", async () => {
    const caller = fake.call(fake.register(anna), "201");
    const outcome = fake.perform({ op: "answer", legId: caller });
    expect(types()).not.toContain("legAnswered");
    await outcome;
    expect(types()).toContain("legAnswered");
  });

  it("ends a dialled leg no_answer after it rang and no_response when it never did", async () => {
    const rang = dialTo(ben);
    const silent = { ...rang, legId: brandId<LegId>("leg-c") };
    await fake.perform(rang);
    await fake.perform(silent);
    fake.ring(rang.legId);
    scheduler.advance(9_999);
    expect(types()).not.toContain("legEnded");
    scheduler.advance(1);
    expect(fake.leg(rang.legId)?.end).toEqual({ cause: "no_answer", by: "local" });
    expect(fake.leg(silent.legId)?.end).toEqual({ cause: "no_response", by: "local" });
  });

  it("rings and answers by itself where asked", async () => {
    const own = createFakeEngine({ scheduler, newId: () => "binding", autoAnswer: true });
    await own.start();
    own.subscribe((event) => void events.push(event));
    const bindingId = own.register(ben);
    await own.perform({ ...dialTo(ben), target: { kind: "binding", bindingId } });
    await Promise.resolve();
    expect(own.leg(brandId<LegId>("leg-b"))?.state).toBe("answered");
  });

  it("throws where a phone is asked for what no phone can do", () => {
    expect(() => fake.answer(brandId<LegId>("none"))).toThrow("no leg none");
    const caller = fake.call(fake.register(anna), "201");
    expect(() => fake.answer(caller)).toThrow("offered leg");
  });

  it("ends every leg before engineLost and takes operations again after recovery", async () => {
    const caller = fake.call(fake.register(anna), "201");
    fake.crash();
    expect(events.slice(-2)).toMatchObject([
      { type: "legEnded", legId: caller, cause: "engine_lost" },
      { type: "engineLost" },
    ]);
    expect(await fake.perform(dialTo(ben))).toMatchObject({ ok: false, error: "engine_unavailable" });
    fake.recover();
    expect(await fake.perform(dialTo(ben))).toEqual({ ok: true });
  });

  it("finishes a beep after its time and any other tone only when stopped", async () => {
    const caller = fake.call(fake.register(anna), "201");
    await fake.perform({ op: "answer", legId: caller });
    const beep = brandId<PlaybackId>("beep");
    await fake.perform({ op: "play", legId: caller, playbackId: beep, source: { kind: "tone", tone: "beep" } });
    scheduler.advance(200);
    expect(events.at(-1)).toEqual({ type: "playbackFinished", playbackId: beep, legId: caller, isComplete: true });
    const ringback = brandId<PlaybackId>("ringback");
    await fake.perform({ op: "play", legId: caller, playbackId: ringback, source: { kind: "tone", tone: "ringback" } });
    scheduler.advance(60_000);
    expect(fake.hearsPlayback(caller)).toEqual({ kind: "tone", tone: "ringback" });
    fake.hangup(caller);
    expect(events.slice(-2)).toMatchObject([
      { type: "playbackFinished", playbackId: ringback, isComplete: false },
      { type: "legEnded", legId: caller },
    ]);
  });
});
