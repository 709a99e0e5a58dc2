import type { AcdAgent, AcdQueue, AcdState, WaitingCall } from "@pbx-x/server";

/** How many of each. */
export interface Size {
  readonly agents: number;
  readonly queues: number;
  readonly waiting: number;
}

/** A contact centre at one moment, to be asked again and again. */
export interface Centre extends AcdState {
  readonly queues: ReadonlyMap<string, AcdQueue>;
  readonly agents: readonly AcdAgent[];
  readonly waiting: readonly WaitingCall[];
  readonly waitingIn: ReadonlyMap<string, readonly WaitingCall[]>;
}

/** Queues that an agent is logged in to. */
const membershipsPerAgent = 5;
const strategies = ["longest_idle", "least_talk_time", "round_robin", "random", "skills"] as const;

/** The same each time: agents in 5 queues each, calls spread unevenly over the queues, of three priorities. */
export function buildCentre({ agents, queues, waiting }: Size): Centre {
  const random = createRandom(1);
  const pick = (count: number): number => Math.floor(random() * count);
  const queueIds = Array.from({ length: queues }, (_, index) => `queue-${index}`);
  const byId = new Map(
    queueIds.map((queueId, index) => [
      queueId,
      { queueId, strategy: strategies[index % strategies.length] ?? "longest_idle", weight: index % 3 },
    ]),
  );
  const staff = Array.from({ length: agents }, (_, index): AcdAgent => {
    const own = new Set(Array.from({ length: membershipsPerAgent }, () => queueIds[pick(queues)] ?? ""));
    return {
      agentId: `agent-${String(index).padStart(5, "0")}`,
      isFree: true,
      idleSinceMs: pick(1_000_000),
      talkedMs: pick(20_000_000),
      memberships: [...own].map((queueId) => ({ queueId, penalty: pick(3) })),
      skills: new Map([["french", 1 + pick(10)]]),
    };
  });
  const calls = Array.from({ length: waiting }, (_, order): WaitingCall => {
    const queueId = queueIds[Math.floor(random() * random() * queues)] ?? "";
    return {
      entryId: `entry-${order}`,
      queueId,
      priority: pick(3),
      order,
      isOffered: false,
      skills: [{ skill: "french", minimum: 1 + pick(5) }],
      missedBy: new Set(),
    };
  });
  const waitingIn = Map.groupBy(calls, ({ queueId }) => queueId);
  return { queues: byId, agents: staff, waiting: calls, waitingIn };
}

/** From 0 to below 1, always the same row of them (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
