import { describe, expect, it } from "vitest";
import { createCallTestbench } from "./call-testbench.ts";

/** 200 calls 201, whose phone rings. */
async function ringing() {
  const bench = await createCallTestbench();
  const own = bench.register("200");
  for (const number of ["201", "202"]) bench.register(number);
  const caller = bench.engine.call(own, "201");
  await bench.settle();
  const [rings] = bench.ringingLegs();
  if (rings === undefined) throw new Error("nothing rings");
  bench.engine.ring(rings);
  await bench.settle();
  return { ...bench, caller, rings, callId: String(bench.last("CALL_CREATED")["callId"]) };
}

describe("[C38] redirect", () => {
  it("[C38] [W43] sends a ringing call elsewhere, told as forwarded", async () => {
    const { engine, commands, as, settle, ringingLegs, rings, caller, callId, last, typesOf } = await ringing();
    expect(await commands.redirect({ callId, destination: "202" }, as("201"))).toMatchObject({
      ok: true,
      data: { callId },
    });
    await settle();
    expect(engine.leg(rings)?.state).toBe("ended");
    const [target] = ringingLegs();
    if (target === undefined) throw new Error("nothing rings");
    engine.ring(target);
    await settle();
    expect(last("CALL_RINGING")).toMatchObject({ callee: { number: "202" }, forwardedFrom: { number: "201" } });
    engine.answer(target);
    await settle();
    expect(engine.hears(caller, target)).toBe(true);
    expect(typesOf(callId)).toEqual(["CALL_CREATED", "CALL_RINGING", "CALL_RINGING", "CALL_ANSWERED"]);
  });

  it("[C38] a supervisor may; a number that leads nowhere, the caller and strangers may not, and it rings on", async () => {
    const { engine, commands, as, settle, rings, callId } = await ringing();
    expect(await commands.redirect({ callId, destination: "999" }, as("201"))).toMatchObject({
      error: { code: "NUMBER_NOT_REACHABLE" },
    });
    expect(await commands.redirect({ callId, destination: "202" }, as("200"))).toMatchObject({ ok: false });
    expect(await commands.redirect({ callId, destination: "202" }, as("203"))).toMatchObject({
      error: { code: "UNAUTHORIZED" },
    });
    await settle();
    expect(engine.leg(rings)?.state).toBe("ringing");
    expect(await commands.redirect({ callId, destination: "202" }, as("203", "all"))).toMatchObject({ ok: true });
    await settle();
    expect(engine.leg(rings)?.state).toBe("ended");
  });

  it("[C38] an answered call is transferred, not redirected", async () => {
    const { engine, commands, as, settle, rings, callId } = await ringing();
    engine.answer(rings);
    await settle();
    expect(await commands.redirect({ callId, destination: "202" }, as("201"))).toMatchObject({
      error: { code: "INVALID_STATE", details: { reason: "not_ringing" } },
    });
  });
});
