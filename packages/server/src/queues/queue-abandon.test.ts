import { describe, expect, it } from "vitest";
import { createQueueTestbench } from "./queue-testbench.ts";

describe("calls that no agent takes", () => {
  it("[Q7] caller_hangup comes before the call's end, and withdraws the offer", async () => {
    const bench = await createQueueTestbench();
    await bench.login("200");
    const { leg, callId } = await bench.enter("202");
    bench.engine.ring(bench.ringingAt("200"));
    bench.scheduler.advance(7000);
    bench.engine.hangup(leg);
    await bench.settle();
    expect(bench.typesOf(callId)).toEqual([
      "CALL_CREATED",
      "QUEUE_CALL_ENTERED",
      "QUEUE_AGENT_OFFERED",
      "CALL_RINGING",
      "QUEUE_AGENT_NO_ANSWER",
      "QUEUE_CALL_ABANDONED",
      "CALL_ENDED",
    ]);
    expect(bench.last("QUEUE_AGENT_NO_ANSWER")).toMatchObject({ outcome: "caller_left", ringSeconds: 7 });
    expect(bench.last("QUEUE_CALL_ABANDONED")).toMatchObject({ reason: "caller_hangup", waitTimeSeconds: 7 });
    expect(bench.acd.agents.ofExtension(bench.idOf("200"))).toMatchObject({ status: "available", missedInRow: 0 });
    expect(bench.engine.usage()).toMatchObject({ legs: 0, bridges: 0, playbacks: 0 });
  });

  it("[Q7] timeout goes on to the overflow; two queues that overflow into each other end the call", async () => {
    const bench = await createQueueTestbench({
      maxWaitTimeSeconds: 60,
      overflowAction: "queue",
      overflowDestination: "310",
    });
    bench.addQueue({
      id: "sales",
      name: "Sales",
      extensionNumber: "310",
      maxQueueSize: 0,
      overflowAction: "queue",
      overflowDestination: "300",
    });
    bench.configure({ maxWaitTimeSeconds: 60 });
    const { callId } = await bench.enter("202");
    bench.scheduler.advance(60_000);
    await bench.settle();
    expect(bench.last("QUEUE_CALL_ABANDONED")).toMatchObject({ reason: "queue_full", queueId: "sales" });
    bench.configure({ maxQueueSize: 0 });
    bench.scheduler.advance(60_000);
    await bench.settle();
    expect(bench.typesOf(callId).at(-1)).toBe("CALL_ENDED");
    expect(bench.last("CALL_ENDED")).toMatchObject({ reason: "forwarding_loop" });
  });

  it("[Q7] [C4] the calls of a queue that is removed end", async () => {
    const bench = await createQueueTestbench();
    const { callId } = await bench.enter("202");
    bench.queues.length = 0;
    bench.configure({});
    await bench.settle();
    expect(bench.typesOf(callId).slice(-2)).toEqual(["QUEUE_CALL_ABANDONED", "CALL_ENDED"]);
    expect(bench.last("QUEUE_CALL_ABANDONED")).toMatchObject({ reason: "no_agents" });
    expect(bench.last("CALL_ENDED")).toMatchObject({ hangupBy: "system", reason: "no_agents" });
    expect(bench.engine.usage()).toMatchObject({ legs: 0, playbacks: 0 });
  });

  it("[Q4] a phone that refuses without having rung is asked again after 5 s, not at once", async () => {
    const bench = await createQueueTestbench();
    await bench.login("200");
    const offers = () => bench.events.filter(({ type }) => type === "QUEUE_AGENT_OFFERED");
    await bench.enter("202");
    bench.engine.reject(bench.ringingAt("200"), "busy", 486);
    await bench.settle();
    expect(bench.last("QUEUE_AGENT_NO_ANSWER")).toMatchObject({ outcome: "busy" });
    bench.scheduler.advance(4999);
    await bench.settle();
    expect(offers()).toHaveLength(1);
    bench.scheduler.advance(1);
    await bench.settle();
    expect(offers()).toHaveLength(2);
    // Somebody who hears it may refuse it, and is asked again at once.
    bench.engine.ring(bench.ringingAt("200"));
    bench.engine.reject(bench.ringingAt("200"), "busy", 486);
    await bench.settle();
    expect(offers()).toHaveLength(3);
  });

  it("[Q4] [Q5] a phone that refuses without having rung holds up no other agent, in no queue", async () => {
    const bench = await createQueueTestbench();
    bench.addQueue({ id: "sales", name: "Sales", extensionNumber: "310" });
    await bench.login("200", ["support", "sales"]);
    const first = await bench.enter("202");
    bench.engine.reject(bench.ringingAt("200"), "failed", 503);
    await bench.settle();
    const second = await bench.enter("203", "310");
    expect(bench.typesOf(second.callId)).not.toContain("QUEUE_AGENT_OFFERED");
    await bench.login("201");
    expect(bench.last("QUEUE_AGENT_OFFERED")).toMatchObject({ callId: first.callId, agent: { number: "201" } });
    bench.scheduler.advance(5000);
    await bench.settle();
    expect(bench.last("QUEUE_AGENT_OFFERED")).toMatchObject({ callId: second.callId, agent: { number: "200" } });
  });

  it("[Q8] a refusal by command, and a call that came back, keep the call's place", async () => {
    const bench = await createQueueTestbench();
    await bench.login("200");
    const first = await bench.enter("202");
    const second = await bench.enter("203");
    const leg = bench.ringingAt("200");
    bench.engine.ring(leg);
    await bench.settle();
    const answer = await bench.commands.reject({ callId: first.callId }, bench.as("200"));
    expect(answer.ok).toBe(true);
    await bench.settle();
    // Nobody else is there: the same agent, and the same call first.
    expect(bench.last("QUEUE_AGENT_OFFERED")).toMatchObject({ callId: first.callId });
    bench.engine.answer(bench.ringingAt("200"));
    await bench.settle();
    bench.scheduler.advance(1000);
    expect(bench.last("QUEUE_POSITION_CHANGED")).toMatchObject({ callId: second.callId, position: 1 });
  });
});

describe("agents", () => {
  it("[Q9] an own call makes busy and leads back to the break; a break asked for in a call follows it", async () => {
    const bench = await createQueueTestbench({ wrapUpTimeSeconds: 10 });
    await bench.login("200");
    const id = bench.idOf("200");
    const status = () => bench.acd.agents.ofExtension(id)?.status;
    await bench.acd.commands.agentSetStatus(
      { extensionId: id, status: "break", reasonCode: "lunch" },
      bench.as("200", "all"),
    );
    const own = bench.engine.call(bench.phone("200"), "203");
    await bench.settle();
    expect(status()).toBe("busy");
    expect(bench.last("AGENT_STATE_CHANGED")).toMatchObject({
      oldStatus: "break",
      nextStatus: "break",
      nextReasonCode: "lunch",
    });
    bench.engine.hangup(own);
    await bench.settle();
    expect(bench.last("AGENT_STATE_CHANGED")).toMatchObject({ newStatus: "break", reasonCode: "lunch" });
    await bench.acd.commands.agentSetStatus({ extensionId: id, status: "available" }, bench.as("200", "all"));
    const { leg } = await bench.enter("202");
    bench.engine.answer(bench.ringingAt("200"));
    await bench.settle();
    for (const reasonCode of ["lunch", "meeting"]) {
      await bench.acd.commands.agentSetStatus({ extensionId: id, status: "break", reasonCode }, bench.as("200", "all"));
      expect(status()).toBe("busy");
      const told = { oldStatus: "busy", newStatus: "busy", nextStatus: "break", nextReasonCode: reasonCode };
      expect(bench.last("AGENT_STATE_CHANGED")).toMatchObject(told);
    }
    bench.engine.hangup(leg);
    await bench.settle();
    expect(bench.last("AGENT_STATE_CHANGED")).toMatchObject({
      newStatus: "wrap_up",
      nextStatus: "break",
      nextReasonCode: "meeting",
    });
    expect(bench.acd.kept().agents).toMatchObject([{ wish: { status: "break", reasonCode: "meeting" } }]);
    bench.scheduler.advance(10_000);
    expect(bench.last("AGENT_STATE_CHANGED")).toMatchObject({ newStatus: "break", reasonCode: "meeting" });
  });

  it("[Q10] a break that is set while the phone is away outlives a restart", async () => {
    const bench = await createQueueTestbench();
    await bench.login("200");
    const extensionId = bench.idOf("200");
    bench.engine.unregister(bench.phone("200"));
    await bench.settle();
    expect(bench.last("AGENT_STATE_CHANGED")).toMatchObject({ newStatus: "offline", reasonCode: "device_lost" });
    expect(bench.last("AGENT_STATE_CHANGED")).not.toHaveProperty("nextStatus");
    const lunchBreak = { extensionId, status: "break", reasonCode: "lunch" } as const;
    await bench.acd.commands.agentSetStatus(lunchBreak, bench.as("200", "all"));
    const lunchFollows = { newStatus: "offline", nextStatus: "break", nextReasonCode: "lunch" };
    expect(bench.last("AGENT_STATE_CHANGED")).toMatchObject(lunchFollows);
    bench.acd.agents.restore(bench.acd.kept().agents, bench.acd.kept().days);
    expect(bench.acd.agents.ofExtension(extensionId)?.wish).toEqual({ status: "break", reasonCode: "lunch" });
    const again = bench.register("200");
    await bench.settle();
    expect(bench.last("AGENT_STATE_CHANGED")).toMatchObject({ newStatus: "break", reasonCode: "lunch" });
    // A phone that is lost in a break leads back to it; a log-out leads nowhere.
    bench.engine.unregister(again);
    await bench.settle();
    expect(bench.last("AGENT_STATE_CHANGED")).toMatchObject({ oldStatus: "break", ...lunchFollows });
    await bench.acd.commands.agentLogout({ extensionId }, bench.as("200", "all"));
    expect(bench.last("AGENT_STATE_CHANGED")).toMatchObject({ oldStatus: "offline", newStatus: "offline" });
    expect(bench.last("AGENT_STATE_CHANGED")).not.toHaveProperty("nextStatus");
  });

  it("[Q8] who logs out in a call has talked until then", async () => {
    const bench = await createQueueTestbench();
    await bench.login("200");
    const { leg } = await bench.enter("202");
    bench.engine.answer(bench.ringingAt("200"));
    await bench.settle();
    bench.scheduler.advance(42_000);
    await bench.acd.commands.agentLogout({ extensionId: bench.idOf("200") }, bench.as("200", "all"));
    const totals = { totalCallsToday: 1, totalTalkTimeSeconds: 42 };
    expect(bench.last("AGENT_STATE_CHANGED")).toMatchObject({
      newStatus: "offline",
      queueId: "support",
      talkSeconds: 42,
      talkTimeSecondsToday: 42,
    });
    expect(bench.last("AGENT_LOGGED_OUT")).toMatchObject(totals);
    // The call goes on, and counts no more when it ends.
    bench.scheduler.advance(10_000);
    bench.engine.hangup(leg);
    await bench.settle();
    await bench.login("200");
    await bench.acd.commands.agentLogout({ extensionId: bench.idOf("200") }, bench.as("200", "all"));
    expect(bench.last("AGENT_LOGGED_OUT")).toMatchObject(totals);
  });

  it("[Q10] a log-in is read back from the log with its totals, and ends once", async () => {
    const bench = await createQueueTestbench({ wrapUpTimeSeconds: 0 });
    await bench.login("200");
    const { leg } = await bench.enter("202");
    bench.engine.answer(bench.ringingAt("200"));
    await bench.settle();
    bench.scheduler.advance(42_000);
    bench.engine.hangup(leg);
    await bench.settle();
    expect(bench.acd.kept()).toMatchObject({
      agents: [{ agentId: "user-200", memberships: [{ queueId: "support" }], wish: { status: "available" } }],
      days: [["user-200", { calls: 1, talkMs: 42_000 }]],
    });
    const { agents } = bench.acd;
    const kept = bench.acd.kept();
    const before = bench.events.length;
    agents.restore(kept.agents, kept.days);
    expect(bench.told(before)).toEqual([]);
    await bench.acd.commands.agentLogout({ extensionId: bench.idOf("200") }, bench.as("200", "all"));
    expect(bench.last("AGENT_LOGGED_OUT")).toMatchObject({ totalCallsToday: 1, totalTalkTimeSeconds: 42 });
    expect(bench.acd.kept().agents).toEqual([]);
    expect(bench.events.filter(({ type }) => type === "AGENT_LOGGED_OUT")).toHaveLength(1);
  });
});
