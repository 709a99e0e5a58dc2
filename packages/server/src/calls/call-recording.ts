import type { BridgeId, LegId, RecordingId } from "@pbx-x/telephony";
import type { Call } from "./call.ts";

/** The recording of a call, as long as it is open. */
export interface CallRecording {
  readonly recordingId: RecordingId;
  readonly isPaused: boolean;
  /** An extension's policy wants it ([C53]). */
  readonly isByPolicy: boolean;
  /** Where the engine listens. */
  readonly bridgeId: BridgeId;
  readonly leftLegId: LegId;
  readonly rightLegId: LegId;
}

/**
 * Where the recording has to go on when its call has other legs or another bridge now ([C51], [C54]): who stayed keeps the
 * channel; in a conference the call's own party is on the left, all others are on the right. Undefined where it is right as it
 * is.
 */
export function nextPlace({ recording, stage }: Call): CallRecording | undefined {
  if (recording === undefined) return undefined;
  if (stage.at === "conference" && stage.bridgeId !== undefined) {
    const { bridgeId, callerLegId } = stage;
    if (recording.bridgeId === bridgeId && recording.leftLegId === callerLegId) return undefined;
    return { ...recording, bridgeId, leftLegId: callerLegId, rightLegId: callerLegId };
  }
  if (stage.at !== "connected") return undefined;
  const { callerLegId, calleeLegId, bridgeId } = stage;
  const legs = [callerLegId, calleeLegId];
  const isRight =
    recording.bridgeId === bridgeId && legs.includes(recording.leftLegId) && legs.includes(recording.rightLegId);
  if (isRight) return undefined;
  const otherOf = (legId: LegId): LegId => (legId === callerLegId ? calleeLegId : callerLegId);
  const leftLegId = legs.includes(recording.leftLegId)
    ? recording.leftLegId
    : legs.includes(recording.rightLegId)
      ? otherOf(recording.rightLegId)
      : callerLegId;
  return { ...recording, bridgeId, leftLegId, rightLegId: otherOf(leftLegId) };
}
