import { expect, it } from "vitest";
import type { ContractWorld, LegAtPhone } from "./contract-world.ts";

/** Who a phone's display shows as the other side ([C37]). */
export function testConnectedParty(world: () => ContractWorld): void {
  const parties = ({ call }: LegAtPhone): readonly string[] =>
    call.sees.flatMap((sight) => (sight.kind === "party" ? [sight.number] : []));
  const shows = (leg: LegAtPhone, number: string): Promise<void> =>
    world().harness.until(() => parties(leg).at(-1) === number, `the phone shows ${number}`);

  it("[C37] tells a caller with the answer who has answered", async () => {
    const leg = await world().offered(await world().phone("200"));
    const { legId } = leg;
    await world().perform({ op: "updateParty", legId, party: { number: "202", name: "Tom" } });
    await world().perform({ op: "answer", legId });
    await world().sees(leg.call, "answered");
    await shows(leg, "202");
  });

  it("[C37] tells a phone that allows it of a new party, once, and its voice goes on", async () => {
    const caller = await world().answeredFrom(await world().phone("200", { allowsUpdate: true }));
    const callee = await world().answeredBy(await world().phone("201", { allowsUpdate: true }));
    await world().bridge(caller, callee);
    await world().hearEachOther(caller, callee);
    for (const { legId } of [caller, callee]) {
      await world().perform({ op: "updateParty", legId, party: { number: "202", name: "Tom" } });
      await world().perform({ op: "updateParty", legId, party: { number: "202", name: "Tom" } });
    }
    await shows(caller, "202");
    await shows(callee, "202");
    await world().perform({ op: "updateParty", legId: callee.legId, party: { number: "203" } });
    await shows(callee, "203");
    await world().hearEachOther(caller, callee);
    expect([parties(caller), parties(callee)]).toEqual([["202"], ["202", "203"]]);
    expect(world().eventsOf("legEnded")).toEqual([]);
  });

  it("[C37] leaves a phone alone that does not allow it, and what was dialled for whom already shows", async () => {
    const old = await world().answeredBy(await world().phone("201"));
    const able = await world().answeredBy(await world().phone("202", { allowsUpdate: true }));
    await world().perform({ op: "updateParty", legId: old.legId, party: { number: "203" } });
    await world().perform({ op: "updateParty", legId: able.legId, party: { number: "200", name: "Anna Schmidt" } });
    await world().perform({ op: "updateParty", legId: able.legId, party: { number: "203" } });
    await shows(able, "203");
    expect([parties(old), parties(able)]).toEqual([[], ["203"]]);
  });
}
