import { spokenNumber } from "../announcements/announcement-library.ts";
import type { AnnouncementId } from "../announcements/announcement-texts.ts";
import type { Call } from "../calls/call.ts";
import { overflow } from "../calls/dial-destination.ts";
import { type Decision, DecisionBuilder, type DecisionContext } from "../calls/decision.ts";
import { endCall } from "../calls/end-call.ts";
import { emitRinging } from "../calls/ringing.ts";
import { unreachable } from "../calls/unreachable.ts";
import { changeSound, soundOf } from "../calls/sound.ts";
import type { LegSurroundings } from "../calls/leg-event.ts";
import type { QueuePlace } from "./enter-queue.ts";
import { leaveQueue } from "./leave-queue.ts";
import { speak } from "./speech.ts";

/** The call has waited as long as it may ([Q7]). */
export function decideQueueTimeout(call: Call, around: LegSurroundings, context: DecisionContext): Decision {
  return decideGiveUp(call, "timeout", around, context);
}

/** It has waited for too long, or nobody is there: it goes where the overflow leads, and ends where the queue is gone. */
export function decideGiveUp(
  call: Call,
  reason: "timeout" | "no_agents",
  around: LegSurroundings,
  context: DecisionContext,
): Decision {
  const builder = new DecisionBuilder(call, context);
  const { stage } = call;
  if (stage.at !== "queued") return builder.build();
  if (stage.entry.callback !== undefined) {
    if (reason === "timeout") endCall(builder, { end: { cause: "normal" }, by: "system", reason: "callback" });
    return builder.build();
  }
  const queue = around.queues.byId(stage.entry.queueId);
  const caller = leaveQueue(builder, stage, reason, around);
  if (queue === undefined) {
    unreachable(builder, { end: { cause: "no_answer" }, by: "system", reason }, around);
    return builder.build();
  }
  overflow(builder, queue, reason, around, caller);
  emitRinging(builder);
  return builder.build();
}

/** Position and waiting time are said, at intervals. */
export function decideAnnouncement(call: Call, around: LegSurroundings, context: DecisionContext): Decision {
  const builder = new DecisionBuilder(call, context);
  const { stage } = call;
  const queue = stage.at === "queued" ? around.queues.byId(stage.entry.queueId) : undefined;
  if (stage.at !== "queued" || queue === undefined || queue.announcementIntervalSeconds === 0) return builder.build();
  builder.schedule("queue_announcement", queue.announcementIntervalSeconds * 1000);
  if (stage.speech !== undefined) return builder.build();
  const before = soundOf(call);
  const offer = queue.callbackEnabled ? (["queue-callback-offer"] as const) : [];
  speak(builder, [...wordsFor(around.queues.placeOf(call)), ...offer], queue.language);
  changeSound(builder, before, soundOf(builder.call), around);
  return builder.build();
}

/** What is said of a place; unknown times and great numbers are left out. */
export function wordsFor({ position, estimatedWaitSeconds }: QueuePlace): readonly AnnouncementId[] {
  const place = spokenNumber(position);
  const minutes = spokenNumber(Math.round(estimatedWaitSeconds / 60));
  return [
    "queue-wait",
    ...(place === undefined ? [] : (["queue-position", place] as const)),
    ...(estimatedWaitSeconds === 0
      ? []
      : minutes === undefined || estimatedWaitSeconds < 60
        ? estimatedWaitSeconds < 60
          ? (["queue-under-a-minute"] as const)
          : []
        : (["queue-estimated-wait", minutes] as const)),
  ];
}
