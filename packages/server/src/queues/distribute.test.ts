import { describe, expect, it } from "vitest";
import type { AcdAgent, AcdQueue, QueueStrategy, WaitingCall } from "./acd-state.ts";
import { distribute } from "./distribute.ts";

function agent(agentId: string, changes: Partial<AcdAgent> & { readonly penalty?: number } = {}): AcdAgent {
  const { penalty = 0, ...rest } = changes;
  const memberships = [{ queueId: "support", penalty }];
  return { agentId, isFree: true, idleSinceMs: 0, talkedMs: 0, memberships, skills: new Map(), ...rest };
}

function call(order: number, changes: Partial<WaitingCall> = {}): WaitingCall {
  const rest = { priority: 0, isOffered: false, skills: [], missedBy: new Set<string>() };
  return { entryId: `call-${order}`, queueId: "support", order, ...rest, ...changes };
}

function queue(strategy: QueueStrategy, changes: Partial<AcdQueue> = {}): AcdQueue {
  return { queueId: "support", strategy, weight: 0, ...changes };
}

function offersOf(
  queues: readonly AcdQueue[],
  agents: readonly AcdAgent[],
  waiting: readonly WaitingCall[],
  random = () => 0,
) {
  const state = { queues: new Map(queues.map((one) => [one.queueId, one])), agents, waiting };
  return distribute(state, random).map(({ entryId, agentIds }) => `${entryId}: ${agentIds.join(" ")}`);
}

describe("[Q1] whom a call is offered to", () => {
  const three = [
    agent("anna", { idleSinceMs: 300, talkedMs: 10 }),
    agent("lisa", { idleSinceMs: 100, talkedMs: 30 }),
    agent("tom", { idleSinceMs: 200, talkedMs: 20 }),
  ];
  it.each([
    { strategy: "ring_all", expected: ["call-1: lisa tom anna"] },
    { strategy: "longest_idle", expected: ["call-1: lisa"] },
    { strategy: "least_talk_time", expected: ["call-1: anna"] },
    { strategy: "round_robin", expected: ["call-1: anna"] },
  ] as const)("[Q1] $strategy", ({ strategy, expected }) => {
    expect(offersOf([queue(strategy)], three, [call(1)])).toEqual(expected);
  });

  it("[Q1] round_robin goes on after the last one, and begins again", () => {
    expect(offersOf([queue("round_robin", { lastAgentId: "anna" })], three, [call(1)])).toEqual(["call-1: lisa"]);
    expect(offersOf([queue("round_robin", { lastAgentId: "tom" })], three, [call(1), call(2)])).toEqual([
      "call-1: anna",
      "call-2: lisa",
    ]);
  });

  it("[Q1] random takes anybody, by the number that comes from outside", () => {
    expect(offersOf([queue("random")], three, [call(1)], () => 0.5)).toEqual(["call-1: lisa"]);
    expect(offersOf([queue("random")], three, [call(1)], () => 0.99)).toEqual(["call-1: tom"]);
  });

  it("[Q1] skills asks the best of those who know enough; nobody else, and those behind do not wait for it", () => {
    const agents = [
      agent("anna", { skills: new Map([["french", 2]]) }),
      agent("lisa", { skills: new Map([["french", 5]]) }),
    ];
    const french = { skills: [{ skill: "french", minimum: 2 }] };
    const russian = { skills: [{ skill: "russian", minimum: 1 }] };
    expect(offersOf([queue("skills")], agents, [call(1, russian), call(2, french), call(3)])).toEqual([
      "call-2: lisa",
      "call-3: anna",
    ]);
  });

  it("[Q1] a lower penalty goes before every strategy", () => {
    const agents = [agent("anna", { penalty: 5 }), agent("lisa", { penalty: 1, idleSinceMs: 900 })];
    expect(offersOf([queue("longest_idle")], agents, [call(1)])).toEqual(["call-1: lisa"]);
    expect(offersOf([queue("ring_all")], agents, [call(1)])).toEqual(["call-1: lisa"]);
  });

  it("[Q4] who missed the call is asked again only when there is nobody else", () => {
    const missed = call(1, { missedBy: new Set(["lisa"]) });
    expect(offersOf([queue("longest_idle")], three, [missed])).toEqual(["call-1: tom"]);
    expect(offersOf([queue("longest_idle")], three.slice(1, 2), [missed])).toEqual(["call-1: lisa"]);
  });
});

describe("[Q5] which call is next", () => {
  it("[Q5] the first that came; priority goes before", () => {
    const waiting = [call(3), call(1), call(2, { priority: 5 })];
    expect(offersOf([queue("longest_idle")], [agent("anna"), agent("lisa")], waiting)).toEqual([
      "call-2: anna",
      "call-1: lisa",
    ]);
  });

  it("[Q1] a heavier queue gets the agent that both share", () => {
    const both = agent("anna", {
      memberships: [
        { queueId: "support", penalty: 0 },
        { queueId: "sales", penalty: 0 },
      ],
    });
    const queues = [queue("longest_idle"), queue("longest_idle", { queueId: "sales", weight: 10 })];
    expect(offersOf(queues, [both], [call(1), call(2, { queueId: "sales" })])).toEqual(["call-2: anna"]);
  });

  it("[Q5] what is offered, whoever is not free, and a queue that is gone are left alone", () => {
    const busy = agent("anna", { isFree: false });
    expect(offersOf([queue("ring_all")], [busy], [call(1)])).toEqual([]);
    expect(offersOf([queue("ring_all")], [agent("anna")], [call(1, { isOffered: true })])).toEqual([]);
    expect(offersOf([], [agent("anna")], [call(1)])).toEqual([]);
  });
});
