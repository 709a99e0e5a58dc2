// Tests an application without a server, a phone, or a sleep: here the screen pop of example 3.
import { connect } from "@pbx-x/client";
import { createFaults, createManualClock, createTestServer } from "@pbx-x/client/testing";
import { expect, it } from "vitest";
import { startScreenPop } from "./03-screen-pop.ts";

async function createBench() {
  const clock = createManualClock();
  const server = createTestServer({ clock });
  const faults = createFaults({ server, clock });
  const { webSocket, fetch } = server;
  const client = connect({ url: "http://pbx.test", token: "t", channels: ["calls"], webSocket, fetch, clock });
  const opened: string[] = [];
  const missed: string[] = [];
  startScreenPop(client, "200", { open: (number) => opened.push(number), noteMissed: (callId) => missed.push(callId) });
  await server.flushAll();
  const pass = async (ms: number): Promise<void> => {
    for (let left = ms; left > 0; left -= 500) {
      await clock.advance(Math.min(500, left));
      await server.flushAll();
    }
  };
  const parties = (callId: string) => ({
    callId,
    threadId: callId,
    causedBy: { via: "phone" } as const,
    caller: { number: "+491701234567" },
    callee: { number: "200" },
  });
  const happened = (callId: string, type: "CALL_CREATED" | "CALL_RINGING" | "CALL_ENDED"): void => {
    const timestamp = new Date(clock.elsewhere()).toISOString();
    const common = parties(callId);
    const end = { hangupCause: "normal_clearing", hangupBy: "caller", durationSeconds: 0 } as const;
    if (type === "CALL_CREATED") {
      server.append({ type, timestamp, data: { ...common, direction: "inbound", state: "initiated", version: 1 } }, [
        "calls",
      ]);
    } else if (type === "CALL_RINGING") {
      server.append({ type, timestamp, data: { ...common, state: "ringing", version: 2 } }, ["calls"]);
    } else {
      server.append({ type, timestamp, data: { ...common, ...end, state: "ended", version: 3 } }, ["calls"]);
    }
  };
  return { server, faults, opened, missed, pass, happened };
}

it("opens the customer's record when it rings", async () => {
  const { opened, pass, happened } = await createBench();
  happened("a", "CALL_CREATED");
  happened("a", "CALL_RINGING");
  await pass(100);
  expect(opened).toEqual(["+491701234567"]);
});

it("opens nothing for a call that rang while the network was away", async () => {
  const { faults, opened, pass, happened } = await createBench();
  faults.close();
  happened("a", "CALL_CREATED");
  happened("a", "CALL_RINGING");
  await pass(5000);
  expect(opened).toEqual([]);
});

it("notes a call that ended unseen while the server started again", async () => {
  const { faults, missed, pass, happened } = await createBench();
  happened("a", "CALL_CREATED");
  await pass(100);
  faults.close();
  happened("a", "CALL_ENDED");
  faults.newEpoch();
  await pass(5000);
  expect(missed).toEqual(["a"]);
});
