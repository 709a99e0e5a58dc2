import { describe, expect, it } from "vitest";
import type { TrunkConfiguration } from "../configuration.ts";
import type { TelephonyEvent } from "../events.ts";
import type { LegId, TrunkId } from "../ids.ts";
import type { LegEndCause } from "../leg-end.ts";
import type { DialOperation } from "../operations.ts";
import type { ContractWorld, LegAtPhone } from "./contract-world.ts";
import type { ContractCarrier, ContractCarrierCall } from "./harness.ts";

const refusals: readonly (readonly [number, LegEndCause])[] = [
  [486, "busy"],
  [480, "no_answer"],
  [603, "rejected"],
  [404, "not_found"],
  [503, "failed"],
];

/** Between two OPTIONS of an engine ([V4]). */
const probeMs = 30_000;

interface Line {
  readonly carrier: ContractCarrier;
  readonly trunk: TrunkConfiguration;
}

interface CallAtCarrier extends LegAtPhone {
  readonly call: ContractCarrierCall;
}

/** Trunks: registered or not, watched, called over in both directions. */
export function testTrunks(world: () => ContractWorld): void {
  const apply = (...trunks: readonly TrunkConfiguration[]): Promise<void> =>
    world().perform({ op: "applyConfiguration", configuration: { ...world().harness.configuration, trunks } });

  async function open(changes: Partial<TrunkConfiguration> = {}): Promise<Line> {
    const carrier = await world().harness.openCarrier();
    const trunk: TrunkConfiguration = { ...carrier.trunk, trunkId: world().newId<TrunkId>(), ...changes };
    await apply(trunk);
    return { carrier, trunk };
  }

  const status = (wanted: Partial<Extract<TelephonyEvent, { type: "trunkStatusChanged" }>>) =>
    world().event("trunkStatusChanged", (event) =>
      Object.entries(wanted).every(([name, value]) =>
        Object.entries(event).some(([n, v]) => n === name && v === value),
      ),
    );

  async function active(changes: Partial<TrunkConfiguration> = {}): Promise<Line> {
    const line = await open(changes);
    await status({ trunkId: line.trunk.trunkId, status: "active" });
    return line;
  }

  const dialOf = ({ trunk }: Line, changes: Partial<DialOperation> = {}): DialOperation => ({
    op: "dial",
    legId: world().newId<LegId>(),
    target: { kind: "trunk", trunkId: trunk.trunkId, number: "0301234567" },
    caller: { number: "+493012300", name: "Anna Schmidt" },
    callee: { number: "0301234567" },
    isAutoAnswer: false,
    timeoutMs: 20_000,
    ...changes,
  });

  async function dialled(line: Line, changes: Partial<DialOperation> = {}): Promise<CallAtCarrier> {
    const dial = dialOf(line, changes);
    const before = line.carrier.incoming.length;
    await world().perform(dial);
    await world().harness.until(() => line.carrier.incoming.length > before, "call at the carrier");
    const call = line.carrier.incoming[before];
    if (call === undefined) throw new Error("the call at the carrier was lost");
    return { legId: dial.legId, call };
  }

  async function offered(
    { carrier }: Line,
    ...call: Parameters<ContractCarrier["call"]>
  ): Promise<LegAtPhone & { readonly event: Extract<TelephonyEvent, { type: "legOffered" }> }> {
    const before = world().eventsOf("legOffered").length;
    const made = carrier.call(...call);
    await world().harness.until(() => world().eventsOf("legOffered").length > before, "event legOffered");
    const event = world().eventsOf("legOffered").at(-1);
    if (event === undefined) throw new Error("the offered leg was lost");
    return { legId: event.legId, call: made, event };
  }

  describe("status", () => {
    it("[V4] registers with digest and tells that the trunk is active", async () => {
      const { carrier, trunk } = await open({ trunkType: "register" });
      const told = await status({ trunkId: trunk.trunkId });
      expect(told).toMatchObject({ status: "active", reason: "recovered" });
      expect(carrier.isRegistered).toBe(true);
    });

    it("[V4] tells a wrong password, and that a right one is taken", async () => {
      const { carrier, trunk } = await open({ trunkType: "register", password: "wrong" });
      expect(await status({ trunkId: trunk.trunkId })).toMatchObject({ status: "inactive", reason: "auth_failed" });
      expect(carrier.isRegistered).toBe(false);
      await apply({ ...trunk, password: carrier.trunk.password ?? "" });
      await status({ status: "active", reason: "recovered" });
      expect(carrier.isRegistered).toBe(true);
    });

    it.each(["ip_auth", "static"] as const)(
      "[V4] tells that a trunk of type %s answers, without a registration",
      async (trunkType) => {
        const { carrier, trunk } = await open({ trunkType });
        expect(await status({ trunkId: trunk.trunkId })).toMatchObject({ status: "active", reason: "recovered" });
        expect(carrier.isRegistered).toBe(false);
      },
    );

    it("[V4] finds a far side unreachable after three misses, and back again", async () => {
      const { carrier, trunk } = await active({ trunkType: "register" });
      carrier.setAnswering(false);
      for (let round = 0; round < 4; round += 1) {
        world().harness.advance(probeMs);
        await world().harness.settle();
      }
      await status({ trunkId: trunk.trunkId, status: "inactive", reason: "unreachable" });
      const before = world().eventsOf("trunkStatusChanged").length;
      carrier.setAnswering(true);
      world().harness.advance(probeMs);
      await world().harness.until(() => world().eventsOf("trunkStatusChanged").length > before, "recovery");
      expect(world().eventsOf("trunkStatusChanged").at(-1)).toMatchObject({ status: "active", reason: "recovered" });
      await world().harness.until(() => carrier.isRegistered, "registration after the recovery");
    });

    it("[V4] takes its registration back when it is disabled, and says so", async () => {
      const line = await active({ trunkType: "register" });
      await apply({ ...line.trunk, isEnabled: false });
      expect(await status({ reason: "disabled" })).toMatchObject({ trunkId: line.trunk.trunkId, status: "inactive" });
      await world().harness.until(() => !line.carrier.isRegistered, "end of the registration");
      expect(await world().attempt(dialOf(line))).toMatchObject({ ok: false, error: "invalid_state" });
    });

    it("says nothing of a trunk that is disabled from the beginning, or of one that is the same again", async () => {
      await open({ isEnabled: false });
      const { trunk } = await active();
      await apply(trunk);
      await apply({ ...trunk, name: "Another name" });
      await world().harness.settle();
      expect(world().eventsOf("trunkStatusChanged")).toHaveLength(1);
    });
  });

  describe("test", () => {
    it("tells step by step that a trunk works, enabled or not, and registers no disabled one", async () => {
      const { carrier, trunk } = await open({ trunkType: "register", isEnabled: false });
      await world().perform({ op: "testTrunk", trunkId: trunk.trunkId, testId: "first" });
      const { steps } = await world().event("trunkTested", ({ testId }) => testId === "first");
      expect(steps.map(({ step, isOk }) => [step, isOk])).toEqual([
        ["resolve", true],
        ["options", true],
        ["register", true],
      ]);
      expect(carrier.isRegistered).toBe(false);
      await apply({ ...trunk, isEnabled: true });
      await status({ status: "active" });
      await world().perform({ op: "testTrunk", trunkId: trunk.trunkId, testId: "second" });
      await world().event("trunkTested", ({ testId }) => testId === "second");
      expect(carrier.isRegistered).toBe(true);
    });

    it("tells a wrong password, and a far side that does not answer", async () => {
      const wrong = await open({ trunkType: "register", isEnabled: false, password: "wrong" });
      await world().perform({ op: "testTrunk", trunkId: wrong.trunk.trunkId, testId: "wrong" });
      const first = await world().event("trunkTested", ({ testId }) => testId === "wrong");
      expect(first.steps.at(-1)).toMatchObject({ step: "register", isOk: false });
      wrong.carrier.setAnswering(false);
      await world().perform({ op: "testTrunk", trunkId: wrong.trunk.trunkId, testId: "silent" });
      await world().harness.settle();
      world().harness.advance(30_000);
      const second = await world().event("trunkTested", ({ testId }) => testId === "silent");
      expect(second.steps.map(({ step, isOk }) => [step, isOk])).toEqual([
        ["resolve", true],
        ["options", false],
      ]);
    });

    it("knows no trunk that is not configured", async () => {
      const operation = { op: "testTrunk", trunkId: world().newId<TrunkId>(), testId: "none" } as const;
      expect(await world().attempt(operation)).toMatchObject({ ok: false, error: "unknown_trunk" });
    });
  });

  describe("calls from outside", () => {
    it("[C11] offers a leg with the trunk as origin, the number as dialled and who calls", async () => {
      const line = await active();
      const { event } = await offered(line, "+4930555200", { number: "+4940777", name: "Max Mustermann" });
      expect(event).toMatchObject({
        origin: { kind: "trunk", trunkId: line.trunk.trunkId },
        caller: { number: "+4940777", name: "Max Mustermann" },
        dialled: "+4930555200",
      });
    });

    it("[C11] does not tell who wants to stay unknown", async () => {
      const { event } = await offered(await active(), "+4930555200", {
        number: "+4940777",
        name: "Max",
        isPrivate: true,
      });
      expect(event.caller).toEqual({ number: "anonymous", isPrivate: true });
    });

    it("answers, and both hear each other", async () => {
      const line = await active({ trunkType: "register" });
      const outside = await offered(line, "+4930555200", { number: "+4940777" });
      await world().perform({ op: "progress", legId: outside.legId, stage: "ringing" });
      await world().sees(outside.call, "ringing");
      const inside = await world().answeredBy(await world().phone("201"));
      await world().perform({ op: "answer", legId: outside.legId });
      await world().event("legAnswered", ({ legId }) => legId === outside.legId);
      await world().bridge(outside, inside);
      await world().hearEachOther(outside, inside);
      outside.call.hangup();
      expect(await world().ended(outside.legId)).toMatchObject({ cause: "normal", by: "remote" });
    });

    it("[C13] ends cancelled when the caller gives up", async () => {
      const { legId, call } = await offered(await active(), "+4930555200", { number: "+4940777" });
      call.hangup();
      expect(await world().ended(legId)).toMatchObject({ cause: "cancelled", by: "remote" });
    });

    it("takes no call of a far side that is no trunk, or not any more", async () => {
      const { carrier, trunk } = await active();
      await apply({ ...trunk, isEnabled: false });
      carrier.call("+4930555200", { number: "+4940777" });
      await world().harness.settle();
      expect(world().eventsOf("legOffered")).toEqual([]);
    });
  });

  describe("calls to outside", () => {
    it("dials the number, shows who calls, tells ringing, answer and end", async () => {
      const line = await active({ trunkType: "register" });
      const { legId, call } = await dialled(line);
      expect(call).toMatchObject({ dialled: "0301234567", caller: { number: "+493012300", name: "Anna Schmidt" } });
      call.ring();
      await world().event("legRinging", (event) => event.legId === legId);
      call.answer();
      await world().event("legAnswered", (event) => event.legId === legId);
      call.hangup();
      expect(await world().ended(legId)).toMatchObject({ cause: "normal", by: "remote" });
      expect(world().typesOfLeg(legId)).toEqual(["legRinging", "legAnswered", "legEnded"]);
    });

    it("[O3] tells the network, not the called party, who calls where that is private", async () => {
      const { call } = await dialled(await active(), { caller: { number: "+493012300", isPrivate: true } });
      expect(call.caller).toEqual({ number: "+493012300", isPrivate: true });
    });

    it.each(["register", "ip_auth", "static"] as const)(
      "[O3] proves itself where a trunk of type %s is asked to",
      async (trunkType) => {
        const line = await active({ trunkType });
        line.carrier.setChallenging(true);
        const { legId, call } = await dialled(line);
        call.answer();
        await world().event("legAnswered", (event) => event.legId === legId);
        await world().perform({ op: "hangup", legId, cause: "normal" });
        await world().sees(call, "ended");
      },
    );

    it("lets both hear each other, also before the answer", async () => {
      const line = await active();
      const inside = await world().answeredFrom(await world().phone("200"), "0301234567");
      const outside = await dialled(line, { originatorLegId: inside.legId });
      outside.call.earlyMedia();
      await world().event("legEarlyMedia", (event) => event.legId === outside.legId);
      await world().bridge(inside, outside);
      await world().harness.until(() => inside.call.hears(outside.call), "early media");
      outside.call.answer();
      await world().event("legAnswered", (event) => event.legId === outside.legId);
      await world().hearEachOther(inside, outside);
    });

    it.each(refusals)("[C13] ends with a refusal of %i as %s", async (sipCode, cause) => {
      const { legId, call } = await dialled(await active());
      call.reject(sipCode);
      expect(await world().ended(legId)).toMatchObject({ cause, by: "remote", sipCode });
    });

    it("[C13] ends no_answer when it rang until the time-out, and the far side rings no more", async () => {
      const { legId, call } = await dialled(await active(), { timeoutMs: 15_000 });
      call.ring();
      await world().event("legRinging", (event) => event.legId === legId);
      world().harness.advance(15_000);
      expect(await world().ended(legId)).toMatchObject({ cause: "no_answer", by: "local" });
      await world().sees(call, "ended");
    });

    it("[C16] ends no_response soon when the far side says nothing, so that another trunk can be tried", async () => {
      const line = await active();
      line.carrier.setAnswering(false);
      const dial = dialOf(line, { timeoutMs: 60_000 });
      await world().perform(dial);
      await world().harness.settle();
      world().harness.advance(5_000);
      expect(await world().ended(dial.legId)).toMatchObject({ cause: "no_response", by: "local" });
    });

    it("[C13] cancels a call that rings", async () => {
      const { legId, call } = await dialled(await active());
      call.ring();
      await world().event("legRinging", (event) => event.legId === legId);
      await world().perform({ op: "hangup", legId, cause: "cancelled" });
      expect(await world().ended(legId)).toMatchObject({ cause: "cancelled", by: "local" });
      await world().sees(call, "ended");
    });

    it("goes on with calls in progress when the trunk is disabled", async () => {
      const line = await active();
      const { legId, call } = await dialled(line);
      call.answer();
      await world().event("legAnswered", (event) => event.legId === legId);
      await apply({ ...line.trunk, isEnabled: false });
      expect(world().typesOfLeg(legId)).toEqual(["legAnswered"]);
      call.hangup();
      await world().ended(legId);
    });

    it("knows no trunk that is not configured", async () => {
      const { carrier } = await active();
      const trunk = { ...carrier.trunk, trunkId: world().newId<TrunkId>() };
      expect(await world().attempt(dialOf({ carrier, trunk }))).toMatchObject({ ok: false, error: "unknown_trunk" });
    });
  });
}
