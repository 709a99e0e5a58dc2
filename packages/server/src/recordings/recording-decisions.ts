import type { LegId, RecordingFailure, RecordingId } from "@pbx-x/telephony";
import type { Call } from "../calls/call.ts";
import type { CallRecording } from "../calls/call-recording.ts";
import { stateOf } from "../calls/command-tools.ts";
import { type Decision, DecisionBuilder, type DecisionContext } from "../calls/decision.ts";
import type { RecordingEnd } from "./recording.ts";

export interface UserName {
  readonly userId: string;
  readonly name: string;
}

/** The engine records; undefined where the call is over by now. */
export function decideRecordingStarted(
  call: Call,
  recording: CallRecording,
  startedBy: UserName | undefined,
  context: DecisionContext,
): Decision | undefined {
  if (call.stage.at === "ended" || call.recording !== undefined) return undefined;
  const { recordingId } = recording;
  return new DecisionBuilder(call, context)
    .change({ recording })
    .emit("CALL_RECORDING_STARTED", stateOf(call), { recordingId, ...(startedBy !== undefined && { startedBy }) })
    .build();
}

export function decideRecordingPaused(call: Call, isPaused: boolean, by: UserName, context: DecisionContext): Decision {
  const builder = new DecisionBuilder(call, context);
  const { recording } = call;
  if (recording === undefined || recording.isPaused === isPaused) return builder.build();
  const { recordingId } = recording;
  builder.perform({ op: "pauseRecording", recordingId, isPaused }).change({ recording: { ...recording, isPaused } });
  if (isPaused) builder.emit("CALL_RECORDING_PAUSED", stateOf(call), { recordingId, pausedBy: by });
  else builder.emit("CALL_RECORDING_RESUMED", stateOf(call), { recordingId, resumedBy: by });
  return builder.build();
}

/** The one end of a recording, also after that of its call ([C54]). */
export function decideRecordingEnded(
  call: Call,
  recordingId: RecordingId,
  end: RecordingEnd,
  context: DecisionContext,
): Decision {
  const builder = new DecisionBuilder(call, context);
  if (call.recording?.recordingId === recordingId) builder.change({ recording: undefined });
  const told = endEvent(recordingId, end);
  return builder.emit(told.type, stateOf(call), told.data).build();
}

/** The event of an end; the same at once as at the next start after a crash. */
export function endEvent(recordingId: string, { status, durationMs, bytes, reason }: RecordingEnd) {
  if (status === "failed") {
    return { type: "CALL_RECORDING_FAILED", data: { recordingId, reason: reason ?? "write_failed" } } as const;
  }
  const data = { recordingId, durationSeconds: Math.round(durationMs / 1000), fileSizeBytes: bytes };
  return { type: "CALL_RECORDING_STOPPED", data: { ...data, ...(reason !== undefined && { reason }) } } as const;
}

/** The same of a conference ([V26]). */
export function roomEndEvent(recordingId: string, end: RecordingEnd) {
  const { type, data } = endEvent(recordingId, end);
  const isStopped = type === "CALL_RECORDING_STOPPED";
  return { type: isStopped ? "CONFERENCE_RECORDING_STOPPED" : "CONFERENCE_RECORDING_FAILED", data } as const;
}

/** A policy asks for a recording that cannot begin ([C53]). */
export function decideRecordingImpossible(
  call: Call,
  recordingId: RecordingId,
  reason: RecordingFailure | "not_offered" | "engine_unavailable" | "not_possible",
  context: DecisionContext,
): Decision {
  return new DecisionBuilder(call, context)
    .emit("CALL_RECORDING_FAILED", stateOf(call), { recordingId, reason })
    .build();
}

/** The caller is on the left ([C54]); in a conference everybody else is on the right ([V24]). */
export function placeOf(call: Call): Pick<CallRecording, "bridgeId" | "leftLegId" | "rightLegId"> | undefined {
  const { stage } = call;
  if (stage.at === "conference" && stage.bridgeId !== undefined) {
    const { bridgeId, callerLegId } = stage;
    return { bridgeId, leftLegId: callerLegId, rightLegId: callerLegId };
  }
  if (stage.at !== "connected") return undefined;
  const [leftLegId, rightLegId]: readonly [LegId, LegId] = [stage.callerLegId, stage.calleeLegId];
  return { bridgeId: stage.bridgeId, leftLegId, rightLegId };
}
