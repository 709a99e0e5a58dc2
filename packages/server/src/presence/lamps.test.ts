import { describe, expect, it } from "vitest";
import type { WatchedState } from "@pbx-x/telephony";
import type { Call } from "../calls/call.ts";
import { dialogOf, stateOfExtension } from "./lamps.ts";
import { noMessages } from "../voicemail/voice-message.ts";
import { createQueueTestbench } from "../queues/queue-testbench.ts";
import { createPresenceBench } from "./presence-testbench.ts";

const idle: WatchedState = { displayName: "", dialogs: [], presence: { status: "offline" } };

const words = ({ dialogs }: WatchedState): string =>
  dialogs
    .map(({ direction, state, isHeld, remote }) =>
      [direction, state, ...(isHeld ? ["held"] : []), remote?.number ?? "hidden"].join(" "),
    )
    .join(", ") || "idle";

async function connected() {
  const bench = await createPresenceBench();
  const { engine, settle } = bench;
  const anna = bench.register("200");
  bench.register("201");
  const lamps = { caller: engine.watch("200", "dialog"), callee: engine.watch("201", "dialog") };
  const caller = engine.call(anna, "201");
  await settle();
  const [callee] = bench.ringingLegs();
  if (callee === undefined) throw new Error("nothing rings");
  engine.ring(callee);
  engine.answer(callee);
  await settle();
  return { ...bench, lamps, caller, callee };
}

describe("lamps", () => {
  it("[L11] of the own mailbox follow its messages; an extension without a mailbox shows none", async () => {
    const { engine, settle, register, mailboxes, idOf } = await createPresenceBench();
    const phone = register("201");
    const lamp = engine.watch("201", "message-summary", phone);
    expect(() => engine.watch("200", "message-summary", phone)).toThrow();
    expect(engine.published("201")).not.toHaveProperty("messages");
    mailboxes.set(idOf("201"), { unreadCount: 1, totalCount: 3, urgentUnreadCount: 1, urgentCount: 2 });
    await settle();
    expect(engine.published("201")?.messages).toEqual({
      account: "*97",
      unread: 1,
      read: 2,
      urgentUnread: 1,
      urgentRead: 1,
    });
    mailboxes.set(idOf("201"), noMessages);
    await settle();
    expect(engine.published("201")).not.toHaveProperty("messages");
    expect(lamp.sees).toHaveLength(3);
    const counts = { id: idOf("201"), voicemailEnabled: true };
    expect(mailboxes.shownOf(counts)).toMatchObject({ unread: 0, read: 0 });
  });

  it("[L8] of the called: trying, early, confirmed, held, idle; of the caller: confirmed from the start", async () => {
    const { engine, settle, lamps, caller, callee } = await connected();
    engine.hold(callee);
    await settle();
    engine.unhold(callee);
    engine.hangup(caller);
    await settle();
    expect(lamps.callee.sees.map(words)).toEqual([
      "idle",
      "recipient trying 200",
      "recipient early 200",
      "recipient confirmed 200",
      "recipient confirmed held 200",
      "recipient confirmed 200",
      "idle",
    ]);
    expect(lamps.caller.sees.map(words)).toEqual(["idle", "initiator confirmed 201", "idle"]);
  });

  it("[L8] of an agent who is offered a call from a queue: trying, early, confirmed", async () => {
    const bench = await createQueueTestbench();
    await bench.login("200");
    const { leg, callId } = await bench.enter("202");
    const lamp = () => {
      const call = bench.calls.registry.get(callId);
      return call === undefined ? undefined : dialogOf(call, bench.idOf("200"));
    };
    const remote = { number: "202", name: "Tom Müller" };
    expect(lamp()).toMatchObject({ direction: "recipient", state: "trying", remote });
    const rings = bench.ringingAt("200");
    bench.engine.ring(rings);
    expect(lamp()).toMatchObject({ direction: "recipient", state: "early", remote });
    bench.engine.answer(rings);
    await bench.settle();
    expect(lamp()).toMatchObject({ direction: "recipient", state: "confirmed", remote });
    bench.engine.hangup(leg);
    await bench.settle();
    expect(lamp()).toBeUndefined();
  });

  it("[L8] click-to-call: the caller's own phone rings, nobody is to pick that up", async () => {
    const bench = await createPresenceBench();
    bench.register("200");
    bench.register("201");
    const lamp = bench.engine.watch("200", "dialog");
    await bench.commands.originate({ from: "200", to: "201" }, bench.as("200"));
    await bench.settle();
    expect(lamp.sees.map(words)).toEqual(["idle", "initiator trying 201"]);
    expect(bench.shown("200")).toBe("available");
  });

  it("[L8] after a transfer the lamps follow the parties", async () => {
    const bench = await connected();
    bench.register("202");
    const lamp = bench.engine.watch("202", "dialog");
    const callId = String(bench.last("CALL_CREATED")["callId"]);
    await bench.commands.transferBlind({ callId, destination: "202" }, bench.as("201"));
    await bench.settle();
    const target = bench.ringingLegs().at(-1);
    if (target === undefined) throw new Error("nothing rings");
    bench.engine.ring(target);
    bench.engine.answer(target);
    await bench.settle();
    expect(lamp.sees.map(words).at(-1)).toBe("recipient confirmed 200");
    expect(bench.lamps.callee.sees.map(words).at(-1)).toBe("idle");
    expect(bench.lamps.caller.sees.map(words).at(-1)).toBe("initiator confirmed 202");
    expect([bench.shown("201"), bench.shown("202")]).toEqual(["available", "busy In a call"]);
  });

  it("[L9] never tells a number from outside", async () => {
    const { calls, idOf } = await connected();
    const [internal] = calls.registry.ofExtension(idOf("201"));
    if (internal === undefined) throw new Error("there is no call");
    expect(dialogOf(internal, idOf("201"))?.remote).toEqual({ number: "200", name: "Anna Schmidt" });
    const outside: Call = { ...internal, caller: { number: "+49301234567", name: "Max Mustermann" } };
    const state = stateOfExtension({ id: idOf("201"), displayName: "Lisa Weber" }, [outside], {
      presenceStatus: "busy",
      isManual: false,
    });
    expect(words(state)).toBe("recipient confirmed hidden");
    expect(JSON.stringify(state)).not.toMatch(/301234567|Mustermann/);
    expect(dialogOf(outside, idOf("200"))).toBeUndefined();
  });

  it("[L10] a slot is lit while somebody waits there; the parked party's lamp shows where, the parker's is free", async () => {
    const bench = await connected();
    const { engine, settle, commands, as, lamps } = bench;
    const slot = engine.watch("701", "dialog");
    const taken = engine.watch("701", "presence");
    const callId = String(bench.last("CALL_CREATED")["callId"]);
    await commands.park({ callId }, as("201"));
    await settle();
    expect(words(lamps.caller.sees.at(-1) ?? idle)).toBe("initiator confirmed 701");
    expect(words(lamps.callee.sees.at(-1) ?? idle)).toBe("idle");
    expect([bench.shown("200"), bench.shown("201")]).toEqual(["busy In a call", "available"]);
    bench.engine.call(bench.register("202"), "701");
    await settle();
    expect(slot.sees.map(words)).toEqual(["idle", "recipient confirmed 200", "idle"]);
    expect(taken.sees.map(({ presence }) => presence.status)).toEqual(["available", "busy", "available"]);
    expect(bench.shown("202")).toBe("busy In a call");
  });

  it("[L8] pick-up by command: the own phone rings for it", async () => {
    const bench = await connected();
    bench.register("202");
    const lamp = bench.engine.watch("202", "dialog");
    const callId = String(bench.last("CALL_CREATED")["callId"]);
    await bench.commands.park({ callId }, bench.as("201"));
    const picked = bench.commands.pickup({ parkingSlot: "701" }, bench.as("202"));
    await bench.settle();
    expect(bench.shown("202")).toBe("available");
    bench.engine.answer(bench.ringingLegs().at(-1) ?? bench.caller);
    await picked;
    expect(lamp.sees.map(words)).toEqual(["idle", "initiator trying 200", "recipient confirmed 200"]);
  });

  it("[L10] slots come and go with their lot; where a call waits, one stays until it is free", async () => {
    const bench = await connected();
    const { engine, settle } = bench;
    const callId = String(bench.last("CALL_CREATED")["callId"]);
    await bench.commands.park({ callId }, bench.as("201"));
    await settle();
    const lot = { id: "lot", name: "Main", firstSlot: 800, lastSlot: 801, timeoutSeconds: 300 };
    bench.changeLots(lot);
    const shown = () => ["701", "702", "800", "801"].map((slot) => engine.published(slot)?.dialogs.length);
    expect(shown()).toEqual([1, undefined, 0, 0]);
    engine.hangup(bench.caller);
    await settle();
    expect(shown()).toEqual([undefined, undefined, 0, 0]);
    bench.changeExtension("door", { number: "801", displayName: "Door", userId: "door" });
    expect(engine.published("801")?.displayName).toBe("Door");
    bench.changeExtension("door", undefined);
    expect(engine.published("801")?.displayName).toBe("801");
  });

  it("[L6] tells a bounded number of calls", async () => {
    const { calls, idOf } = await connected();
    const many = Array.from({ length: 30 }, () => [...calls.registry.ofExtension(idOf("201"))]).flat();
    const presence = { presenceStatus: "busy", isManual: false } as const;
    expect(stateOfExtension({ id: idOf("201"), displayName: "" }, many, presence).dialogs).toHaveLength(8);
  });

  it("[P5] phones that watch presence see what the socket tells", async () => {
    const bench = await createPresenceBench();
    const seen = bench.engine.watch("200", "presence");
    const anna = bench.register("200");
    const leg = bench.engine.call(anna, "201");
    await bench.settle();
    if (bench.engine.leg(leg)?.state !== "ended") bench.engine.hangup(leg);
    await bench.presence.service.set("user-200", { status: "away", statusMessage: "Lunch" }, { via: "command" });
    await bench.settle();
    expect(seen.sees.map(({ presence: { status, note } }) => [status, note])).toContainEqual(["away", "Lunch"]);
    const told = (await bench.told()).filter((line) => line.startsWith("200"));
    expect(["offline", ...told.map((line) => line.slice(4))]).toEqual(seen.sees.map(({ presence }) => presence.status));
  });

  it("a new name is shown, an engine without watchers is asked nothing", async () => {
    const bench = await createPresenceBench();
    bench.changeExtension(bench.idOf("200"), { displayName: "Anna Neu" });
    expect(bench.engine.published("200")?.displayName).toBe("Anna Neu");
    const publications = bench.engine.performed.filter(({ op }) => op === "publishState").length;
    bench.changeExtension(bench.idOf("200"), { displayName: "Anna Neu", maxConcurrentCalls: 3 });
    expect(bench.engine.performed.filter(({ op }) => op === "publishState")).toHaveLength(publications);
  });
});
