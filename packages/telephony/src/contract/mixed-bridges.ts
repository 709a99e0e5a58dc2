import { expect, it } from "vitest";
import type { BridgeId, RecordingId } from "../ids.ts";
import type { Operation } from "../operations.ts";
import type { ContractWorld, LegAtPhone } from "./contract-world.ts";

type Join = Omit<Extract<Operation, { op: "join" }>, "op" | "bridgeId" | "legId">;

interface Party {
  readonly anna: LegAtPhone;
  readonly lisa: LegAtPhone;
  readonly tom: LegAtPhone;
}

async function three(world: ContractWorld): Promise<Party> {
  const anna = await world.answeredFrom(await world.phone("200"));
  const lisa = await world.answeredBy(await world.phone("201"));
  const tom = await world.answeredBy(await world.phone("202"));
  return { anna, lisa, tom };
}

/** Bridges of more than two, and those where somebody listens or whispers: who hears whom, measured at the phones ([V2]). */
export function testMixedBridges(world: () => ContractWorld): void {
  const hears = (who: LegAtPhone, whom: LegAtPhone, what: string): Promise<void> =>
    world().harness.until(() => who.call.hears(whom.call), `${what} is heard`);
  const join = (bridgeId: BridgeId, { legId }: LegAtPhone, mode: Join): Promise<void> =>
    world().perform({ op: "join", bridgeId, legId, ...mode });
  const all = ({ anna, lisa, tom }: Party): readonly LegAtPhone[] => [anna, lisa, tom];
  /** Whom each one hears now, by their places. */
  const heard = (party: Party): readonly string[] =>
    all(party).map(({ call }) =>
      all(party)
        .flatMap((other, at) => (call.hears(other.call) ? [at] : []))
        .join(" "),
    );
  const comesTo = (party: Party, wanted: readonly string[], what: string): Promise<void> =>
    world().harness.until(() => heard(party).join("/") === wanted.join("/"), `${what}: ${wanted.join("/")}`);
  const hasConferences = (): boolean => world().engine.capabilities.conferencing;
  const hasSupervision = (): boolean => world().engine.capabilities.supervision;

  it("[V2] lets each of three hear the two others and not itself, and two again when one leaves", async () => {
    const party = await three(world());
    const bridgeId = await world().bridge(party.anna, party.lisa);
    await world().hearEachOther(party.anna, party.lisa);
    const third: Operation = { op: "join", bridgeId, legId: party.tom.legId, mode: "talk" };
    if (!hasConferences()) {
      expect(await world().attempt(third)).toMatchObject({ error: "unsupported" });
      return;
    }
    await world().perform(third);
    await comesTo(party, ["1 2", "0 2", "0 1"], "three talk");
    await world().perform({ op: "mute", legId: party.lisa.legId, isMuted: true });
    await comesTo(party, ["2", "0 2", "0"], "one is muted");
    await world().perform({ op: "mute", legId: party.lisa.legId, isMuted: false });
    await world().perform({ op: "leave", bridgeId, legId: party.anna.legId });
    await comesTo(party, ["", "2", "1"], "one has left");
    party.tom.call.hangup();
    await world().ended(party.tom.legId);
    expect(world().engine.usage()).toMatchObject({ legs: 2, bridges: 1 });
  });

  it("[V2] tells who begins to talk and who falls silent, in a bridge that is mixed", async () => {
    const party = await three(world());
    if (!hasConferences()) return;
    for (const { call } of all(party)) call.speak(false);
    await world().bridge(...all(party));
    party.lisa.call.speak(true);
    expect(await world().event("talkingChanged")).toEqual({
      type: "talkingChanged",
      legId: party.lisa.legId,
      isTalking: true,
    });
    await hears(party.anna, party.lisa, "whoever talks");
    party.lisa.call.speak(false);
    await world().event("talkingChanged", ({ isTalking }) => !isTalking);
    expect(world().eventsOf("talkingChanged")).toHaveLength(2);
  });

  it("[V23] tells who talks of two, too, where the bridge was made to be mixed", async () => {
    const { anna, lisa } = await three(world());
    if (!hasConferences()) return;
    const bridgeId = world().newId<BridgeId>();
    for (const { call } of [anna, lisa]) call.speak(false);
    await world().perform({ op: "createBridge", bridgeId, isMixed: true });
    for (const { legId } of [anna, lisa]) await world().perform({ op: "join", bridgeId, legId, mode: "talk" });
    anna.call.speak(true);
    expect(await world().event("talkingChanged")).toMatchObject({ legId: anna.legId, isTalking: true });
    await hears(lisa, anna, "the one who talks");
    await world().perform({ op: "destroyBridge", bridgeId });
  });

  it("lets a listener hear both, and nobody hear the listener", async () => {
    const party = await three(world());
    if (!hasSupervision()) return;
    const bridgeId = await world().bridge(party.anna, party.lisa);
    await join(bridgeId, party.tom, { mode: "listen" });
    await comesTo(party, ["1", "0", "0 1"], "one listens");
    await world().perform({ op: "leave", bridgeId, legId: party.tom.legId });
    await comesTo(party, ["1", "0", ""], "nobody listens");
  });

  it("lets a whisper be heard by one alone, and changes modes in the course of the call", async () => {
    const party = await three(world());
    if (!hasSupervision()) return;
    const { anna, lisa, tom } = party;
    const bridgeId = await world().bridge(anna, lisa);
    await join(bridgeId, tom, { mode: "whisper", whisperTo: lisa.legId });
    await comesTo(party, ["1", "0 2", "0 1"], "whispers to one");
    await join(bridgeId, tom, { mode: "whisper", whisperTo: anna.legId });
    await comesTo(party, ["1 2", "0", "0 1"], "whispers to the other");
    await join(bridgeId, tom, { mode: "listen" });
    await comesTo(party, ["1", "0", "0 1"], "listens");
    if (!hasConferences()) return;
    await join(bridgeId, tom, { mode: "talk" });
    await comesTo(party, ["1 2", "0 2", "0 1"], "talks");
    await world().perform({ op: "hangup", legId: lisa.legId, cause: "normal" });
    await world().ended(lisa.legId);
    await comesTo(party, ["2", "", "0"], "the other two talk");
  });

  it("answers a whisper to nobody of the bridge with unknown_leg", async () => {
    const { anna, lisa, tom } = await three(world());
    if (!hasSupervision()) return;
    const bridgeId = await world().bridge(anna);
    const whisper = { op: "join", bridgeId, mode: "whisper" } as const;
    for (const refused of [
      { ...whisper, legId: tom.legId },
      { ...whisper, legId: tom.legId, whisperTo: lisa.legId },
      { ...whisper, legId: anna.legId, whisperTo: anna.legId },
    ]) {
      expect(await world().attempt(refused)).toMatchObject({ ok: false, error: "unknown_leg" });
    }
  });

  it("[C51] records all who talk in a bridge of three, and not who listens", async () => {
    const { anna, lisa, tom } = await three(world());
    if (!hasSupervision() || !world().engine.capabilities.recording) return;
    const bridgeId = await world().bridge(anna, lisa);
    await join(bridgeId, tom, { mode: "whisper", whisperTo: lisa.legId });
    await hears(lisa, tom, "the whisper");
    const [recordingId, path] = [world().newId<RecordingId>(), world().harness.newFile()];
    await world().perform({ op: "record", recordingId, bridgeId, leftLegId: anna.legId, path });
    await world().harness.talk(800);
    await world().perform({ op: "stopRecording", recordingId });
    await world().event("recordingFinished");
    const recorded = await world().harness.recorded(path);
    expect(recorded.has("left", anna.call)).toBe(true);
    expect(recorded.has("right", lisa.call)).toBe(true);
    expect(recorded.has("right", tom.call)).toBe(false);
  });
}
