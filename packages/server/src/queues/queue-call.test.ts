import { describe, expect, it } from "vitest";
import { createQueueTestbench } from "./queue-testbench.ts";

describe("a call through a queue", () => {
  it("[Q3] is entered, offered, answered and ended in this order, and the agent wraps up and is available again", async () => {
    const bench = await createQueueTestbench({ wrapUpTimeSeconds: 30 });
    await bench.login("200");
    const from = bench.events.length;
    const { leg, callId } = await bench.enter("202");
    expect(bench.engine.leg(leg)?.state).toBe("answered");
    expect(bench.engine.hearsHoldMusic(leg)).toBe(true);
    const agentLeg = bench.ringingAt("200");
    bench.engine.ring(agentLeg);
    bench.scheduler.advance(5000);
    bench.engine.answer(agentLeg);
    await bench.settle();
    expect(bench.engine.hears(leg, agentLeg)).toBe(true);
    expect(bench.engine.hearsHoldMusic(leg)).toBe(false);
    bench.scheduler.advance(60_000);
    bench.engine.hangup(leg);
    await bench.settle();
    bench.scheduler.advance(30_000);
    expect(bench.told(from)).toEqual([
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
    const queue = { id: "support", name: "Support", waitSeconds: 5 };
    const agent = { number: "200", extensionId: bench.idOf("200"), agentId: "user-200" };
    expect(bench.last("QUEUE_CALL_ENTERED")).toMatchObject({
      callId,
      queueId: "support",
      queueName: "Support",
      caller: { number: "202" },
      position: 1,
      estimatedWaitSeconds: 0,
    });
    expect(bench.last("CALL_RINGING")).toMatchObject({ callee: { number: "200" }, queue: { id: "support" } });
    expect(bench.last("CALL_ANSWERED")).toMatchObject({ answeredBy: { number: "200" }, queue });
    expect(bench.last("QUEUE_CALL_ANSWERED")).toMatchObject({ agent, waitTimeSeconds: 5 });
    expect(bench.last("CALL_ENDED")).toMatchObject({
      hangupCause: "normal_clearing",
      durationSeconds: 60,
      phases: { queueSeconds: 5, talkSeconds: 60 },
    });
    const states = bench.events.filter(({ type }) => type === "AGENT_STATE_CHANGED").map(({ data }) => data);
    expect(states.slice(1)).toMatchObject([
      { oldStatus: "available", newStatus: "busy", queueId: "support", queueName: "Support" },
      {
        oldStatus: "busy",
        newStatus: "wrap_up",
        queueId: "support",
        nextStatus: "available",
        previousDurationSeconds: 60,
      },
      {
        oldStatus: "wrap_up",
        newStatus: "available",
        previousDurationSeconds: 30,
        callsToday: 1,
        talkTimeSecondsToday: 60,
      },
    ]);
  });

  it("[Q5] an agent whose phone somebody else stops ringing is offered the call that waits", async () => {
    const bench = await createQueueTestbench();
    await bench.login("200");
    const colleague = bench.engine.call(bench.phone("203"), "200");
    await bench.settle();
    const { callId } = await bench.enter("202");
    expect(bench.typesOf(callId)).not.toContain("QUEUE_AGENT_OFFERED");
    bench.engine.hangup(colleague);
    await bench.settle();
    expect(bench.last("QUEUE_AGENT_OFFERED")).toMatchObject({ callId, agent: { number: "200" } });
  });

  it("[Q5] an agent whom the caller of one queue stops ringing is offered the call that waits in another", async () => {
    const bench = await createQueueTestbench();
    bench.addQueue({ id: "sales", name: "Sales", extensionNumber: "310" });
    await bench.login("200", ["support", "sales"]);
    const first = await bench.enter("202");
    const second = await bench.enter("203", "310");
    expect(bench.typesOf(second.callId)).not.toContain("QUEUE_AGENT_OFFERED");
    bench.engine.hangup(first.leg);
    await bench.settle();
    expect(bench.last("QUEUE_AGENT_OFFERED")).toMatchObject({ callId: second.callId, queueId: "sales" });
  });
});
