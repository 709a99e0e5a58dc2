import { describe, expect, it } from "vitest";
import { createCallTestbench } from "./call-testbench.ts";
import { createOutsideTestbench } from "./outside-testbench.ts";

type Told = Readonly<Record<string, unknown>>;

async function dialled(devices: number) {
  const bench = await createCallTestbench();
  const own = bench.register("200");
  for (let device = 0; device < devices; device += 1) {
    bench.register("201", { contactUri: `sip:201@127.0.0.1:${7000 + device}`, allowsRemoteTalk: device === 0 });
  }
  const third = bench.register("202");
  const callerLeg = bench.engine.call(own, "201");
  await bench.settle();
  const callId = String(bench.last("CALL_CREATED")["callId"]);
  const [first = callerLeg, second = callerLeg] = bench.ringingLegs();
  return { ...bench, callerLeg, callId, first, second, third };
}

/** Side, state and number of each leg, as in `callee ringing 201`; undefined where the event tells none. */
function shortly(data: Told): readonly string[] | undefined {
  const legs = data["legs"] as readonly { side: string; state: string; number?: string }[] | undefined;
  return legs?.map(({ side, state, number }) => [side, state, number].filter((part) => part !== undefined).join(" "));
}

describe("[C2] the legs of a call, as its events tell them", () => {
  it("[C2] [C12] the caller's and one for each device that rings; of them, who answered stays", async () => {
    const { engine, settle, last, callerLeg, first, second } = await dialled(2);
    expect(last("CALL_CREATED")["legs"]).toEqual([
      { legId: callerLeg, side: "caller", state: "dialling", extensionId: expect.any(String) as string, number: "200" },
      expect.objectContaining({ legId: first, side: "callee", state: "dialling", number: "201" }),
      expect.objectContaining({ legId: second, side: "callee", state: "dialling", number: "201" }),
    ]);
    engine.ring(first);
    await settle();
    expect(shortly(last("CALL_RINGING"))).toEqual(["caller dialling 200", "callee ringing 201", "callee dialling 201"]);
    const [, ringing] = last("CALL_RINGING")["legs"] as readonly Told[];
    expect(ringing).toMatchObject({ legId: first, canAnswerRemotely: true });
    engine.answer(second);
    await settle();
    expect(shortly(last("CALL_ANSWERED"))).toEqual(["caller answered 200", "callee answered 201"]);
    engine.hangup(callerLeg);
    await settle();
    expect(last("CALL_ENDED")).not.toHaveProperty("legs");
  });

  it("[C2] [C20] [C40] who holds, who is parked, and who picks up", async () => {
    const { engine, settle, commands, as, last, callId, first, third } = await dialled(1);
    engine.answer(first);
    await settle();
    await commands.hold({ callId }, as("201"));
    await settle();
    expect(shortly(last("CALL_HELD"))).toEqual(["caller answered 200", "callee held 201"]);
    await commands.unhold({ callId }, as("201"));
    await settle();
    expect(shortly(last("CALL_UNHELD"))).toEqual(["caller answered 200", "callee answered 201"]);
    await commands.park({ callId }, as("201"));
    await settle();
    expect(shortly(last("CALL_PARKED"))).toEqual(["caller answered 200"]);
    engine.call(third, "701");
    await settle();
    expect(shortly(last("CALL_UNPARKED"))).toEqual(["caller answered 200", "callee answered 202"]);
  });

  it("[C2] [C30] [W49] a transfer tells them for who is new to the call, too", async () => {
    const { engine, settle, commands, as, last, callId, first, ringingLegs } = await dialled(1);
    engine.answer(first);
    await settle();
    await commands.transferBlind({ callId, destination: "202" }, as("201"));
    await settle();
    expect(last("CALL_TRANSFERRED")).toHaveProperty("call");
    expect(shortly(last("CALL_RINGING"))).toEqual(["caller answered 200", "callee dialling 202"]);
    for (const legId of ringingLegs()) engine.answer(legId);
    await settle();
    expect(shortly(last("CALL_ANSWERED"))).toEqual(["caller answered 200", "callee answered 202"]);
  });

  it("[C2] [C11] a leg outside has no number, which not everybody may see", async () => {
    const { dial, ringing, engine, settle, last } = await createOutsideTestbench();
    await dial("0301234567");
    engine.answer(ringing());
    await settle();
    expect(shortly(last("CALL_ANSWERED"))).toEqual(["caller answered 200", "callee answered"]);
  });
});
