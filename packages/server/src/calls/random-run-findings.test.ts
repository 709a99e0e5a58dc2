import { describe, expect, it } from "vitest";
import { talking } from "./consult-testbench.ts";
import { playRun } from "./random-run-testbench.ts";
import { type Action, partyNumbers } from "./random-run-actions.ts";

const command = (name: Extract<Action, { do: "command" }>["name"], more: Partial<Extract<Action, { do: "command" }>>) =>
  ({ do: "command", name, by: 0, call: 0, other: 1, to: "200", isParty: true, rights: "own", ...more }) as const;
const talk = (phone: number, to: number) => ({ do: "talk", phone, to }) as const;
const hold = (leg: number) => ({ do: "hold", leg }) as const;
const answer = { do: "answer", leg: 0 } as const;

/** All phones, enough lines and slots: only what happens differs. */
const play = (...actions: readonly Action[]) =>
  playRun({
    phones: partyNumbers.length,
    maxConcurrentCalls: 4,
    forwards: partyNumbers.map(() => "none"),
    slots: 3,
    steps: actions.map((action) => ({ action, settles: true })),
  });

describe("what random runs have found", () => {
  it("[C20] [C36] a phone that holds while the one consulted rings, and refuses, still holds when it is back", () =>
    play(talk(0, 1), command("consult", { by: 1, to: "202" }), hold(1), { do: "reject", leg: 0 }));

  it("[C32] two calls that lead to the same phone are not joined", () =>
    play(talk(0, 1), command("consult", { by: 1, to: "200" }), answer, command("transferAttended", { by: 0 })));

  it("[C20] [W48] taken back into a call that the other side holds, the phone hears music", () =>
    play(
      talk(0, 1),
      command("consult", { by: 1, to: "202" }),
      answer,
      hold(0),
      command("swap", { by: 1 }),
      command("hangup", { by: 1, call: 1 }),
    ));

  it("[C35] [W48] two calls of which one is between others are neither swapped nor cancelled", async () => {
    const { commands, as, settle, engine, register, ringingLegs, events } = await talking({
      "201": { maxConcurrentCalls: 4 },
    });
    engine.call(register("202"), "201");
    await settle();
    engine.answer(ringingLegs().at(-1) ?? failNothingRings());
    await settle();
    const [first, second] = events.flatMap(({ type, callId }) => (type === "CALL_CREATED" ? [callId ?? ""] : []));
    const beside = await commands.consult({ callId: first ?? "", to: "203" }, as("201"));
    const consultCallId = beside.ok ? beside.data.callId : "";
    for (const name of ["swap", "cancelTransfer"] as const) {
      expect(await commands[name]({ callId: second ?? "", consultCallId }, as("201"))).toMatchObject({
        error: { code: "INVALID_STATE", details: { reason: "not_one_pair" } },
      });
    }
  });

  it("[C35] [C39] a phone that fails to pass its consultation on keeps the call that it holds", () =>
    play(
      talk(0, 1),
      command("consult", { by: 1, to: "202" }),
      answer,
      { do: "refer", leg: 1, to: "202" },
      { do: "hangup", leg: 0 },
    ));

  it("[C20] [C39] a phone that holds while it passes its consultation on still holds when it is back", () =>
    play(
      talk(0, 1),
      command("consult", { by: 1, to: "202" }),
      answer,
      hold(1),
      { do: "refer", leg: 1, to: "203" },
      { do: "reject", leg: 0 },
    ));

  it("[C32] [C35] who is in a consultation is not pulled out of it when the other party passes the call on", () =>
    play(
      talk(0, 1),
      command("consult", { by: 1, to: "202" }),
      answer,
      command("consult", { by: 0, to: "203" }),
      { do: "hangup", leg: 0 },
      answer,
      command("cancelTransfer", { by: 0 }),
    ));

  it("[C21] [W48] a call is not taken back while the phone holds its consultation by itself", () =>
    play(
      talk(0, 1),
      command("consult", { by: 1, to: "202" }),
      answer,
      hold(1),
      command("unhold", { by: 1 }),
      command("hangup", { by: 1, call: 1 }),
    ));

  it("[C32] [C35] both calls of two phones are joined while one of them passes its call on", () =>
    play(
      talk(0, 1),
      command("consult", { by: 0, to: "201" }),
      answer,
      { do: "refer", leg: 0, to: "202" },
      command("transferAttended", { by: 1, other: 1 }),
    ));

  it("[C35] [C39] a phone that has passed a consultation on is let go when the other one hangs up", () =>
    play(
      talk(0, 1),
      command("consult", { by: 1, to: "202" }),
      answer,
      { do: "refer", leg: 2, to: "203" },
      { do: "hangup", leg: 1 },
    ));
});

function failNothingRings(): never {
  throw new Error("nothing rings");
}
