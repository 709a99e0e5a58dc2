import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Baresip } from "./src/baresip.ts";
import { type QueueWorld, startQueueWorld } from "./src/queue-world.ts";
import { isMusic, isVoice, untilSoundsLike } from "./src/tone.ts";

let world: QueueWorld;
let anna: Baresip;
let lisa: Baresip;
let tom: Baresip;
let max: Baresip;
let supportId = "";
let salesId = "";
let callId = "";
const [annaHz, tomHz] = [440, 660];

beforeAll(async () => {
  world = await startQueueWorld();
  const queues = (await world.get("/queues")) as { data: { id: string; name: string }[] };
  supportId = queues.data.find(({ name }) => name === "Support")?.id ?? "";
  salesId = queues.data.find(({ name }) => name === "Sales")?.id ?? "";
  anna = await world.startPhone("200", { toneHz: annaHz });
  lisa = await world.startPhone("201", { toneHz: 880 });
  tom = await world.startPhone("202", { toneHz: tomHz });
  max = await world.startPhone("100", { toneHz: 1200 });
  await configure({ greetingEnabled: false, announcementIntervalSeconds: 0, wrapUpTimeSeconds: 2 });
});
afterAll(async () => {
  await world?.stop();
});
beforeEach(() => world.mark());

/** Of the demo's Support. */
const configure = (changes: object) => world.configure(changes, supportId);
const login = (number: string, queueIds = [supportId]) => world.login(number, queueIds);

describe("a queue with real phones", () => {
  it("[Q3] rings the agent's phone; both talk; the agent wraps up and is available again", async () => {
    const answer = await login("200");
    expect(answer).toMatchObject({ success: true, data: { status: "available", queueIds: [supportId] } });
    await world.next("AGENT_LOGGED_IN", { number: "200" });
    await world.next("AGENT_STATE_CHANGED", { newStatus: "available" });
    world.mark();
    await tom.command("dial", "300");
    const entered = await world.next("QUEUE_CALL_ENTERED");
    callId = String(entered.data["callId"]);
    expect(entered.data).toMatchObject({ queueName: "Support", caller: { number: "202" }, position: 1 });
    await world.next("QUEUE_AGENT_OFFERED");
    expect((await world.next("CALL_RINGING")).data).toMatchObject({
      callee: { number: "200" },
      queue: { name: "Support" },
    });
    await untilSoundsLike(tom.heardFiles, annaHz, isMusic);
    await anna.command("accept");
    await world.next("QUEUE_CALL_ANSWERED");
    expect((await world.next("AGENT_STATE_CHANGED", { newStatus: "busy" })).data).toMatchObject({
      queueName: "Support",
    });
    await untilSoundsLike(anna.heardFiles, tomHz, isVoice);
    await untilSoundsLike(tom.heardFiles, annaHz, isVoice);
    await tom.command("hangup");
    const wrapUp = await world.next("AGENT_STATE_CHANGED", { newStatus: "wrap_up" });
    const available = await world.next("AGENT_STATE_CHANGED", { newStatus: "available" });
    const restMs = Date.parse(available.timestamp) - Date.parse(wrapUp.timestamp);
    expect(restMs).toBeGreaterThanOrEqual(1990);
    expect(restMs).toBeLessThan(4500);
    expect(world.told()).toEqual([
      "CALL_CREATED",
      "QUEUE_CALL_ENTERED",
      "QUEUE_AGENT_OFFERED",
      "CALL_RINGING",
      "CALL_ANSWERED",
      "QUEUE_CALL_ANSWERED",
      "AGENT_STATE_CHANGED",
      "CALL_ENDED",
      "AGENT_STATE_CHANGED",
      "AGENT_STATE_CHANGED",
    ]);
    expect(world.told().filter((type) => type === "CALL_ENDED")).toHaveLength(1);
    expect(world.cti.typesOf(callId)).toContain("CALL_ENDED");
  });

  it("[Q7] caller_hangup: who gives up leaves the queue before the call ends", async () => {
    await world.logout("200");
    await tom.command("dial", "300");
    const { data } = await world.next("QUEUE_CALL_ENTERED");
    expect((await world.cti.send("hangup", { callId: data["callId"] })).success).toBe(true);
    await world.next("QUEUE_CALL_ABANDONED", { reason: "caller_hangup", callId: data["callId"] });
    expect((await world.next("CALL_ENDED")).data).toMatchObject({ hangupCause: "cancel" });
    const types = world.cti.typesOf(String(data["callId"]));
    expect(types).toEqual(["CALL_CREATED", "QUEUE_CALL_ENTERED", "QUEUE_CALL_ABANDONED", "CALL_ENDED"]);
  });

  it("[Q6] who waits behind is told that he has moved up when the first one gives up", async () => {
    await max.command("dial", "300");
    const first = await world.next("QUEUE_CALL_ENTERED", { caller: { number: "100" }, position: 1 });
    await tom.command("dial", "300");
    const second = await world.next("QUEUE_CALL_ENTERED", { caller: { number: "202" }, position: 2 });
    await max.command("hangup");
    await world.next("CALL_ENDED", { callId: first.data["callId"] });
    const moved = await world.next("QUEUE_POSITION_CHANGED", { queueId: supportId, callId: second.data["callId"] });
    expect(moved.data).toMatchObject({ position: 1, queueName: "Support" });
    await tom.command("hangup");
    await world.next("CALL_ENDED", { callId: second.data["callId"] });
  });

  it("[Q7] timeout: after the longest wait the call overflows to an extension, who is heard", async () => {
    await configure({ maxWaitTimeSeconds: 2, overflowAction: "extension", overflowDestination: "100" });
    await tom.command("dial", "300");
    const left = await world.next("QUEUE_CALL_ABANDONED", { reason: "timeout" });
    // A timer may be a millisecond early, and late on a busy machine.
    expect([1, 2, 3]).toContain(left.data["waitTimeSeconds"]);
    expect((await world.next("CALL_RINGING")).data).toMatchObject({
      callee: { number: "100" },
      forwardedFrom: { number: "300", name: "Support" },
    });
    await max.command("accept");
    await world.next("CALL_ANSWERED");
    await untilSoundsLike(max.heardFiles, tomHz, isVoice);
    await max.command("hangup");
    const { data } = await world.next("CALL_ENDED");
    expect([2, 3]).toContain((data["phases"] as { queueSeconds: number }).queueSeconds);
    await configure({ maxWaitTimeSeconds: 600, overflowAction: "hangup", overflowDestination: null });
  });

  it("[Q7] queue_full: the call never enters, and overflows to another queue", async () => {
    await configure({ maxQueueSize: 0, overflowAction: "queue", overflowDestination: "310" });
    await tom.command("dial", "300");
    await world.next("QUEUE_CALL_ABANDONED", { reason: "queue_full", queueId: supportId });
    const { data } = await world.next("QUEUE_CALL_ENTERED", { queueId: salesId });
    await tom.command("hangup");
    await world.next("CALL_ENDED", { callId: data["callId"] });
    await configure({ maxQueueSize: 50, overflowAction: "hangup", overflowDestination: null });
  });

  it("[Q7] no_agents: nobody is logged in and the queue does not wait", async () => {
    await configure({ waitsWithoutAgents: false });
    await tom.command("dial", "300");
    await world.next("QUEUE_CALL_ABANDONED", { reason: "no_agents" });
    expect((await world.next("CALL_ENDED")).data).toMatchObject({ reason: "no_agents" });
    await configure({ waitsWithoutAgents: true });
  });

  it("[Q4] a phone that rings out three times sends its agent on a break", async () => {
    await configure({ ringTimeoutSeconds: 1 });
    await login("200");
    await tom.command("dial", "300");
    await world.next("QUEUE_AGENT_NO_ANSWER", { outcome: "no_answer" });
    const rest = await world.next("AGENT_STATE_CHANGED", { newStatus: "break" });
    expect(rest.data).toMatchObject({ reasonCode: "auto_no_answer", number: "200" });
    expect(world.told().filter((type) => type === "QUEUE_AGENT_NO_ANSWER")).toHaveLength(3);
    await configure({ ringTimeoutSeconds: 20 });
    world.mark();
    const back = await world.cti.send("agentSetStatus", { extensionId: world.ids["200"], status: "available" });
    expect(back).toMatchObject({ success: true, data: { status: "available" } });
    await world.next("CALL_RINGING");
    await anna.command("accept");
    await world.next("QUEUE_CALL_ANSWERED");
    await tom.command("hangup");
    await world.next("AGENT_STATE_CHANGED", { newStatus: "wrap_up" });
    const ended = await world.cti.send("agentSetWrapUp", { extensionId: world.ids["200"], seconds: 0 });
    expect(ended).toMatchObject({ success: true, data: { status: "available" } });
  });

  it("[Q8] a phone that is gone in the offer makes its agent offline; the call goes to the next one", async () => {
    await tom.command("dial", "300");
    await world.next("CALL_RINGING");
    await login("201");
    const { data } = await world.cti.waitFor("EXTENSION_REGISTERED", (event) => event.data["number"] === "200");
    await world.request("DELETE", `/extensions/${world.ids["200"]}/registrations/${String(data["bindingId"])}`);
    await world.next("QUEUE_AGENT_NO_ANSWER", { outcome: "device_lost" });
    await world.next("AGENT_STATE_CHANGED", { newStatus: "offline", reasonCode: "device_lost" });
    await world.cti.waitFor(
      "CALL_RINGING",
      ({ data: told }) => (told["callee"] as { number: string }).number === "201",
    );
    await lisa.command("accept");
    await world.next("QUEUE_CALL_ANSWERED");
    await untilSoundsLike(lisa.heardFiles, tomHz, isVoice);
    await tom.command("hangup");
    await world.next("CALL_ENDED");
  });

  it("[Q2] [Q12] a phone logs in and out by code; the log-out has the day's totals; an unknown queue is refused", async () => {
    await world.logout("201");
    world.mark();
    await lisa.command("dial", "*50");
    expect((await world.next("AGENT_LOGGED_IN", { number: "201" })).data["queues"]).toHaveLength(2);
    await lisa.command("dial", "*51");
    const { data } = await world.next("AGENT_LOGGED_OUT", { number: "201" });
    expect(data["totalCallsToday"]).toBe(1);
    expect((await login("201", ["nowhere"])).error?.code).toBe("QUEUE_NOT_FOUND");
    expect((await world.logout("201")).error?.code).toBe("AGENT_NOT_LOGGED_IN");
  });

  it("[Q3] a call is passed on into the queue and taken there under the same id", async () => {
    await tom.command("dial", "100");
    await world.next("CALL_RINGING");
    await max.command("accept");
    const answered = await world.next("CALL_ANSWERED");
    const id = answered.data["callId"];
    await login("201");
    await world.cti.send("transferBlind", { callId: id, extensionId: world.ids["100"], destination: "300" });
    await world.next("QUEUE_CALL_ENTERED", { callId: id });
    await world.cti.waitFor(
      "CALL_RINGING",
      (event) => event.data["callId"] === id && event.data["queue"] !== undefined,
    );
    await lisa.command("accept");
    await world.next("QUEUE_CALL_ANSWERED", { callId: id });
    await untilSoundsLike(lisa.heardFiles, tomHz, isVoice);
    await tom.command("hangup");
    await world.next("CALL_ENDED", { callId: id });
  });

  it("[W33] [Q11] a wallboard on queues and agents gets the figures, and REST agrees", async () => {
    const { data } = await world.next("QUEUE_STATS_UPDATED", { queueId: supportId });
    expect(data).toMatchObject({ waitingCalls: 0, activeCalls: 0 });
    const stats = (await world.get(`/queues/${supportId}/stats`)) as { total: Readonly<Record<string, unknown>> };
    const of = (type: string) =>
      world.cti.events.filter((event) => event.type === type && event.data["queueId"] === supportId);
    expect(stats.total["answered"]).toBe(of("QUEUE_CALL_ANSWERED").length);
    expect(stats.total["entered"]).toBe(of("QUEUE_CALL_ENTERED").length);
    expect(stats.total["abandoned"]).toEqual({ caller_hangup: 3, timeout: 1, queue_full: 1, no_agents: 1 });
  });
});
