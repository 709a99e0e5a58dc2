import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type AcdAgent, type AcdQueue, queueStrategies, type WaitingCall } from "./acd-state.ts";
import { distribute } from "./distribute.ts";

const queueIds = ["q1", "q2", "q3"];
const skills = ["french", "tax"];
const level = fc.integer({ min: 0, max: 3 });

const queue = (queueId: string): fc.Arbitrary<AcdQueue> =>
  fc.record({ queueId: fc.constant(queueId), strategy: fc.constantFrom(...queueStrategies), weight: level });

const agent = (index: number): fc.Arbitrary<AcdAgent> =>
  fc.record({
    agentId: fc.constant(`agent-${String(index).padStart(2, "0")}`),
    isFree: fc.boolean(),
    idleSinceMs: fc.nat(5),
    talkedMs: fc.nat(5),
    memberships: fc
      .subarray(queueIds)
      .chain((ids) => fc.tuple(...ids.map((queueId) => level.map((penalty) => ({ queueId, penalty }))))),
    skills: fc.tuple(level, level).map(([a, b]) => new Map([a, b].map((value, at) => [skills[at] ?? "", value]))),
  });

const call = (order: number): fc.Arbitrary<WaitingCall> =>
  fc.record({
    entryId: fc.constant(`call-${order}`),
    queueId: fc.constantFrom(...queueIds, "gone"),
    priority: level,
    order: fc.constant(order),
    isOffered: fc.boolean(),
    skills: fc.subarray(skills).map((names) => names.map((skill) => ({ skill, minimum: 2 }))),
    missedBy: fc.subarray(["agent-00", "agent-01"]).map((ids) => new Set(ids)),
  });

const worlds = fc.record({
  queues: fc.tuple(...queueIds.map(queue)).map((list) => new Map(list.map((one) => [one.queueId, one]))),
  agents: fc.nat(8).chain((count) => fc.tuple(...Array.from({ length: count }, (_, index) => agent(index)))),
  waiting: fc.nat(12).chain((count) => fc.tuple(...Array.from({ length: count }, (_, index) => call(index)))),
  seed: fc.nat(),
});

/** May take the call, as far as queue and skills go. */
function isFit(one: AcdAgent, { queueId, skills: wanted }: WaitingCall, { strategy }: AcdQueue): boolean {
  const isMember = one.memberships.some((membership) => membership.queueId === queueId);
  if (!isMember || strategy !== "skills") return isMember;
  return wanted.every(({ skill, minimum }) => (one.skills.get(skill) ?? 0) >= minimum);
}

describe("[Q5] the distribution over random states", () => {
  it("[Q5] no agent has two offers, no call is left while somebody fit is free, first in first out", () => {
    fc.assert(
      fc.property(worlds, ({ queues, agents, waiting, seed }) => {
        const offers = distribute({ queues, agents, waiting }, () => (seed % 1000) / 1000);
        const offered = offers.flatMap(({ agentIds }) => agentIds);
        expect(new Set(offered).size).toBe(offered.length);
        expect(new Set(offers.map(({ entryId }) => entryId)).size).toBe(offers.length);
        const callOf = new Map(waiting.map((one) => [one.entryId, one]));
        for (const { entryId, queueId, agentIds } of offers) {
          const [one, its] = [callOf.get(entryId), queues.get(queueId)];
          if (one === undefined || its === undefined) throw new Error("an offer of nothing");
          expect(one.isOffered).toBe(false);
          expect(one.queueId).toBe(queueId);
          if (its.strategy !== "ring_all") expect(agentIds).toHaveLength(1);
          for (const agentId of agentIds) {
            const asked = agents.find((other) => other.agentId === agentId);
            expect(asked?.isFree).toBe(true);
            expect(asked !== undefined && isFit(asked, one, its)).toBe(true);
          }
          // Nobody of the same queue who came earlier with the same right is passed over.
          if (its.strategy === "skills") continue;
          const passed = waiting.filter(
            (other) =>
              other.queueId === queueId &&
              !other.isOffered &&
              (other.priority > one.priority || (other.priority === one.priority && other.order < one.order)),
          );
          for (const other of passed) expect(offers.map((offer) => offer.entryId)).toContain(other.entryId);
        }
        for (const one of waiting) {
          const its = queues.get(one.queueId);
          if (its === undefined || one.isOffered || offers.some(({ entryId }) => entryId === one.entryId)) continue;
          const idle = agents.filter((other) => other.isFree && !offered.includes(other.agentId));
          expect(idle.some((other) => isFit(other, one, its))).toBe(false);
        }
      }),
      { numRuns: 10_000 },
    );
  });
});
