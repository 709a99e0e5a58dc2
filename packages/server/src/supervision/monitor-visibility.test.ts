import type { LoggedEventType } from "@pbx-x/protocol";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { NewEvent } from "../event-log/event-log.ts";
import { createSocketTestbench, identity, idOf, type SocketTestbench } from "../realtime/socket-testbench.ts";

const callId = "019a0000-0000-7000-8000-000000000001";
const lisa = { number: "201", extensionId: idOf("201") };
const anna = { number: "200", extensionId: idOf("200") };

function event(type: LoggedEventType, version: number, data: object): NewEvent {
  const extensions = [lisa, anna].map(({ number, extensionId }) => ({ id: extensionId, number }));
  return { type, callId, audience: { extensions, userIds: ["lisa"] }, data: { callId, version, ...data } };
}

const listening = { monitorId: "m1", mode: "listen", monitoredBy: { number: "100" }, state: "answered" };

let bench: SocketTestbench;
beforeEach(async () => {
  bench = await createSocketTestbench();
});
afterEach(() => bench.stop());

it("[C72] [W50] the parties see neither events nor state of it, a supervisor both", async () => {
  bench.users.set("max", identity("max", "supervisor", "100"));
  const [party, supervisor] = [await bench.connect("lisa"), await bench.connect("max")];
  await party.ask("subscribe", { channels: ["me"] });
  await supervisor.ask("subscribe", { channels: ["calls"] });
  await bench.append(
    event("CALL_CREATED", 1, { state: "initiated", direction: "internal", caller: anna, callee: lisa }),
    event("CALL_ANSWERED", 2, { state: "answered", answeredBy: lisa }),
    event("CALL_MONITOR_STARTED", 3, listening),
    event("CALL_HELD", 4, { state: "held", heldBy: lisa }),
  );
  await party.settle();
  await supervisor.settle();
  expect(party.events.map(({ type }) => type)).toEqual(["CALL_CREATED", "CALL_ANSWERED", "CALL_HELD"]);
  expect(supervisor.events.map(({ type }) => type)).toContain("CALL_MONITOR_STARTED");
  const monitorsOf = async (socket: typeof party, channels: readonly string[]) => {
    const answer = await socket.ask("subscribe", { channels, snapshot: true });
    return JSON.stringify(answer).includes('"monitorId":"m1"');
  };
  expect(await monitorsOf(party, ["me"])).toBe(false);
  expect(await monitorsOf(supervisor, ["calls"])).toBe(true);
});
