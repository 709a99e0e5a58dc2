import { expect, it } from "vitest";
import type { EngineUsage } from "../engine.ts";
import type { ContractWorld } from "./contract-world.ts";

const nothing: EngineUsage = {
  legs: 0,
  bridges: 0,
  playbacks: 0,
  recordings: 0,
  mediaPorts: 0,
  transactions: 0,
  bindings: 0,
  subscriptions: 0,
};
/** Longer than any transaction lingers (RFC 3261 timers D, H, J and 64·T1 of UDP). */
const lingerMs = 40_000;

/** From start to stop: nothing left behind. */
export function testLife(world: () => ContractWorld): void {
  it("uses nothing any more when every call is over and every phone gone", async () => {
    const anna = await world().phone("200");
    const lisa = await world().phone("201");
    const caller = await world().answeredFrom(anna);
    const callee = await world().answeredBy(lisa);
    const bridgeId = await world().bridge(caller, callee);
    expect(world().engine.usage()).toMatchObject({ legs: 2, bridges: 1, bindings: 2 });
    caller.call.hangup();
    await world().ended(caller.legId);
    await world().perform({ op: "hangup", legId: callee.legId, cause: "normal" });
    await world().perform({ op: "destroyBridge", bridgeId });
    await world().sees(callee.call, "ended");
    await anna.phone.unregister();
    await lisa.phone.unregister();
    world().harness.advance(lingerMs);
    await world().harness.until(
      () => JSON.stringify(world().engine.usage()) === JSON.stringify(nothing),
      "usage back to zero",
    );
  });

  it("ends every leg engine_lost when it is stopped, once, and takes nothing afterwards", async () => {
    const lisa = await world().phone("201");
    const caller = await world().offered(await world().phone("200"));
    const callee = await world().answeredBy(lisa);
    await world().engine.stop();
    expect(await world().ended(caller.legId)).toMatchObject({ cause: "engine_lost", by: "local" });
    expect(await world().ended(callee.legId)).toMatchObject({ cause: "engine_lost", by: "local" });
    await world().engine.stop();
    expect(await world().attempt(world().dialOf(lisa))).toMatchObject({ ok: false, error: "engine_unavailable" });
    expect(world().eventsOf("legEnded")).toHaveLength(2);
    expect(world().engine.usage()).toMatchObject({ legs: 0, bridges: 0, playbacks: 0, mediaPorts: 0 });
  });

  it("goes on with calls in progress when the configuration changes", async () => {
    const { legId, call } = await world().answeredFrom(await world().phone("200"));
    const { configuration } = world().harness;
    const extensions = configuration.extensions.filter(({ number }) => number !== "200");
    await world().perform({ op: "applyConfiguration", configuration: { ...configuration, extensions } });
    expect(world().typesOfLeg(legId)).toEqual(["legOffered", "legAnswered"]);
    call.hangup();
    expect(await world().ended(legId)).toMatchObject({ cause: "normal", by: "remote" });
  });
}
