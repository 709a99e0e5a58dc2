import type { OfferOutcome } from "@pbx-x/protocol";
import type { LegId, PlaybackId } from "@pbx-x/telephony";
import type { Call, Fork, Hold, Party } from "../calls/call.ts";

/** A call's stay in a queue; a new one each time that it enters ([C4]). */
export interface QueueEntry {
  readonly entryId: string;
  readonly queueId: string;
  readonly queueName: string;
  readonly enteredAtMs: number;
  /** Higher ones go first. */
  readonly priority: number;
  /** Offers that nobody took, the oldest first. */
  readonly missed: readonly MissedOffer[];
  /** The caller is called back: nobody is asked before his call is over ([Q13]). */
  readonly callback?: { readonly callbackId: string; readonly expiresAtMs: number };
}

export interface MissedOffer {
  readonly offerId: string;
  readonly extensionId: string;
  readonly outcome: OfferOutcome;
}

/** An agent's phones ring for a waiting call ([Q4]). */
export interface AgentOffer {
  readonly offerId: string;
  readonly agentId: string;
  readonly agent: Party;
  readonly fork: Fork;
  readonly offeredAtMs: number;
  readonly expiresAtMs: number;
  /** `CALL_RINGING` has told of it. */
  readonly isRinging: boolean;
}

/** What the waiting caller is told now; music at all other times. */
export interface Speech {
  readonly playbackId: PlaybackId;
  /** Files that follow. */
  readonly next: readonly string[];
}

/** The caller waits for an agent; while agents are asked it goes on waiting. */
export interface QueuedStage {
  readonly at: "queued";
  readonly callerLegId: LegId;
  readonly entry: QueueEntry;
  readonly offers: readonly AgentOffer[];
  readonly speech?: Speech;
  readonly holds: readonly Hold[];
}

/** The queue that a call came through, for as long as it lives. */
export interface QueueVisit {
  readonly id: string;
  readonly name: string;
  readonly waitSeconds: number;
  /** The agent who took the call. */
  readonly agentExtensionId?: string | undefined;
  /** The call is made by an agent for somebody who is called back ([Q14]). */
  readonly callback?: CallbackAttempt;
}

/** An agent is rung, then the caller who is called back ([Q14]). */
export interface CallbackAttempt {
  readonly callbackId: string;
  readonly entry: QueueEntry;
  /** The call that entered the queue. */
  readonly enteredCallId: string;
  readonly offerId: string;
  readonly agentId: string;
  readonly offeredAtMs: number;
  /** Set when the attempt is over without a talk. */
  readonly failure?: AttemptFailure;
}

/** The agent did not take it, or the caller was not there. */
export type AttemptFailure =
  | { readonly of: "agent"; readonly outcome: OfferOutcome }
  | { readonly of: "caller"; readonly reason: string };

/** Marks a queue among the extensions that have forwarded a call ([C15]). */
export const queueForward = "queue:";

/** Legs that ring at agents' phones. */
export function offeredLegs({ offers }: QueuedStage): readonly LegId[] {
  return offers.flatMap(({ fork }) => fork.legs.flatMap(({ legId, status }) => (status === "ended" ? [] : [legId])));
}

/** The offer that rings at an agent's phones. */
export function offerTo({ stage }: Pick<Call, "stage">, extensionId: string): AgentOffer | undefined {
  return stage.at === "queued" ? stage.offers.find(({ agent }) => agent.extensionId === extensionId) : undefined;
}

/** Whole seconds since the call entered. */
export function waitedSeconds({ enteredAtMs }: QueueEntry, nowMs: number): number {
  return Math.max(0, Math.floor((nowMs - enteredAtMs) / 1000));
}

/** The fields by which every event of an entry begins. */
export function queueFields({ queueId, queueName, entryId }: QueueEntry): {
  readonly queueId: string;
  readonly queueName: string;
  readonly queueEntryId: string;
} {
  return { queueId, queueName, queueEntryId: entryId };
}
