import { expect, it } from "vitest";
import type { PlaybackId } from "../ids.ts";
import type { ContractWorld, LegAtPhone } from "./contract-world.ts";

async function twoLegs(world: ContractWorld): Promise<[LegAtPhone, LegAtPhone]> {
  const caller = await world.offered(await world.phone("200"));
  const callee = await world.ringing(await world.phone("201"), { originatorLegId: caller.legId });
  callee.call.answer();
  await world.event("legAnswered", ({ legId }) => legId === callee.legId);
  await world.perform({ op: "answer", legId: caller.legId });
  await world.event("legAnswered", ({ legId }) => legId === caller.legId);
  return [caller, callee];
}

/** Media: who hears whom, tones, hold, digits. */
export function testBridges(world: () => ContractWorld): void {
  it("lets two legs of a bridge hear each other, until one leaves", async () => {
    const [caller, callee] = await twoLegs(world());
    const bridgeId = await world().bridge(caller, callee);
    await world().hearEachOther(caller, callee);
    await world().perform({ op: "leave", bridgeId, legId: callee.legId });
    await world().harness.until(() => !caller.call.hears(callee.call), "caller hears the callee no more");
    await world().harness.until(() => !callee.call.hears(caller.call), "callee hears the caller no more");
    await world().perform({ op: "join", bridgeId, legId: callee.legId, mode: "talk" });
    await world().hearEachOther(caller, callee);
  });

  it("joins legs before they are answered and connects them with the answer", async () => {
    const caller = await world().offered(await world().phone("200"));
    const callee = await world().ringing(await world().phone("201"));
    await world().bridge(caller, callee);
    callee.call.answer();
    await world().perform({ op: "answer", legId: caller.legId });
    await world().hearEachOther(caller, callee);
  });

  it("lets the caller hear the early media of the device", async () => {
    const caller = await world().offered(await world().phone("200"));
    const callee = await world().dialled(await world().phone("201"));
    callee.call.earlyMedia();
    await world().event("legEarlyMedia");
    await world().bridge(callee, caller);
    await world().perform({ op: "progress", legId: caller.legId, stage: "early_media" });
    await world().harness.until(() => caller.call.hears(callee.call), "caller hears early media");
  });

  it("separates the legs when their bridge is destroyed; they stay up", async () => {
    const [caller, callee] = await twoLegs(world());
    const bridgeId = await world().bridge(caller, callee);
    await world().hearEachOther(caller, callee);
    await world().perform({ op: "destroyBridge", bridgeId });
    await world().harness.until(() => !caller.call.hears(callee.call), "caller hears the callee no more");
    expect(await world().attempt({ op: "destroyBridge", bridgeId })).toMatchObject({ error: "unknown_bridge" });
    expect(world().eventsOf("legEnded")).toEqual([]);
    expect(world().engine.usage()).toMatchObject({ legs: 2, bridges: 0 });
  });

  it("moves a leg that joins another bridge", async () => {
    const [caller, callee] = await twoLegs(world());
    await world().bridge(caller, callee);
    await world().hearEachOther(caller, callee);
    await world().bridge(callee);
    await world().harness.until(() => !caller.call.hears(callee.call), "caller hears the callee no more");
  });

  it("mutes a leg for the others", async () => {
    const [caller, callee] = await twoLegs(world());
    await world().bridge(caller, callee);
    await world().hearEachOther(caller, callee);
    await world().perform({ op: "mute", legId: caller.legId, isMuted: true });
    await world().harness.until(() => !callee.call.hears(caller.call), "callee hears the muted caller no more");
    expect(caller.call.hears(callee.call)).toBe(true);
    await world().perform({ op: "mute", legId: caller.legId, isMuted: false });
    await world().hearEachOther(caller, callee);
  });

  it("plays a tone until it is stopped", async () => {
    const caller = await world().answeredFrom(await world().phone("200"));
    const playbackId = world().newId<PlaybackId>();
    const { legId } = caller;
    await world().perform({ op: "play", legId, playbackId, source: { kind: "tone", tone: "ringback" } });
    await world().harness.until(() => caller.call.hearsPlayback(), "the caller hears ringback");
    expect(world().engine.usage().playbacks).toBe(1);
    await world().perform({ op: "stopPlayback", playbackId });
    expect(await world().event("playbackFinished")).toMatchObject({ playbackId, legId, isComplete: false });
    await world().harness.until(() => !caller.call.hearsPlayback(), "ringback is over");
    expect(world().engine.usage().playbacks).toBe(0);
  });

  it("finishes a playback before the end of its leg", async () => {
    const caller = await world().answeredFrom(await world().phone("200"));
    const playbackId = world().newId<PlaybackId>();
    const { legId } = caller;
    await world().perform({ op: "play", legId, playbackId, source: { kind: "tone", tone: "busy" } });
    await world().perform({ op: "hangup", legId, cause: "normal" });
    await world().ended(legId);
    expect(world().typesOfLeg(legId).slice(-2)).toEqual(["playbackFinished", "legEnded"]);
    expect(await world().attempt({ op: "stopPlayback", playbackId })).toMatchObject({ error: "unknown_playback" });
  });

  it("[C20] plays music to who is held, instead of the voice, until it is stopped", async () => {
    const [caller, callee] = await twoLegs(world());
    const bridgeId = await world().bridge(caller, callee);
    await world().hearEachOther(caller, callee);
    const { legId } = callee;
    if (!world().engine.capabilities.holdMusic) {
      expect(await world().attempt({ op: "holdMusic", legId, isOn: true })).toMatchObject({ error: "unsupported" });
      return;
    }
    await world().perform({ op: "leave", bridgeId, legId: caller.legId });
    await world().perform({ op: "holdMusic", legId, isOn: true });
    await world().harness.until(() => callee.call.hearsPlayback(), "the held party hears music");
    expect(caller.call.hearsPlayback()).toBe(false);
    await world().perform({ op: "holdMusic", legId, isOn: false });
    await world().perform({ op: "join", bridgeId, legId: caller.legId, mode: "talk" });
    await world().hearEachOther(caller, callee);
    expect(callee.call.hearsPlayback()).toBe(false);
    expect(world().eventsOf("playbackFinished")).toEqual([]);
  });

  it("[C20] tells of hold and resume by the phone", async () => {
    const [caller, callee] = await twoLegs(world());
    await world().bridge(caller, callee);
    caller.call.hold("sendonly");
    expect(await world().event("legHeld")).toMatchObject({ legId: caller.legId, isMusicPossible: true });
    caller.call.unhold();
    await world().event("legUnheld", ({ legId }) => legId === caller.legId);
    await world().hearEachOther(caller, callee);
    expect(world().eventsOf("legHeld")).toHaveLength(1);
  });

  it("[C20] knows that a phone which holds inactive can hear no music", async () => {
    const [caller] = await twoLegs(world());
    caller.call.hold("inactive");
    expect(await world().event("legHeld")).toMatchObject({ legId: caller.legId, isMusicPossible: false });
  });

  it("[C50] tells of each key press once", async () => {
    const caller = await world().answeredFrom(await world().phone("200"));
    for (const digit of ["5", "#"]) {
      caller.call.press(digit);
      await world().event("dtmfReceived", (event) => event.digit === digit && event.legId === caller.legId);
    }
    expect(
      world()
        .eventsOf("dtmfReceived")
        .map(({ digit }) => digit),
    ).toEqual(["5", "#"]);
  });
}
