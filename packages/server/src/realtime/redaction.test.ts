import type { LoggedEventType } from "@pbx-x/protocol";
import { commit, emptyTables, reduce, type AnyEvent, type Snapshot } from "@pbx-x/protocol/runtime";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { NewEvent } from "../event-log/event-log.ts";
import { createSocketTestbench, identity, idOf, type SocketTestbench } from "./socket-testbench.ts";

const callId = "019a0000-0000-7000-8000-000000000001";
const outside = { number: "+49301234567", name: "Max Mustermann" };
const lisa = { number: "201", extensionId: idOf("201") };
const extensions = [{ id: idOf("201"), number: "201" }];
const parked = { parkingSlot: "701", parkedBy: lisa, expiresAt: "2026-01-01T00:05:00.000Z" };

function event(type: LoggedEventType, version: number, data: object, more: object = {}): NewEvent {
  return { type, callId, audience: { extensions, userIds: ["lisa"], ...more }, data: { callId, version, ...data } };
}

/** A call from outside, which Lisa has parked. */
const life = [
  event("CALL_CREATED", 1, { state: "initiated", direction: "inbound", caller: outside, callee: lisa }),
  event("CALL_RINGING", 2, { state: "ringing", caller: outside, callee: lisa }),
  event("CALL_ANSWERED", 3, { state: "answered", answeredBy: lisa }),
  event("CALL_PARKED", 4, { state: "parked", ...parked, parkedParty: outside }),
];
const ended = event(
  "CALL_ENDED",
  5,
  {
    state: "ended",
    caller: outside,
    callee: { number: "701" },
    hangupCause: "normal_clearing",
    hangupBy: "caller",
    durationSeconds: 60,
  },
  { isParked: true },
);

let bench: SocketTestbench;
beforeEach(async () => {
  bench = await createSocketTestbench();
});
afterEach(() => bench.stop());

const watch = async (user: string) => {
  const socket = await bench.connect(user);
  expect(await socket.ask("subscribe", { channels: ["parking"] })).toMatchObject({ success: true });
  return socket;
};

describe("outside numbers on the channel `parking`", () => {
  it("[W24] [W51] are masked for who may not see the call, and named; all else is there", async () => {
    const socket = await watch("anna");
    await bench.append(...life);
    await socket.settle();
    const [told, ...more] = socket.events as readonly (AnyEvent & { redacted?: readonly string[] })[];
    expect(more).toEqual([]);
    expect(told).toMatchObject({
      type: "CALL_PARKED",
      data: { ...parked, parkedParty: { number: "" } },
      redacted: ["parkedParty.number", "parkedParty.name"],
    });
    expect(JSON.stringify(told)).not.toMatch(/49301234567|Mustermann/);
  });

  it("[W24] a supervisor and the party itself see them, also side by side with somebody who does not", async () => {
    bench.users.set("max", identity("max", "supervisor", "100"));
    const [anna, party, max] = [await watch("anna"), await watch("lisa"), await watch("max")];
    await bench.append(...life);
    for (const socket of [anna, party, max]) await socket.settle();
    for (const socket of [party, max]) {
      expect(socket.events).toMatchObject([{ type: "CALL_PARKED", data: { parkedParty: outside } }]);
      expect(socket.events[0]).not.toHaveProperty("redacted");
    }
    expect(anna.events).toMatchObject([{ redacted: [expect.any(String), expect.any(String)] }]);
  });

  it("[W24] [W49] what a summary tells is masked too; extensions never are", async () => {
    const socket = await watch("anna");
    const unparked = { parkingSlot: "701", pickedUpBy: lisa, reason: "picked_up", state: "answered" };
    await bench.append(event("CALL_UNPARKED", 5, { ...unparked, call: { caller: outside, callee: lisa } }));
    await socket.settle();
    expect(socket.events).toMatchObject([
      {
        data: { ...unparked, call: { caller: { number: "" }, callee: lisa } },
        redacted: ["call.caller.number", "call.caller.name"],
      },
    ]);
  });

  it("[W54] the end of a parked call comes to `parking`, masked; that of another does not", async () => {
    const socket = await watch("anna");
    await bench.append(...life, ended, event("CALL_ENDED", 6, ended.data));
    await socket.settle();
    expect(socket.events.map(({ type }) => type)).toEqual(["CALL_PARKED", "CALL_ENDED"]);
    expect(JSON.stringify(socket.events)).not.toContain("49301234567");
  });

  it("[C82] call data is left out for who sees the slot alone, and named", async () => {
    const socket = await watch("anna");
    const callData = { customer: "+49301234567" };
    await bench.append(event("CALL_PARKED", 4, { state: "parked", ...parked, call: { callee: lisa, callData } }));
    await socket.settle();
    expect(socket.events).toMatchObject([{ data: { call: { callee: lisa } }, redacted: ["call.callData"] }]);
    expect(JSON.stringify(socket.events)).not.toContain("49301234567");
  });

  it("[W24] [C82] a wallboard sees queues without outside numbers and call data, live and in the snapshot", async () => {
    bench.users.set("wall", identity("wall", "display"));
    const socket = await bench.connect("wall");
    expect(await socket.ask("subscribe", { channels: ["queues"] })).toMatchObject({ success: true });
    const entry = {
      callId,
      queueId: "q1",
      queueName: "Support",
      caller: outside,
      position: 1,
      estimatedWaitSeconds: 0,
    };
    const offer = {
      offerId: "o1",
      agent: lisa,
      expiresAt: "2026-01-01T00:05:00.000Z",
      callData: { a: outside.number },
    };
    await bench.append(
      event("QUEUE_CALL_ENTERED", 1, entry, { queueIds: ["q1"] }),
      event("QUEUE_AGENT_OFFERED", 2, { ...entry, ...offer }, { queueIds: ["q1"] }),
    );
    await socket.settle();
    expect(socket.events).toMatchObject([
      { type: "QUEUE_CALL_ENTERED", data: { caller: { number: "" } }, redacted: ["caller.number", "caller.name"] },
      { type: "QUEUE_AGENT_OFFERED", data: { agent: lisa }, redacted: ["caller.number", "caller.name", "callData"] },
    ]);
    const answer = await socket.ask("subscribe", { channels: ["queues"], snapshot: true });
    expect(answer).toMatchObject({ data: { snapshot: { tables: { queueEntries: [{ caller: { number: "" } }] } } } });
    expect(JSON.stringify([socket.events, answer])).not.toMatch(/49301234567|Mustermann/);
  });

  it("[W24] [W26] who waits in a queue learns his place without a right to the queue, live and in the snapshot", async () => {
    const [own, other] = [await bench.connect("lisa"), await bench.connect("anna")];
    for (const socket of [own, other]) await socket.ask("subscribe", { channels: ["me"] });
    const entry = { queueId: "q1", queueName: "Support", caller: lisa, position: 1, estimatedWaitSeconds: 0 };
    await bench.append(
      event("CALL_CREATED", 1, { state: "initiated", direction: "internal", caller: lisa, callee: { number: "300" } }),
      event("QUEUE_CALL_ENTERED", 2, entry, { queueIds: ["q1"] }),
    );
    await own.settle();
    expect(own.events).toMatchObject([{ type: "CALL_CREATED" }, { type: "QUEUE_CALL_ENTERED", data: entry }]);
    expect(other.events).toEqual([]);
    const place = { data: { snapshot: { tables: { queueEntries: [{ callId, ...entry }] } } } };
    expect(await own.ask("subscribe", { channels: ["me"], snapshot: true })).toMatchObject(place);
    const none = { data: { snapshot: { tables: { queueEntries: [] } } } };
    expect(await other.ask("subscribe", { channels: ["me"], snapshot: true })).toMatchObject(none);
  });

  it("[W24] [W25] [W26] replay and snapshot mask the same: the fold of the events is the snapshot", async () => {
    const socket = await watch("anna");
    await bench.append(...life);
    const { epoch } = bench.log;
    const again = await bench.connect("anna");
    const answer = await again.ask("subscribe", { channels: ["parking"], since: { epoch, seq: 0 }, snapshot: true });
    await again.settle();
    expect(again.events).toMatchObject([{ type: "CALL_PARKED", redacted: ["parkedParty.number", "parkedParty.name"] }]);
    const { snapshot } = answer["data"] as { snapshot: Snapshot };
    const tables = emptyTables();
    await socket.settle();
    for (const each of socket.events as unknown as readonly AnyEvent[]) commit(tables, reduce(tables, each));
    expect(snapshot.tables.parkingSlots).toEqual([...tables.parkingSlots.values()]);
    expect(snapshot.tables.parkingSlots).toMatchObject([{ parkingSlot: "701", parkedParty: { number: "" } }]);
    const whole = await bench.connect("lisa");
    const seen = await whole.ask("subscribe", { channels: ["parking"], snapshot: true });
    expect(seen).toMatchObject({ data: { snapshot: { tables: { parkingSlots: [{ parkedParty: outside }] } } } });
  });
});
