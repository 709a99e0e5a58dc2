import type { AbandonReason } from "@pbx-x/protocol";
import type { Call } from "../calls/call.ts";
import type { DecisionBuilder } from "../calls/decision.ts";
import type { DialSurroundings } from "../calls/dial-destination.ts";
import type { CallerSide } from "../calls/leave-destination.ts";
import { changeSound, soundOf } from "../calls/sound.ts";
import { settleRequest } from "../calls/transfer-request.ts";
import { wireParty } from "../calls/wire-party.ts";
import { tellAbandoned } from "./leave-queue.ts";
import type { Queue } from "./queue.ts";
import { type QueueEntry, queueFields } from "./queue-entry.ts";
import { speak } from "./speech.ts";

export interface QueuePlace {
  /** 1: the next one. */
  readonly position: number;
  /** 0 if unknown ([Q6]). */
  readonly estimatedWaitSeconds: number;
}

/** What decisions may ask of the queues. */
export interface QueueSurroundings {
  readonly byId: (queueId: string) => Queue | undefined;
  /** What stands against one more waiting call ([Q7]). */
  readonly against: (queue: Queue) => Extract<AbandonReason, "queue_full" | "no_agents"> | undefined;
  /** Where a call stands that enters now. */
  readonly newPlace: (queue: Queue) => QueuePlace;
  /** Where a waiting call stands. */
  readonly placeOf: (call: Call) => QueuePlace;
}

/** Where nothing is known of queues. */
export const noQueues: QueueSurroundings = {
  byId: () => undefined,
  against: () => undefined,
  newPlace: () => ({ position: 1, estimatedWaitSeconds: 0 }),
  placeOf: () => ({ position: 1, estimatedWaitSeconds: 0 }),
};

/** The call waits for an agent and hears greeting and music; else what stands against it, which is told ([Q1], [Q7]). */
export function enterQueue(
  builder: DecisionBuilder,
  queue: Queue,
  around: DialSurroundings,
  caller: CallerSide,
): AbandonReason | undefined {
  const entry: QueueEntry = {
    entryId: builder.newId(),
    queueId: queue.id,
    queueName: queue.name,
    enteredAtMs: builder.nowMs,
    priority: queue.priority,
    missed: [],
  };
  const against = around.queues.against(queue);
  if (against !== undefined) {
    tellAbandoned(builder, entry, against);
    return against;
  }
  const { callerLegId, isCallerAnswered, ringbackId, holds = [] } = caller;
  if (ringbackId !== undefined) builder.perform({ op: "stopPlayback", playbackId: ringbackId });
  if (!isCallerAnswered) builder.perform({ op: "answer", legId: callerLegId });
  settleRequest(builder, "done");
  const place = around.queues.newPlace(queue);
  builder
    .enter("queue")
    .change({
      callee: { number: queue.extensionNumber, name: queue.name },
      transfer: undefined,
      isRecall: false,
      recallReason: undefined,
      queue: { id: queue.id, name: queue.name, waitSeconds: 0 },
      stage: { at: "queued", callerLegId, entry, offers: [], holds },
    })
    .tell("QUEUE_CALL_ENTERED", {
      ...queueFields(entry),
      caller: wireParty(builder.call.caller),
      ...place,
      priority: entry.priority,
    });
  if (queue.maxWaitTimeSeconds > 0) builder.schedule("queue_wait", queue.maxWaitTimeSeconds * 1000);
  if (queue.announcementIntervalSeconds > 0) {
    builder.schedule("queue_announcement", queue.announcementIntervalSeconds * 1000);
  }
  const greeting = queue.greetingEnabled ? (["queue-welcome"] as const) : [];
  const offer = queue.callbackEnabled ? (["queue-callback-offer"] as const) : [];
  speak(builder, [...greeting, ...offer], queue.language);
  changeSound(builder, new Map(), soundOf(builder.call), around);
  return undefined;
}
