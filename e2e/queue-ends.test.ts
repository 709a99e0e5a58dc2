import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Baresip } from "./src/baresip.ts";
import { freePort } from "./src/free-port.ts";
import { type QueueWorld, queueNumber, startQueueWorld } from "./src/queue-world.ts";
import { playSipp } from "./src/sipp.ts";
import { carrier } from "./src/sipp-carrier.ts";
import { scenario } from "./src/sipp-scenario.ts";
import { watcher } from "./src/sipp-watcher.ts";
import { isVoice, untilSoundsLike } from "./src/tone.ts";

let world: QueueWorld;
let tom: Baresip;
let anna: Baresip;
const [tomHz, annaHz] = [660, 440];

beforeAll(async () => {
  world = await startQueueWorld();
  tom = await world.startPhone("202", { toneHz: tomHz });
  anna = await world.startPhone("200", { toneHz: annaHz });
  const members = [{ extensionId: world.ids["200"] }];
  await world.request("PUT", `/queues/${world.queueId}/members`, { members });
});
afterAll(() => world?.stop());
beforeEach(() => world.mark());

const overflow = (overflowAction: string, overflowDestination: string | null = null) =>
  world.configure({ maxWaitTimeSeconds: 1, overflowAction, overflowDestination });

describe("where a call goes that no agent takes", () => {
  it("[Q1] [Q7] [V30] to a mailbox", async () => {
    await world.patchExtension("201", { voicemailEnabled: true });
    await overflow("voicemail", "*98201");
    await tom.command("dial", queueNumber);
    await world.next("QUEUE_CALL_ABANDONED", { reason: "timeout" });
    const { data } = await world.next("CALL_ANSWERED", { answeredBy: { number: "201" } });
    expect(data["voicemailBoxId"]).toBe(world.ids["201"]);
    await tom.command("hangup");
    await world.next("CALL_ENDED");
  });

  it("[Q1] [Q7] to a number outside", async () => {
    const port = await freePort();
    const place = { host: "127.0.0.1", port, transport: "udp", mainNumber: "+493055520" };
    const account = { username: "pbx", password: "a-carriers-password" };
    const trunk = { name: "SIPp", trunkType: "static", ...place, ...account, optionsEnabled: false };
    const { id } = (await world.request("POST", "/trunks", trunk)) as { id: string };
    await world.cti.waitFor("TRUNK_STATUS_CHANGED", ({ data }) => data["newStatus"] === "active");
    await world.request("POST", "/rules/outbound", { name: "Outside", pattern: "0ZX.", trunkIds: [id] });
    const called = await playSipp({
      scenario: scenario(
        "the carrier takes the call",
        carrier.expectCall({ To: "040777" }),
        carrier.ring(),
        carrier.answer(),
        carrier.waitForBye(),
      ),
      user: { number: "+4940777", password: "" },
      pbx: world.pbx.udp,
      localPort: port,
    });
    await overflow("external", "040777");
    await tom.command("dial", queueNumber);
    await world.next("QUEUE_CALL_ABANDONED", { reason: "timeout" });
    const { data } = await world.next("CALL_ANSWERED", { trunk: { id } });
    expect(data).toMatchObject({ answeredBy: { number: "+4940777" } });
    await tom.command("hangup");
    await world.next("CALL_ENDED");
    await called.done;
  });

  it("[Q1] [Q7] nowhere: it is hung up", async () => {
    await overflow("hangup");
    await tom.command("dial", queueNumber);
    await world.next("QUEUE_CALL_ABANDONED", { reason: "timeout" });
    expect((await world.next("CALL_ENDED")).data).toMatchObject({ reason: "queue_timeout", hangupBy: "system" });
    await world.configure({ maxWaitTimeSeconds: 0 });
  });
});

describe("after the call", () => {
  it("[Q3] [Q9] the wrap-up time is made longer by the agent, and lasts as long as it says", async () => {
    // Shorter than what is wished for, long enough for the wish to come in time.
    await world.configure({ wrapUpTimeSeconds: 2 });
    await world.login("200");
    await tom.command("dial", queueNumber);
    await world.next("CALL_RINGING");
    await anna.command("accept");
    await world.next("QUEUE_CALL_ANSWERED");
    await tom.command("hangup");
    await world.next("AGENT_STATE_CHANGED", { newStatus: "wrap_up" });
    world.mark();
    const wish = { extensionId: world.ids["200"], seconds: 3, reasonCode: "notes" };
    expect(await world.cti.send("agentSetWrapUp", wish)).toMatchObject({ success: true, data: { status: "wrap_up" } });
    const longer = await world.next("AGENT_STATE_CHANGED", { newStatus: "wrap_up", reasonCode: "notes" });
    const rested = await world.next("AGENT_STATE_CHANGED", { newStatus: "available" });
    const restMs = Date.parse(rested.timestamp) - Date.parse(longer.timestamp);
    expect(restMs).toBeGreaterThanOrEqual(2990);
    expect(restMs).toBeLessThan(6000);
    const endsAt = Date.parse(String(longer.data["endsAt"]));
    expect(Math.abs(Date.parse(rested.timestamp) - endsAt)).toBeLessThan(1000);
  });
});

describe("around a queue", () => {
  it("[C16] [G6] a trunk's call comes into it by an inbound rule that names the queue", async () => {
    await world.logout("200");
    const port = await freePort();
    const place = { host: "127.0.0.1", port, transport: "udp", mainNumber: "+493055521" };
    const account = { username: "pbx2", password: "a-carriers-password" };
    const trunk = { name: "Inbound", trunkType: "static", ...place, ...account, optionsEnabled: false };
    const { id: trunkId } = (await world.request("POST", "/trunks", trunk)) as { id: string };
    await world.cti.waitFor("TRUNK_STATUS_CHANGED", ({ data }) => data["trunkName"] === "Inbound");
    const rule = {
      name: "Desk",
      trunkId,
      didPattern: "+493055521",
      destination: { kind: "queue", queueId: world.queueId },
    };
    await world.request("POST", "/rules/inbound", rule);
    const calling = await playSipp({
      scenario: scenario("the carrier delivers a call", carrier.deliver(), carrier.expectAnswer(), carrier.hangUp()),
      user: { number: "+4940777", password: "" },
      dials: "+493055521",
      pbx: world.pbx.udp,
      localPort: port,
    });
    const { data } = await world.next("QUEUE_CALL_ENTERED", { queueId: world.queueId });
    expect(data).toMatchObject({ caller: { number: "+4940777" } });
    expect((await world.next("CALL_CREATED")).data).toMatchObject({
      direction: "inbound",
      callee: { number: queueNumber },
    });
    await calling.done;
    await world.next("QUEUE_CALL_ABANDONED", { reason: "caller_hangup" });
  });

  it("[L8] the lamp of an agent flashes while a call is offered to him", async () => {
    const lamp = await playSipp({
      scenario: scenario(
        "the lamp of an agent",
        watcher.subscribe("dialog", 600),
        watcher.expectNotify({ version: 0, dialog: "terminated" }),
        watcher.expectNotify({ version: 1, dialog: "trying", direction: "recipient", remote: "202" }),
        watcher.expectNotify({ version: 2, dialog: "early", direction: "recipient", remote: "202" }),
        watcher.expectNotify({ version: 3, dialog: "terminated" }),
      ),
      user: world.user("100"),
      pbx: world.pbx.udp,
      dials: "200",
    });
    await expect.poll(() => world.inUse("subscriptions"), { timeout: 10_000 }).toBe(1);
    await delay(1000);
    await world.login("200");
    await tom.command("dial", queueNumber);
    await world.next("CALL_RINGING", { callee: { number: "200" } });
    await delay(1000);
    await tom.command("hangup");
    await lamp.done;
    await world.logout("200");
  });

  it("[W41] a slot is nobody who can be called: refused before the phone rings", async () => {
    const refused = await world.cti.send("originate", { from: "200", to: "701" });
    expect(refused.error).toMatchObject({ code: "NUMBER_NOT_REACHABLE", details: { reason: "not_a_party" } });
  });
});

describe("what travels with a call", () => {
  it("[C80] [C81] data that the caller's application attaches is at the agent's offer, ringing and answer", async () => {
    await world.configure({ wrapUpTimeSeconds: 0 });
    await world.logout("200");
    await tom.command("dial", queueNumber);
    const { data } = await world.next("QUEUE_CALL_ENTERED");
    const { callId } = data;
    const callData = { customerId: "K-4711", ticket: { id: 815 } };
    const attached = await world.cti.send("attachData", { callId, data: { ...callData, draft: null } });
    expect(attached).toMatchObject({ success: true, data: { callId, callData } });
    expect((await world.next("CALL_DATA_ATTACHED")).data).toMatchObject({ callData });
    await world.login("200");
    expect((await world.next("QUEUE_AGENT_OFFERED")).data).toMatchObject({ callId, callData });
    expect((await world.next("CALL_RINGING")).data).toMatchObject({ callData, queue: { name: "Desk" } });
    await anna.command("accept");
    const answered = await world.next("CALL_ANSWERED");
    expect(answered.data).toMatchObject({ callData, queue: { id: world.queueId, name: "Desk" } });
    await untilSoundsLike(anna.heardFiles, tomHz, isVoice);
    // Passed on to somebody else, it is there too.
    await world.startPhone("201", { answerMode: "auto" });
    await world.cti.send("transferBlind", { callId, extensionId: world.ids["200"], destination: "201" });
    const again = await world.next("CALL_ANSWERED", { answeredBy: { number: "201" } });
    expect(again.data).toMatchObject({ callId, callData });
    const { callData: shown } = (await world.get(`/calls/${String(callId)}`)) as { callData?: object };
    expect(shown).toEqual(callData);
    const tooMuch = await world.cti.send("attachData", { callId, data: { much: "x".repeat(5000) } });
    expect(tooMuch.error?.code).toBe("INVALID_PARAMS");
    await tom.command("hangup");
    await world.next("CALL_ENDED");
  });
});
