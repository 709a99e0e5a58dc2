import { type Call, trunkOf } from "./call.ts";
import { callDataField } from "./call-data.ts";
import { holdersOf } from "./holders.ts";
import { wireParty } from "./wire-party.ts";

/** The whole call for somebody who has not seen its beginning ([W49]). */
export function summaryOf(call: Call): Readonly<Record<string, unknown>> {
  const {
    direction,
    caller,
    callee,
    createdAtMs,
    answeredAtMs,
    forwardedFrom,
    transfer,
    consultFor,
    isRecall,
    queue,
    recording,
    stage,
  } = call;
  const trunk = trunkOf(call);
  return {
    direction,
    ...(trunk !== undefined && { trunk }),
    caller: wireParty(caller),
    callee: wireParty(callee),
    startedAt: new Date(createdAtMs).toISOString(),
    ...(answeredAtMs !== undefined && { answeredAt: new Date(answeredAtMs).toISOString() }),
    ...(forwardedFrom !== undefined && { forwardedFrom: wireParty(forwardedFrom) }),
    ...(transfer !== undefined && {
      transfer: {
        transferId: transfer.transferId,
        transferType: transfer.type,
        transferredBy: wireParty(transfer.by),
        transferTarget: wireParty(transfer.target),
      },
    }),
    ...(consultFor !== undefined && { consultFor }),
    ...(stage.at === "parked" && {
      parkingSlot: stage.slot,
      parkedBy: wireParty(stage.parkedBy),
      expiresAt: new Date(stage.expiresAtMs).toISOString(),
    }),
    ...(stage.at === "conference" && { conferenceId: stage.conferenceId }),
    isRecall,
    ...(queue !== undefined && { queue: { id: queue.id, name: queue.name, waitSeconds: queue.waitSeconds } }),
    ...callDataField(call),
    ...(recording !== undefined && {
      recording: {
        recordingId: recording.recordingId,
        state: recording.isPaused ? "paused" : "recording",
        isByPolicy: recording.isByPolicy,
      },
    }),
    heldBy: holdersOf(call),
  };
}
