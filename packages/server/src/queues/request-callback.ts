import type { DecisionBuilder } from "../calls/decision.ts";
import { callDataField } from "../calls/call-data.ts";
import type { LegSurroundings } from "../calls/leg-event.ts";
import { changeSound, soundOf } from "../calls/sound.ts";
import { wireParty } from "../calls/wire-party.ts";
import type { Route } from "../routing/route-number.ts";
import { withdrawOffers } from "./leave-queue.ts";
import type { Queue } from "./queue.ts";
import { type QueuedStage, type QueueEntry, queueFields } from "./queue-entry.ts";
import { fallSilent, speak } from "./speech.ts";

/** The key by which who waits asks to be called back ([Q13]). */
export const callbackKey = "1";

/** Longest time that the confirmation takes; then the call is over, whatever became of it. */
const confirmationMs = 15_000;

/** Whether somebody can be called back there: an extension, or a number outside that is no emergency line. */
export function canBeCalledBack(route: Route): boolean {
  return route.kind === "extension" || (route.kind === "outside" && route.outside.class !== "emergency");
}

/** The caller keeps the place, hears so, and need not stay ([Q13]); nothing where the queue or his number do not allow it. */
export function requestCallback(builder: DecisionBuilder, stage: QueuedStage, around: LegSurroundings): void {
  const { entry } = stage;
  const { caller } = builder.call;
  const queue = around.queues.byId(entry.queueId);
  if (queue === undefined || !queue.callbackEnabled || entry.callback !== undefined) return;
  if (caller.number === "" || !canBeCalledBack(around.destination(caller.number).route)) return;
  const { position } = around.queues.placeOf(builder.call);
  withdrawOffers(builder, stage, "caller_left");
  fallSilent(builder, around);
  const { speech: _, ...silent } = stage;
  const marked = markCallback(entry, queue, builder);
  builder
    .unschedule("queue_announcement")
    .schedule("queue_wait", confirmationMs)
    .change({ stage: { ...silent, offers: [], entry: marked } })
    .tell("QUEUE_CALLBACK_REQUESTED", {
      ...queueFields(entry),
      callbackId: marked.callback.callbackId,
      caller: wireParty(caller),
      position,
      priority: entry.priority,
      enteredAt: new Date(entry.enteredAtMs).toISOString(),
      expiresAt: new Date(marked.callback.expiresAtMs).toISOString(),
      threadId: builder.call.threadId,
      ...callDataField(builder.call),
    });
  const before = new Map();
  speak(builder, ["queue-callback-confirmed"], queue.language);
  changeSound(builder, before, soundOf(builder.call), around);
}

function markCallback(
  entry: QueueEntry,
  { callbackExpirySeconds }: Queue,
  builder: DecisionBuilder,
): QueueEntry & Required<Pick<QueueEntry, "callback">> {
  const callbackId: string = builder.newId();
  return { ...entry, callback: { callbackId, expiresAtMs: builder.nowMs + callbackExpirySeconds * 1000 } };
}
