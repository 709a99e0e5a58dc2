import { z } from "zod";
import { callFields, count, id, seconds, userRef, word } from "../core/fields.ts";
import { defineEvent } from "../core/message.ts";
import { sample } from "../core/sample.ts";

const recording = { ...callFields, recordingId: id };
const common = {
  callId: sample.callId,
  recordingId: sample.recordingId,
  state: "answered",
  threadId: sample.callId,
  causedBy: { via: "command", userId: sample.userId, commandId: "req-010" },
} as const;

export const callRecordingStarted = defineEvent({
  type: "CALL_RECORDING_STARTED",
  source: "§3.1, C51",
  when: "A recording began.",
  /** `startedBy` is absent where the extension's policy started it. */
  data: z.object({ ...recording, startedBy: userRef.exactOptional() }),
  example: { ...common, version: 4, startedBy: sample.annaUser },
});

export const callRecordingPaused = defineEvent({
  type: "CALL_RECORDING_PAUSED",
  source: "C51",
  when: "A recording leaves out what is said from now on.",
  data: z.object({ ...recording, pausedBy: userRef.exactOptional() }),
  example: { ...common, version: 5, pausedBy: sample.annaUser },
});

export const callRecordingResumed = defineEvent({
  type: "CALL_RECORDING_RESUMED",
  source: "C51",
  when: "A paused recording goes on.",
  data: z.object({ ...recording, resumedBy: userRef.exactOptional() }),
  example: { ...common, version: 6, resumedBy: sample.annaUser },
});

export const callRecordingStopped = defineEvent({
  type: "CALL_RECORDING_STOPPED",
  source: "§3.1, C51",
  when: "A recording is complete; its file can be fetched.",
  data: z.object({
    ...recording,
    /** Of what is in the file, pauses left out. */
    durationSeconds: seconds,
    fileSizeBytes: count,
    /** `server_restart`: the server had died; the file is complete up to then ([C52]). */
    reason: word.exactOptional(),
  }),
  example: { ...common, version: 7, durationSeconds: 335, fileSizeBytes: 2048000 },
});

export const callRecordingFailed = defineEvent({
  type: "CALL_RECORDING_FAILED",
  source: "C51",
  when: "A recording could not be written, or not on; the call is not touched. What was written can be fetched.",
  data: z.object({ ...recording, reason: word }),
  example: { ...common, version: 7, reason: "disk_full", causedBy: { via: "system" } },
});
