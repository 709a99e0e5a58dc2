import { z } from "zod";
import { id, uuid } from "../core/fields.ts";
import { defineCommand } from "../core/message.ts";
import { sample } from "../core/sample.ts";

const { callId, recordingId } = sample;
const params = z.object({ callId: uuid, recordingId: id.exactOptional() });
const result = z.object({ recordingId: id });
const errors = [
  "INVALID_CALL_ID",
  "CALL_NOT_FOUND",
  "INVALID_STATE",
  "RECORDING_NOT_FOUND",
  "ENGINE_UNAVAILABLE",
] as const;
const example = { params: { callId }, result: { recordingId } };

export const recordStart = defineCommand({
  name: "recordStart",
  source: "§4.1, C51, W44",
  when: "Begins to record a call.",
  permission: "calls.record",
  errors: ["INVALID_CALL_ID", "CALL_NOT_FOUND", "INVALID_STATE", "ENGINE_UNAVAILABLE"],
  isIdempotent: false,
  params: z.object({ callId: uuid }),
  result,
  example,
});

export const recordStop = defineCommand({
  name: "recordStop",
  source: "§4.1, C51, W44",
  when: "Ends the recording of a call.",
  permission: "calls.record",
  errors,
  isIdempotent: false,
  params,
  result,
  example,
});

export const recordPause = defineCommand({
  name: "recordPause",
  source: "W43, C50, C51",
  when: "Leaves out what is said from now on, and publishes no keys.",
  permission: "calls.record",
  errors,
  isIdempotent: true,
  params,
  result,
  example,
});

export const recordResume = defineCommand({
  name: "recordResume",
  source: "W43, C51",
  when: "Goes on with a paused recording.",
  permission: "calls.record",
  errors,
  isIdempotent: true,
  params,
  result,
  example,
});
