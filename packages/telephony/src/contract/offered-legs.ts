import { expect, it } from "vitest";
import type { LegEndCause } from "../leg-end.ts";
import type { ContractWorld } from "./contract-world.ts";

const refusals: readonly (readonly [LegEndCause, number])[] = [
  ["busy", 486],
  ["no_answer", 480],
  ["unavailable", 480],
  ["rejected", 603],
  ["not_allowed", 403],
  ["not_found", 404],
  ["media", 488],
  ["failed", 500],
];

/** A call made by a phone: offered, shown progress, answered, refused, given up. */
export function testOfferedLegs(world: () => ContractWorld): void {
  it("offers a leg with the device's extension as origin and the number as dialled", async () => {
    const anna = await world().phone("200");
    const { legId } = await world().offered(anna, "4711");
    expect(await world().event("legOffered")).toMatchObject({
      legId,
      origin: { kind: "extension", extensionId: anna.binding.extensionId, bindingId: anna.binding.bindingId },
      caller: { number: "200" },
      dialled: "4711",
    });
  });

  it("shows the caller ringing, then the answer, and tells that it is confirmed", async () => {
    const { legId, call } = await world().offered(await world().phone("200"));
    await world().perform({ op: "progress", legId, stage: "ringing" });
    await world().sees(call, "ringing");
    expect(world().typesOfLeg(legId)).toEqual(["legOffered"]);
    await world().perform({ op: "answer", legId });
    await world().sees(call, "answered");
    await world().event("legAnswered", (event) => event.legId === legId);
    expect(call.sees.map(({ kind }) => kind)).toEqual(["ringing", "answered"]);
  });

  it("opens the media before the answer", async () => {
    const { legId, call } = await world().offered(await world().phone("200"));
    await world().perform({ op: "progress", legId, stage: "early_media" });
    await world().sees(call, "early_media");
    expect(world().typesOfLeg(legId)).toEqual(["legOffered"]);
  });

  it.each(refusals)("[C13] refuses with %s as %i", async (cause, sipCode) => {
    const { legId, call } = await world().offered(await world().phone("200"));
    await world().perform({ op: "hangup", legId, cause });
    expect(await world().sees(call, "ended")).toEqual({ kind: "ended", sipCode, isAnsweredElsewhere: false });
    expect(await world().ended(legId)).toMatchObject({ cause, by: "local" });
  });

  it("[C13] ends cancelled when the caller gives up before the answer", async () => {
    const { legId, call } = await world().offered(await world().phone("200"));
    await world().perform({ op: "progress", legId, stage: "ringing" });
    await world().sees(call, "ringing");
    call.hangup();
    expect(await world().ended(legId)).toMatchObject({ cause: "cancelled", by: "remote" });
  });

  it("[C13] ends normal when the phone hangs up an answered leg", async () => {
    const { legId, call } = await world().answeredFrom(await world().phone("200"));
    call.hangup();
    expect(await world().ended(legId)).toMatchObject({ cause: "normal", by: "remote" });
    expect(world().typesOfLeg(legId)).toEqual(["legOffered", "legAnswered", "legEnded"]);
  });

  it("[C13] hangs up an answered leg", async () => {
    const { legId, call } = await world().answeredFrom(await world().phone("200"));
    await world().perform({ op: "hangup", legId, cause: "normal" });
    expect(await world().sees(call, "ended")).toEqual({ kind: "ended", isAnsweredElsewhere: false });
    expect(await world().ended(legId)).toMatchObject({ cause: "normal", by: "local" });
  });

  it("keeps two calls of the same device apart", async () => {
    const anna = await world().phone("200");
    const first = await world().answeredFrom(anna, "201");
    const second = await world().offered(anna, "202");
    expect(second.legId).not.toBe(first.legId);
    await world().perform({ op: "hangup", legId: second.legId, cause: "busy" });
    await world().ended(second.legId);
    expect(world().typesOfLeg(first.legId)).toEqual(["legOffered", "legAnswered"]);
  });
}
