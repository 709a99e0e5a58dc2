import { expect, it } from "vitest";
import type { LegId } from "../ids.ts";
import type { ContractWorld } from "./contract-world.ts";

/** What the PBX asks a device to do itself: pick up, hold, resume. */
export function testRemoteControl(world: () => ContractWorld): void {
  it("[W42] makes a ringing device answer that lets itself be told", async () => {
    const { legId } = await world().ringing(await world().phone("201", { allowsRemoteTalk: true }));
    const ringing = await world().event("legRinging", (event) => event.legId === legId);
    expect(ringing.allowsRemoteAnswer).toBe(true);
    await world().perform({ op: "remoteAnswer", legId });
    await world().event("legAnswered", (event) => event.legId === legId);
    expect(world().typesOfLeg(legId)).toEqual(["legRinging", "legAnswered"]);
  });

  it("[W42] makes a device answer that only knows calls to be answered automatically, with nothing seen of it", async () => {
    const lisa = await world().phone("201", { answersAutomatically: true });
    const { legId } = await world().ringing(lisa);
    await world().perform({ op: "remoteAnswer", legId });
    await world().event("legAnswered", (event) => event.legId === legId);
    expect(world().typesOfLeg(legId)).toEqual(["legRinging", "legAnswered"]);
    lisa.phone.incoming.at(-1)?.hangup();
    expect(await world().ended(legId)).toMatchObject({ cause: "normal", by: "remote" });
  });

  it("[W42] refuses to answer what does not ring", async () => {
    const { legId } = await world().answeredBy(await world().phone("201", { allowsRemoteTalk: true }));
    expect(await world().attempt({ op: "remoteAnswer", legId })).toMatchObject({ ok: false, error: "invalid_state" });
    const unknown = world().newId<LegId>();
    expect(await world().attempt({ op: "remoteAnswer", legId: unknown })).toMatchObject({ error: "unknown_leg" });
  });

  it("[C21] makes a device hold and resume", async () => {
    const lisa = await world().phone("201", { allowsRemoteTalk: true, allowsRemoteHold: true });
    const { legId } = await world().answeredBy(lisa);
    await world().perform({ op: "remoteHold", legId });
    await world().event("legHeld", (event) => event.legId === legId);
    await world().perform({ op: "remoteTalk", legId });
    await world().event("legUnheld", (event) => event.legId === legId);
  });

  it("[C21] says so when a device does not let itself be told", async () => {
    const { legId } = await world().answeredBy(await world().phone("201"));
    expect(await world().attempt({ op: "remoteHold", legId })).toMatchObject({ ok: false, error: "device_cannot" });
    expect(await world().attempt({ op: "remoteTalk", legId })).toMatchObject({ ok: false, error: "device_cannot" });
    expect(world().typesOfLeg(legId)).toEqual(["legRinging", "legAnswered"]);
  });
}
