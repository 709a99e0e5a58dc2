import { expect, it } from "vitest";
import type { LegEndCause } from "../leg-end.ts";
import type { ContractWorld } from "./contract-world.ts";

const refusals: readonly (readonly [number, LegEndCause])[] = [
  [486, "busy"],
  [600, "busy"],
  [480, "no_answer"],
  [603, "rejected"],
  [403, "rejected"],
  [404, "not_found"],
  [410, "not_found"],
  [484, "not_found"],
  [604, "not_found"],
  [415, "media"],
  [488, "media"],
  [606, "media"],
  [500, "failed"],
  [503, "failed"],
];

/** A call to a device: ringing, early media, answer, refusal, time-out, cancelling. */
export function testDialledLegs(world: () => ContractWorld): void {
  it("tells ringing once, the answer and the end", async () => {
    const { legId, call } = await world().dialled(await world().phone("201"));
    expect(world().typesOfLeg(legId)).toEqual([]);
    call.ring();
    await world().event("legRinging", (event) => event.legId === legId);
    call.ring();
    call.answer();
    await world().event("legAnswered", (event) => event.legId === legId);
    call.hangup();
    expect(await world().ended(legId)).toMatchObject({ cause: "normal", by: "remote" });
    expect(world().typesOfLeg(legId)).toEqual(["legRinging", "legAnswered", "legEnded"]);
  });

  it("tells of an answer without ringing", async () => {
    const { legId, call } = await world().dialled(await world().phone("201"));
    call.answer();
    await world().event("legAnswered", (event) => event.legId === legId);
    expect(world().typesOfLeg(legId)).toEqual(["legAnswered"]);
  });

  it("tells of early media", async () => {
    const { legId, call } = await world().dialled(await world().phone("201"));
    call.earlyMedia();
    await world().event("legEarlyMedia", (event) => event.legId === legId);
    call.answer();
    await world().event("legAnswered", (event) => event.legId === legId);
  });

  it.each(refusals)("[C13] ends with a refusal of %i as %s", async (sipCode, cause) => {
    const { legId, call } = await world().ringing(await world().phone("201"));
    call.reject(sipCode);
    expect(await world().ended(legId)).toMatchObject({ cause, by: "remote", sipCode });
  });

  it("[E5] tells where a device sends the call on to", async () => {
    const { legId, call } = await world().ringing(await world().phone("201"));
    call.redirect("202");
    expect(await world().ended(legId)).toMatchObject({ by: "remote", sipCode: 302, redirectTo: "202" });
  });

  it("[C13] ends no_answer when it rang until the time-out", async () => {
    const { legId, call } = await world().ringing(await world().phone("201"), { timeoutMs: 15_000 });
    world().harness.advance(14_000);
    expect(world().eventsOf("legEnded")).toEqual([]);
    world().harness.advance(1_000);
    expect(await world().ended(legId)).toMatchObject({ cause: "no_answer", by: "local" });
    expect(await world().sees(call, "ended")).toMatchObject({ isAnsweredElsewhere: false });
  });

  it("[C13] ends no_response when the device never rang", async () => {
    const { legId } = await world().dialled(await world().phone("201"), { timeoutMs: 15_000 });
    world().harness.advance(15_000);
    expect(await world().ended(legId)).toMatchObject({ cause: "no_response", by: "local" });
  });

  it("[C12] cancels the losers, who need not log a missed call", async () => {
    const winner = await world().ringing(await world().phone("201"));
    const loser = await world().ringing(await world().phone("202"));
    winner.call.answer();
    await world().event("legAnswered", (event) => event.legId === winner.legId);
    await world().perform({ op: "hangup", legId: loser.legId, cause: "answered_elsewhere" });
    expect(await world().sees(loser.call, "ended")).toEqual({ kind: "ended", sipCode: 487, isAnsweredElsewhere: true });
    expect(await world().ended(loser.legId)).toMatchObject({ cause: "answered_elsewhere", by: "local" });
  });

  it("[C13] cancels a dialled leg", async () => {
    const { legId, call } = await world().ringing(await world().phone("201"));
    await world().perform({ op: "hangup", legId, cause: "cancelled" });
    expect(await world().sees(call, "ended")).toEqual({ kind: "ended", sipCode: 487, isAnsweredElsewhere: false });
    expect(await world().ended(legId)).toMatchObject({ cause: "cancelled", by: "local" });
  });

  it("cancels a leg that was dialled a moment ago", async () => {
    const dial = world().dialOf(await world().phone("201"));
    const outcomes = await Promise.all([
      world().attempt(dial),
      world().attempt({ op: "hangup", legId: dial.legId, cause: "cancelled" }),
    ]);
    expect(outcomes).toEqual([{ ok: true }, { ok: true }]);
    expect(await world().ended(dial.legId)).toMatchObject({ cause: "cancelled", by: "local" });
  });

  it("does nothing when the same leg is dialled again, even after its end", async () => {
    const lisa = await world().phone("201");
    const dial = world().dialOf(lisa);
    await world().perform(dial);
    await world().perform(dial);
    await world().harness.until(() => lisa.phone.incoming.length > 0, "call at 201");
    lisa.phone.incoming[0]?.reject(486);
    await world().ended(dial.legId);
    await world().perform(dial);
    world().harness.advance(25_000);
    expect(lisa.phone.incoming).toHaveLength(1);
    await world().ended(dial.legId);
  });

  it("[W41] lets a device answer by itself that is asked to", async () => {
    const lisa = await world().phone("201", { answersAutomatically: true });
    const dial = world().dialOf(lisa, { isAutoAnswer: true });
    await world().perform(dial);
    await world().event("legAnswered", (event) => event.legId === dial.legId);
  });
}
