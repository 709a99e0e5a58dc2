import type { AnnouncementLanguage } from "../announcements/announcement-texts.ts";
import type { QueueStrategy, RequiredSkill } from "./acd-state.ts";

/** What becomes of a call that the queue does not take, or no longer ([Q1]). */
export const overflowActions = ["hangup", "extension", "queue", "voicemail", "external"] as const;
export type OverflowAction = (typeof overflowActions)[number];

/** An extension that may log in to the queue. */
export interface QueueMember {
  readonly extensionId: string;
  /** Agents with a lower one are asked first. */
  readonly penalty: number;
  /** Level per skill, 1 and more. */
  readonly skills: Readonly<Record<string, number>>;
}

/** A queue as it is configured ([Q1], [R10]). */
export interface Queue {
  readonly id: string;
  readonly name: string;
  readonly extensionNumber: string;
  readonly strategy: QueueStrategy;
  /** Calls of a heavier queue get the agents first that several queues share. */
  readonly weight: number;
  /** Calls with a higher one go first in the queue. */
  readonly priority: number;
  readonly requiredSkills: readonly RequiredSkill[];
  readonly serviceLevelThresholdSeconds: number;
  readonly serviceLevelGoalPercent: number;
  /** 0: without limit. */
  readonly maxWaitTimeSeconds: number;
  readonly maxQueueSize: number;
  readonly wrapUpTimeSeconds: number;
  readonly ringTimeoutSeconds: number;
  /** Calls wait although nobody is logged in. */
  readonly waitsWithoutAgents: boolean;
  readonly overflowAction: OverflowAction;
  /** The number that is dialled then; none with `hangup`. */
  readonly overflowDestination?: string;
  readonly language: AnnouncementLanguage;
  readonly greetingEnabled: boolean;
  /** How often position and waiting time are said; 0: never. */
  readonly announcementIntervalSeconds: number;
  /** Who waits may ask to be called back by key ([Q13]). */
  readonly callbackEnabled: boolean;
  /** How often a caller is tried whom an agent does not reach. */
  readonly callbackAttempts: number;
  readonly callbackRetrySeconds: number;
  /** How long a caller keeps his place. */
  readonly callbackExpirySeconds: number;
  readonly members: readonly QueueMember[];
}

/** Most queues, and most members of one. */
export const maximumQueues = 1000;
export const maximumMembers = 1000;

export const queueDefaults: Omit<Queue, "id" | "name" | "extensionNumber"> = {
  strategy: "longest_idle",
  weight: 0,
  priority: 0,
  requiredSkills: [],
  serviceLevelThresholdSeconds: 20,
  serviceLevelGoalPercent: 80,
  maxWaitTimeSeconds: 600,
  maxQueueSize: 50,
  wrapUpTimeSeconds: 15,
  ringTimeoutSeconds: 20,
  waitsWithoutAgents: true,
  overflowAction: "hangup",
  language: "de",
  greetingEnabled: true,
  announcementIntervalSeconds: 45,
  callbackEnabled: false,
  callbackAttempts: 3,
  callbackRetrySeconds: 300,
  callbackExpirySeconds: 7200,
  members: [],
};

/** Finds queues in memory; they change rarely and are asked for with every call. */
export interface QueueDirectory {
  byId(id: string): Queue | undefined;
  byNumber(number: string): Queue | undefined;
  /** By number. */
  all(): readonly Queue[];
  /** After a change is stored. */
  onChanged(listener: () => void): () => void;
}
