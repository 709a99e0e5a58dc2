import {
  allowance,
  type AnyEvent,
  callActions,
  type CallAction,
  commit,
  emptyTables,
  reduce,
} from "@pbx-x/protocol/runtime";
import type { LegId } from "@pbx-x/telephony";
import { describe, expect, it } from "vitest";
import { createCallTestbench } from "./call-testbench.ts";
import { judgedOf } from "./permit.ts";

async function create() {
  const bench = await createCallTestbench();
  const own = bench.register("200");
  for (const number of ["201", "202", "203"]) bench.register(number);
  const rung = (): LegId => {
    const leg = bench.ringingLegs().at(-1);
    if (leg === undefined) throw new Error("nothing rings");
    return leg;
  };
  const actors = [
    ...["200", "201", "202", "203"].map((number) => bench.as(number)),
    bench.as("203", "all"),
    bench.as("200", "all"),
  ];
  const { commands } = bench;
  /** How each command is asked for; one that is refused changes nothing. */
  const ask = (action: CallAction, callId: string, actor: (typeof actors)[number]) => {
    const pair = { callId, consultCallId: callId };
    const asks: Partial<Record<CallAction, () => Promise<unknown>>> = {
      answer: () => commands.answer({ callId }, actor),
      reject: () => commands.reject({ callId }, actor),
      redirect: () => commands.redirect({ callId, destination: "203" }, actor),
      hangup: () => commands.hangup({ callId }, actor),
      hold: () => commands.hold({ callId }, actor),
      unhold: () => commands.unhold({ callId }, actor),
      mute: () => commands.mute({ callId }, actor),
      unmute: () => commands.unmute({ callId }, actor),
      sendDtmf: () => commands.sendDtmf({ callId, digits: "1" }, actor),
      transferBlind: () => commands.transferBlind({ callId, destination: "203" }, actor),
      transferAttended: () => commands.transferAttended(pair, actor),
      consult: () => commands.consult({ callId, to: "203" }, actor),
      cancelTransfer: () => commands.cancelTransfer(pair, actor),
      swap: () => commands.swap(pair, actor),
    };
    return asks[action]?.();
  };
  /** What a client that saw every event makes of the calls. */
  const folded = () => {
    const tables = emptyTables();
    for (const [index, { type, data }] of bench.events.entries()) {
      const event = { eventId: `e${index}`, seq: index + 1, type, timestamp: "2026-01-01T00:00:00.000Z", data };
      commit(tables, reduce(tables, event as AnyEvent));
    }
    return tables.calls;
  };
  const compare = async (): Promise<number> => {
    await bench.settle();
    let refused = 0;
    const seen = folded();
    expect([...seen.keys()].toSorted()).toEqual([...bench.calls.registry.all()].map(({ callId }) => callId).toSorted());
    for (const call of bench.calls.registry.all()) {
      const client = seen.get(call.callId);
      if (client === undefined) throw new Error("the client does not know the call");
      expect(client.state).toBe(call.state);
      for (const actor of actors) {
        for (const action of callActions) {
          const verdict = allowance(action, client, actor.identity);
          const what = `${action} of ${actor.identity.extensionNumber} while ${call.state}`;
          expect(allowance(action, judgedOf(call), actor.identity), what).toEqual(verdict);
          if (verdict.ok) continue;
          const answer = ask(action, call.callId, actor);
          if (answer === undefined) continue;
          refused += 1;
          const { code, reason } = verdict;
          const details = reason === "not_a_party" ? {} : { details: { reason, state: call.state } };
          expect(await answer, what).toMatchObject({ ok: false, error: { code, ...details } });
        }
      }
    }
    return refused;
  };
  return { ...bench, own, rung, compare };
}

describe("[W46] one judgement for the server and its clients", () => {
  it("[W46] all actions, for parties, strangers and supervisors, from the beginning through hold, consultation and transfers", async () => {
    const { engine, own, rung, compare, settle, commands, as, last, calls } = await create();
    const caller = engine.call(own, "201");
    await settle();
    const first = rung();
    expect(await compare()).toBeGreaterThan(0);
    engine.ring(first);
    expect(await compare()).toBeGreaterThan(0);
    engine.answer(first);
    const callId = String(last("CALL_CREATED")["callId"]);
    await compare();

    await commands.hold({ callId }, as("201"));
    await compare();
    engine.hold(caller);
    await compare();
    await commands.unhold({ callId }, as("201"));
    await compare();
    engine.unhold(caller);
    await compare();

    // The caller asks: it is the one who leaves, and the callee becomes the caller.
    const begun = await commands.consult({ callId, to: "202" }, as("200"));
    if (!begun.ok) throw new Error(begun.error.message);
    await settle();
    const second = rung();
    engine.ring(second);
    await compare();
    engine.answer(second);
    await compare();
    const pair = { callId, consultCallId: begun.data.callId };
    expect(await commands.swap(pair, as("200"))).toMatchObject({ ok: true });
    await compare();
    expect(await commands.transferAttended(pair, as("200"))).toMatchObject({ ok: true });
    await compare();

    expect(await commands.transferBlind({ callId, destination: "203" }, as("202"))).toMatchObject({ ok: true });
    await settle();
    engine.ring(rung());
    await compare();
    engine.reject(rung(), "busy", 486);
    await compare();
    await settle();
    engine.answer(rung());
    await compare();
    engine.hangup(rung());
    await compare();
    expect(calls.registry.size).toBe(0);
  });

  it("[W40] [W46] who names another party needs the right to", async () => {
    const { engine, own, rung, settle, commands, as, last } = await create();
    engine.call(own, "201");
    await settle();
    engine.answer(rung());
    await settle();
    const callId = String(last("CALL_CREATED")["callId"]);
    const extensionId = "10000000-0000-7000-8000-000000000201";
    expect(await commands.hold({ callId, extensionId }, as("200"))).toMatchObject({ error: { code: "UNAUTHORIZED" } });
    expect(await commands.hold({ callId, extensionId }, as("203", "all"))).toMatchObject({ ok: true });
  });
});
