import { brandId, type PlaybackId } from "@pbx-x/telephony";
import { describe, expect, it } from "vitest";
import { createQueueTestbench, type QueueTestbench } from "./queue-testbench.ts";

const settings = { callbackEnabled: true, callbackRetrySeconds: 60, callbackAttempts: 2, callbackExpirySeconds: 3600 };

/** 202 waits, presses 1 and hangs up; nobody is logged in. */
async function requested(changes: object = {}) {
  const bench = await createQueueTestbench({ ...settings, ...changes });
  const { leg, callId } = await bench.enter("202");
  bench.engine.press(leg, "1");
  await bench.settle();
  bench.engine.hangup(leg);
  await bench.settle();
  return { bench, callId };
}

const attemptOf = (bench: QueueTestbench) => String(bench.last("QUEUE_AGENT_OFFERED")["callbackCallId"]);
const newestLeg = (bench: QueueTestbench) => bench.ringingLegs().at(-1) ?? brandId("none");

describe("who is called back", () => {
  it("[Q13] keeps the place after hanging up, before who came later; nobody is lost and nothing abandoned", async () => {
    const { bench, callId } = await requested();
    expect(bench.typesOf(callId)).toEqual([
      "CALL_CREATED",
      "QUEUE_CALL_ENTERED",
      "QUEUE_CALLBACK_REQUESTED",
      "CALL_ENDED",
    ]);
    expect(bench.last("CALL_ENDED")).toMatchObject({ reason: "callback" });
    const { leg: later } = await bench.enter("203");
    expect(bench.last("QUEUE_CALL_ENTERED")).toMatchObject({ position: 2 });
    await bench.login("200");
    expect(bench.last("QUEUE_AGENT_OFFERED")).toMatchObject({ callId, caller: { number: "202" } });
    expect(bench.engine.leg(later)?.state).toBe("answered");
    bench.scheduler.advance(1000);
    expect(bench.stats.at(-1)).toMatchObject({ waitingCalls: 2, waitingCallbacks: 1 });
  });

  it("[Q13] hears so; then the PBX hangs up. Who rang stops, and the key does nothing where it may not", async () => {
    const bench = await createQueueTestbench({ ...settings, greetingEnabled: true });
    await bench.login("200");
    const { leg } = await bench.enter("202");
    bench.engine.ring(bench.ringingAt("200"));
    bench.engine.press(leg, "2");
    bench.engine.press(leg, "1");
    await bench.settle();
    expect(bench.last("QUEUE_AGENT_NO_ANSWER")).toMatchObject({ outcome: "caller_left" });
    expect(bench.engine.hearsPlayback(leg)).toMatchObject({
      path: expect.stringContaining("queue-callback-confirmed"),
    });
    expect(bench.engine.hearsHoldMusic(leg)).toBe(false);
    bench.engine.finishPlayback(playbackTo(bench, leg));
    await bench.settle();
    expect(bench.engine.leg(leg)?.state ?? "ended").toBe("ended");
    expect(bench.last("CALL_ENDED")).toMatchObject({ reason: "callback", hangupBy: "system" });
    bench.configure({ callbackEnabled: false });
    const other = await bench.enter("203");
    bench.engine.press(other.leg, "1");
    await bench.settle();
    expect(bench.events.filter(({ type }) => type === "QUEUE_CALLBACK_REQUESTED")).toHaveLength(1);
  });

  it("[Q14] an agent is rung, then the caller, in one thread; they talk, and the agent wraps up", async () => {
    const { bench, callId } = await requested({ wrapUpTimeSeconds: 30 });
    bench.scheduler.advance(10_000);
    await bench.login("200");
    const callbackCallId = attemptOf(bench);
    bench.engine.answer(newestLeg(bench));
    await bench.settle();
    const customer = newestLeg(bench);
    expect(bench.acd.agents.ofExtension(bench.idOf("200"))).toMatchObject({ status: "busy" });
    bench.engine.ring(customer);
    bench.engine.answer(customer);
    await bench.settle();
    const told = bench.typesOf(callbackCallId);
    expect(told).toEqual(["CALL_CREATED", "CALL_RINGING", "CALL_ANSWERED"]);
    expect(bench.last("CALL_ANSWERED")).toMatchObject({
      threadId: callId,
      answeredBy: { number: "202" },
      queue: { id: "support", waitSeconds: 10 },
    });
    expect(bench.last("QUEUE_CALL_ANSWERED")).toMatchObject({
      callId,
      callbackCallId,
      agent: { number: "200" },
      waitTimeSeconds: 10,
    });
    expect(bench.acd.kept().callbacks).toEqual([]);
    bench.scheduler.advance(20_000);
    bench.engine.hangup(customer);
    await bench.settle();
    expect(bench.last("AGENT_STATE_CHANGED")).toMatchObject({ newStatus: "wrap_up", talkSeconds: 20, callsToday: 1 });
    expect(bench.acd.rest.figures.today("support")).toMatchObject({ entered: 1, answered: 1, handled: 1 });
  });

  it("[C4] [Q14] a call that comes back to the agent after a transfer has no second end in the queue", async () => {
    const { bench } = await requested();
    await bench.login("200");
    bench.engine.answer(newestLeg(bench));
    await bench.settle();
    bench.engine.answer(newestLeg(bench));
    await bench.settle();
    const callId = attemptOf(bench);
    await bench.commands.transferBlind({ callId, destination: "203" }, bench.as("200"));
    await bench.settle();
    bench.engine.reject(newestLeg(bench), "busy", 486);
    await bench.settle();
    bench.engine.answer(newestLeg(bench));
    await bench.settle();
    expect(bench.typesOf(callId).slice(-3)).toEqual(["CALL_TRANSFER_FAILED", "CALL_RINGING", "CALL_ANSWERED"]);
    expect(bench.events.filter(({ type }) => type === "QUEUE_CALL_ANSWERED")).toHaveLength(1);
  });

  it("[Q4] [Q14] an agent who lets it ring loses nothing but his turn: the place is offered again", async () => {
    const { bench, callId } = await requested();
    await bench.login("200");
    const first = newestLeg(bench);
    bench.engine.ring(first);
    bench.engine.reject(first, "no_answer", 480);
    await bench.settle();
    expect(bench.last("QUEUE_AGENT_NO_ANSWER")).toMatchObject({ callId, outcome: "no_answer" });
    expect(bench.acd.agents.ofExtension(bench.idOf("200"))).toMatchObject({ missedInRow: 1 });
    expect(bench.events.filter(({ type }) => type === "QUEUE_AGENT_OFFERED")).toHaveLength(2);
    const id = bench.idOf("200");
    await bench.acd.commands.agentSetStatus({ extensionId: id, status: "break" }, bench.as("200", "all"));
    await bench.settle();
    expect(bench.last("QUEUE_AGENT_NO_ANSWER")).toMatchObject({ outcome: "rejected" });
    expect(bench.engine.usage().legs).toBe(0);
  });

  it("[Q4] [Q14] a phone that refuses to call somebody back without having rung is asked again after 5 s", async () => {
    const { bench } = await requested();
    await bench.login("200");
    const offers = () => bench.events.filter(({ type }) => type === "QUEUE_AGENT_OFFERED");
    const before = offers().length;
    bench.engine.reject(newestLeg(bench), "busy", 486);
    await bench.settle();
    expect(bench.last("QUEUE_AGENT_NO_ANSWER")).toMatchObject({ outcome: "busy" });
    expect(offers()).toHaveLength(before);
    bench.scheduler.advance(5000);
    await bench.settle();
    expect(offers()).toHaveLength(before + 1);
  });

  it("[Q14] [Q15] a caller who is not reached is tried again after a time, and given up at last", async () => {
    const { bench, callId } = await requested();
    await bench.login("200");
    const attempt = async (): Promise<void> => {
      bench.engine.answer(newestLeg(bench));
      await bench.settle();
      bench.engine.reject(newestLeg(bench), "busy", 486);
      await bench.settle();
    };
    await attempt();
    expect(bench.last("QUEUE_CALLBACK_FAILED")).toMatchObject({ callId, attempt: 1, reason: "busy" });
    expect(bench.acd.agents.ofExtension(bench.idOf("200"))).toMatchObject({ status: "available", missedInRow: 0 });
    const before = bench.events.length;
    bench.scheduler.advance(59_000);
    await bench.settle();
    expect(bench.told(before)).toEqual([]);
    bench.scheduler.advance(1000);
    await bench.settle();
    await attempt();
    expect(bench.last("QUEUE_CALLBACK_FAILED")).toMatchObject({ attempt: 2 });
    expect(bench.last("QUEUE_CALLBACK_FAILED")).not.toHaveProperty("nextAttemptAt");
    expect(bench.last("QUEUE_CALL_ABANDONED")).toMatchObject({
      callId,
      reason: "caller_hangup",
      callbackFailure: "unreachable",
    });
    expect(bench.acd.service.line("support").size).toBe(0);
    expect(bench.acd.kept().callbacks).toEqual([]);
  });

  it("[Q15] expires; goes with its queue; is read back from the log after a restart", async () => {
    const { bench, callId } = await requested();
    const [kept] = bench.acd.kept().callbacks ?? [];
    expect(kept).toMatchObject({ callId, caller: { number: "202" }, failedAttempts: 0 });
    bench.scheduler.advance(3_600_000);
    await bench.settle();
    expect(bench.last("QUEUE_CALL_ABANDONED")).toMatchObject({ reason: "timeout", callbackFailure: "expired" });
    if (kept === undefined) throw new Error("nothing is kept");
    // As after a restart, with its time not over.
    bench.acd.service.callbacks.resume({ ...kept, expiresAtMs: bench.scheduler.now() + 60_000 });
    expect(bench.acd.startingState().at(-1)).toMatchObject({
      type: "QUEUE_CALLBACK_REQUESTED",
      data: { callId, position: 1 },
    });
    bench.queues.splice(0, 1);
    bench.acd.service.callbacks.resume({ ...kept, expiresAtMs: bench.scheduler.now() + 60_000 });
    expect(bench.last("QUEUE_CALL_ABANDONED")).toMatchObject({ reason: "no_agents", callbackFailure: "cancelled" });
  });
});

function playbackTo(bench: QueueTestbench, leg: string): PlaybackId {
  for (const { stage } of bench.calls.registry.all()) {
    if (stage.at === "queued" && stage.callerLegId === leg && stage.speech !== undefined)
      return stage.speech.playbackId;
  }
  throw new Error("nothing is said");
}
