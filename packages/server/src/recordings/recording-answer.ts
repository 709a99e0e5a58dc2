import { z } from "zod";
import { time } from "../rest/answers.ts";
import type { Recording } from "./recording.ts";

const party = z.object({
  number: z.string(),
  name: z.string().exactOptional(),
  extensionId: z.string().exactOptional(),
});

/** A recording as REST shows it ([R8]). */
export const recordingAnswer = z
  .object({
    id: z.string(),
    callId: z.string(),
    status: z.enum(["recording", "complete", "failed"]).describe("`failed`: what was written can be fetched."),
    caller: party.describe("In the left channel."),
    callee: party.describe("In the right channel."),
    extensions: z
      .array(z.object({ id: z.string(), number: z.string() }))
      .readonly()
      .describe("Who was in the call while it was recorded."),
    startedAt: time,
    startedBy: z
      .object({ userId: z.string(), name: z.string() })
      .exactOptional()
      .describe("Absent where an extension's policy started it."),
    durationSeconds: z.number(),
    fileSizeBytes: z.int(),
    reason: z.string().exactOptional().describe("Why it failed, or ended otherwise than asked for."),
  })
  .meta({ id: "Recording" });

export function showRecording(recording: Recording): z.infer<typeof recordingAnswer> {
  const { id, callId, status, caller, callee, extensions, startedAtMs, startedBy, durationMs, bytes, reason } =
    recording;
  return {
    id,
    callId,
    status,
    caller,
    callee,
    extensions,
    startedAt: new Date(startedAtMs).toISOString(),
    ...(startedBy !== undefined && { startedBy }),
    durationSeconds: durationMs / 1000,
    fileSizeBytes: bytes,
    ...(reason !== undefined && { reason }),
  };
}

/** A waveform ([R8]). */
export const peaksAnswer = z
  .object({
    durationSeconds: z.number(),
    left: z.array(z.int()).readonly().describe("0–100 of full scale, the loudest of each part."),
    right: z.array(z.int()).readonly(),
  })
  .meta({ id: "Peaks" });
