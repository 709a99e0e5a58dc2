/** How a queue chooses among its free agents ([Q1]). */
export const queueStrategies = [
  "ring_all",
  "longest_idle",
  "least_talk_time",
  "round_robin",
  "random",
  "skills",
] as const;
export type QueueStrategy = (typeof queueStrategies)[number];

/** What the distribution has to know of a queue. */
export interface AcdQueue {
  readonly queueId: string;
  readonly strategy: QueueStrategy;
  /** Calls of a heavier queue get agents first. */
  readonly weight: number;
  /** Who was offered a call last; `round_robin` goes on after him. */
  readonly lastAgentId?: string;
}

/** An agent's place in a queue he is logged in to. */
export interface Membership {
  readonly queueId: string;
  /** Agents with a lower one are asked first. */
  readonly penalty: number;
}

export interface AcdAgent {
  readonly agentId: string;
  /** Available, with a phone, and without an offer. */
  readonly isFree: boolean;
  readonly idleSinceMs: number;
  /** Talk time of the day. */
  readonly talkedMs: number;
  readonly memberships: readonly Membership[];
  /** Level per skill, 1 and more. */
  readonly skills: ReadonlyMap<string, number>;
}

export interface RequiredSkill {
  readonly skill: string;
  readonly minimum: number;
}

/** A call that waits in a queue; `isOffered` while agents' phones ring for it. */
export interface WaitingCall {
  readonly entryId: string;
  readonly queueId: string;
  /** Higher ones go first. */
  readonly priority: number;
  /** Order of entering; kept when the call comes back from an agent who did not take it. */
  readonly order: number;
  readonly isOffered: boolean;
  /** What an agent has to know; counts with the strategy `skills` alone. */
  readonly skills: readonly RequiredSkill[];
  /** Agents who let it ring or refused it: asked again only when there is nobody else. */
  readonly missedBy: ReadonlySet<string>;
}

export interface AcdState {
  readonly queues: ReadonlyMap<string, AcdQueue>;
  readonly agents: Iterable<AcdAgent>;
  readonly waiting: Iterable<WaitingCall>;
}

/** One call for one agent, or for several who ring together (`ring_all`). */
export interface AcdOffer {
  readonly entryId: string;
  readonly queueId: string;
  readonly agentIds: readonly [string, ...string[]];
}
