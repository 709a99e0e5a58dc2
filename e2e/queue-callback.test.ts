import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { carrierNumbers, startCarrier } from "./src/asterisk.ts";
import type { Baresip } from "./src/baresip.ts";
import { connectCti, login, type WireEvent } from "./src/cti.ts";
import { type QueueWorld, queueNumber, startQueueWorld } from "./src/queue-world.ts";
import { startServer } from "./src/server-process.ts";
import { isVoice, untilSoundsLike } from "./src/tone.ts";
import { adminEmail } from "./src/world.ts";

let world: QueueWorld;
let tom: Baresip;
let anna: Baresip;
let lisa: Baresip;
const [annaHz, tomHz] = [440, 660];

beforeAll(async () => {
  world = await startQueueWorld({ callbackEnabled: true, callbackRetrySeconds: 3, callbackAttempts: 2 });
  anna = await world.startPhone("200", { toneHz: annaHz });
  lisa = await world.startPhone("201", { toneHz: 880 });
  tom = await world.startPhone("202", { toneHz: tomHz });
  const members = ["200", "201"].map((number) => ({ extensionId: world.ids[number] }));
  await world.request("PUT", `/queues/${world.queueId}/members`, { members });
});
afterAll(() => world?.stop());
beforeEach(() => world.mark());

/** Tom waits and presses 1. @returns the id of his call */
async function askForCallback(): Promise<string> {
  await tom.command("dial", queueNumber);
  const { data } = await world.next("QUEUE_CALL_ENTERED", { caller: { number: "202" } });
  const callId = String(data["callId"]);
  await world.next("QUEUE_CALL_ENTERED", { callId });
  await tom.command("sndcode", "1");
  await tom.command("sndcode", "\u0004");
  await world.next("QUEUE_CALLBACK_REQUESTED", { callId, caller: { number: "202" } });
  return callId;
}

describe("calling back with real phones", () => {
  it("[Q13] [Q14] who pressed 1 hangs up, keeps the place before who came later, and is called back by an agent", async () => {
    const callId = await askForCallback();
    await tom.command("hangup");
    await world.next("CALL_ENDED", { callId, reason: "callback" });
    await lisa.command("dial", queueNumber);
    const { data: later } = await world.next("QUEUE_CALL_ENTERED", { caller: { number: "201" } });
    expect(later["position"]).toBe(2);
    const channels = [`queues:${world.queueId}`];
    const { data: seen } = await world.cti.send("subscribe", { channels, snapshot: true });
    expect(seen).toMatchObject({
      snapshot: {
        tables: {
          queueEntries: expect.arrayContaining([expect.objectContaining({ callId, callback: expect.anything() })]),
        },
      },
    });
    await world.login("200");
    const { data: offered } = await world.next("QUEUE_AGENT_OFFERED", { callId });
    const callbackCallId = String(offered["callbackCallId"]);
    expect((await world.next("CALL_CREATED", { callId: callbackCallId })).data).toMatchObject({ threadId: callId });
    await anna.command("accept");
    await world.next("CALL_RINGING", { callId: callbackCallId, callee: { number: "202" } });
    await tom.command("accept");
    const { data: taken } = await world.next("QUEUE_CALL_ANSWERED", { callId });
    expect(taken).toMatchObject({ callbackCallId, agent: { number: "200" } });
    await untilSoundsLike(anna.heardFiles, tomHz, isVoice);
    await untilSoundsLike(tom.heardFiles, annaHz, isVoice);
    await tom.command("hangup");
    await world.next("CALL_ENDED", { callId: callbackCallId, hangupCause: "normal_clearing" });
    // Now it is the turn of who came later.
    await world.next("QUEUE_AGENT_OFFERED", { callId: later["callId"] });
    await lisa.command("hangup");
    await world.next("CALL_ENDED", { callId: later["callId"] });
    await world.logout("200");
    expect(world.told().filter((type) => type === "QUEUE_CALL_ABANDONED")).toHaveLength(1);
  });

  it("[Q13] [Q14] [G12] a caller from outside is called back over the trunk, by an agent who hears him", async () => {
    const account = { username: "pbx1", password: "a-carriers-password" };
    const mainNumber = "+49305550";
    const carrier = await startCarrier(account);
    try {
      const place = { host: "127.0.0.1", port: carrier.port, transport: "udp", mainNumber, fromUser: account.username };
      const body = { name: "Carrier", trunkType: "register", ...place, ...account };
      const { id: trunkId } = (await world.request("POST", "/trunks", body)) as { readonly id: string };
      await world.next("TRUNK_STATUS_CHANGED", { newStatus: "active" });
      await world.request("POST", "/rules/outbound", { name: "All", pattern: "0.", trunkIds: [trunkId] });
      const destination = { kind: "internal", number: queueNumber };
      await world.request("POST", "/rules/inbound", { name: "Desk", trunkId, didPattern: mainNumber, destination });

      await carrier.callAndPress("0305550", { number: carrierNumbers.echo, name: "" }, "wwww1wwww");
      const caller = { number: "+49301234567" };
      const { data: entered } = await world.next("QUEUE_CALL_ENTERED", { caller });
      const { callId } = entered;
      await world.next("QUEUE_CALLBACK_REQUESTED", { callId, caller });
      const trunk = { id: trunkId, name: "Carrier" };
      await world.next("CALL_ENDED", { callId, reason: "callback", trunk });

      await world.login("200");
      const { data: offered } = await world.next("QUEUE_AGENT_OFFERED", { callId });
      const callbackCallId = String(offered["callbackCallId"]);
      const created = await world.next("CALL_CREATED", { callId: callbackCallId });
      expect(created.data).toMatchObject({ direction: "outbound", threadId: callId, callee: caller, trunk });
      const heard = await anna.heardFiles();
      await anna.command("accept");
      await world.next("QUEUE_CALL_ANSWERED", { callId, callbackCallId, agent: { number: "200" } });
      // The carrier sends back what it hears: her own tone has gone both ways.
      const fresh = async () => (await anna.heardFiles()).filter((file) => !heard.includes(file));
      await untilSoundsLike(fresh, annaHz, isVoice);
      await anna.command("hangup");
      await world.next("CALL_ENDED", { callId: callbackCallId, hangupCause: "normal_clearing", trunk });
      await world.logout("200");
    } finally {
      await carrier.stop();
    }
  });

  it("[Q13] who stays is told, and then hung up by the PBX", async () => {
    const callId = await askForCallback();
    expect((await world.next("CALL_ENDED", { callId })).data).toMatchObject({ reason: "callback", hangupBy: "system" });
  });

  it("[Q15] [R7] is in the list, and can be taken out by a supervisor", async () => {
    const callId = await askForCallback();
    await tom.command("hangup");
    await world.next("CALL_ENDED", { callId });
    const path = `/queues/${world.queueId}/callbacks`;
    const { data } = (await world.get(path)) as { data: { callId: string; callbackId: string }[] };
    const own = data.find((one) => one.callId === callId);
    expect(own).toMatchObject({ caller: { number: "202" }, failedAttempts: 0, isBeingCalled: false });
    await world.request("DELETE", `${path}/${own?.callbackId ?? ""}`);
    await world.next("QUEUE_CALL_ABANDONED", { callId, callbackFailure: "cancelled" });
  });

  it("[Q14] [Q15] is tried again when he is not there, and given up after the last attempt", async () => {
    await world.login("200");
    for (const attempt of [1, 2]) {
      await world.next("QUEUE_AGENT_OFFERED");
      await anna.command("accept");
      await world.next("CALL_RINGING", { callee: { number: "202" } });
      await tom.command("hangup");
      const { data } = await world.next("QUEUE_CALLBACK_FAILED", { attempt });
      expect(data).toMatchObject({ reason: expect.stringMatching(/rejected|busy/), caller: { number: "202" } });
      if (attempt === 1) expect(data).toHaveProperty("nextAttemptAt");
      if (attempt === 1) world.mark();
    }
    const gaveUp = { reason: "caller_hangup", callbackFailure: "unreachable" };
    await world.next("QUEUE_CALL_ABANDONED", gaveUp);
    await world.logout("200");
  });

  it("[Q10] [Q15] [C4] kill -9: who is called back keeps the place, who waits on the line has one end, agents and figures stay", async () => {
    await world.login("201", [world.queueId]);
    await world.cti.send("agentSetStatus", { extensionId: world.ids["201"], status: "break", reasonCode: "lunch" });
    const callId = await askForCallback();
    await tom.command("hangup");
    await world.next("CALL_ENDED", { callId });
    await anna.command("dial", queueNumber);
    const { data: waits } = await world.next("QUEUE_CALL_ENTERED", { caller: { number: "200" } });
    const before = (await world.get(`/queues/${world.queueId}/stats`)) as { total: { entered: number } };
    const epoch = String(world.cti.events.find(({ type }) => type === "CONNECTED")?.data["epoch"]);
    const { server } = world;
    await server.kill();
    const again = await startServer({ dataDir: server.dataDir, ports: server.ready });
    try {
      const token = await login(again.url, adminEmail, server.password(adminEmail));
      const cti = await connectCti(again.url, token);
      const wanted = { channels: ["calls", "queues", "agents"], since: { epoch, seq: 0 }, snapshot: true };
      const { data } = await cti.send("subscribe", wanted);
      expect(data).toMatchObject({
        recovered: true,
        snapshot: {
          tables: {
            queueEntries: [{ callId, callback: { failedAttempts: 0 } }],
            agents: expect.arrayContaining([
              expect.objectContaining({ number: "201", status: "break", reasonCode: "lunch" }),
            ]),
          },
        },
      });
      await cti.waitFor("CALL_ENDED", (event) => event.data["callId"] === waits["callId"]);
      const ends = (id: unknown) =>
        cti.typesOf(String(id)).filter((type) => type === "QUEUE_CALL_ABANDONED" || type === "QUEUE_CALL_ANSWERED");
      expect(ends(waits["callId"])).toEqual(["QUEUE_CALL_ABANDONED"]);
      expect(ends(callId)).toEqual([]);
      const response = await fetch(`${again.url}/api/v1/queues/${world.queueId}/stats`, {
        headers: { authorization: `Bearer ${token}` },
      });
      const after = (await response.json()) as { now: object; total: { entered: number; abandoned: object } };
      expect(after.total.entered).toBe(before.total.entered);
      expect(after.now).toMatchObject({ waitingCalls: 1, waitingCallbacks: 1 });
      const freed = await cti.send("agentSetStatus", { extensionId: world.ids["201"], status: "available" });
      expect(freed).toMatchObject({ success: true, data: { status: "available" } });
      await cti.waitFor("QUEUE_AGENT_OFFERED", (event) => event.data["callId"] === callId && isNewer(event, data));
      await lisa.command("accept");
      const ringsTom = (event: WireEvent): boolean => (event.data["callee"] as { number: string }).number === "202";
      await cti.waitFor("CALL_RINGING", (event) => isNewer(event, data) && ringsTom(event));
      await tom.command("accept");
      await cti.waitFor("QUEUE_CALL_ANSWERED", (event) => event.data["callId"] === callId);
      expect(ends(callId)).toEqual(["QUEUE_CALL_ANSWERED"]);
      await tom.command("hangup");
      await cti.close();
    } finally {
      await again.stop();
    }
  });
});

/** Not one of those that were told again. */
function isNewer({ seq }: { readonly seq?: number }, answer: Readonly<Record<string, unknown>> | undefined): boolean {
  return (seq ?? 0) > Number(answer?.["seq"] ?? 0);
}
