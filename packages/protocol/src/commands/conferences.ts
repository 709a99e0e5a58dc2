import { z } from "zod";
import { id, uuid } from "../core/fields.ts";
import { defineCommand } from "../core/message.ts";
import { sample } from "../core/sample.ts";
import { onCall } from "./call-control.ts";

const { conferenceId, participantId } = sample;
const about = z.object({ conferenceId: id, participantId: id });
/** Everybody may mute himself; others need the right or the moderator's role ([V2]). */
const common = {
  source: "W43, V2",
  permission: "conferences.view.own",
  errors: ["CONFERENCE_NOT_FOUND", "INVALID_STATE", "ENGINE_UNAVAILABLE"],
  params: about,
  result: about,
  example: { params: { conferenceId, participantId }, result: { conferenceId, participantId } },
} as const;

const room = z.object({ conferenceId: id });
const ofRoom = {
  ...common,
  isIdempotent: true,
  params: room,
  result: room,
  example: { params: { conferenceId }, result: { conferenceId } },
} as const;

export const conferenceMute = defineCommand({
  ...common,
  name: "conferenceMute",
  when: "A participant is no longer heard.",
  isIdempotent: true,
});

export const conferenceUnmute = defineCommand({
  ...common,
  name: "conferenceUnmute",
  when: "A participant is heard again.",
  isIdempotent: true,
});

export const conferenceKick = defineCommand({
  ...common,
  name: "conferenceKick",
  when: "Removes a participant.",
  isIdempotent: false,
});

export const conferencePromote = defineCommand({
  ...common,
  source: "V28",
  name: "conferencePromote",
  when: "Makes a participant moderator.",
  isIdempotent: true,
});

export const conferenceLock = defineCommand({
  ...ofRoom,
  name: "conferenceLock",
  when: "Only moderators get in from now on.",
});

export const conferenceUnlock = defineCommand({
  ...ofRoom,
  name: "conferenceUnlock",
  when: "Everybody gets in again.",
});

export const conferenceEnd = defineCommand({
  ...ofRoom,
  name: "conferenceEnd",
  when: "Ends a conference for all.",
  isIdempotent: false,
});

export const conferenceMerge = defineCommand({
  name: "conferenceMerge",
  source: "V25",
  when: "Brings both far parties of two calls and the own phone together; a call that is in such a conference gets one more.",
  permission: "calls.control.own",
  errors: ["INVALID_CALL_ID", "CALL_NOT_FOUND", "INVALID_STATE", "ENGINE_UNAVAILABLE"],
  isIdempotent: false,
  params: z.object({ ...onCall, consultCallId: uuid }),
  /** `callId`: the call that the own phone is in from now on. */
  result: z.object({ conferenceId: id, callId: uuid }),
  example: {
    params: { callId: sample.callId, consultCallId: sample.otherCallId },
    result: { conferenceId, callId: sample.ownCallId },
  },
});

const recording = {
  ...ofRoom,
  source: "V26",
  permission: "calls.record",
  isIdempotent: false,
  result: z.object({ conferenceId: id, recordingId: id }),
  example: { params: { conferenceId }, result: { conferenceId, recordingId: sample.recordingId } },
} as const;

export const conferenceRecordStart = defineCommand({
  ...recording,
  name: "conferenceRecordStart",
  when: "Records a conference as a whole, whoever comes and goes.",
});

export const conferenceRecordStop = defineCommand({
  ...recording,
  name: "conferenceRecordStop",
  when: "Ends the recording of a conference.",
});
