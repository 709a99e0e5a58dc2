import { z } from "zod";
import { commonFields, count, id, instant, name, number, seconds, userRef, uuid, word } from "../core/fields.ts";
import { defineEvent } from "../core/message.ts";
import { sample } from "../core/sample.ts";
import { leaveReasons } from "../runtime/values.ts";

const conference = { conferenceId: id, ...commonFields };
const participant = { ...conference, participantId: id };
const moderator = z.object({ participantId: id, displayName: name });
const team = { conferenceId: sample.conferenceId };
const anna = { ...team, participantId: sample.participantId };
const byModerator = { participantId: sample.moderatorId, displayName: "Moderator" };

export const conferenceStarted = defineEvent({
  type: "CONFERENCE_STARTED",
  source: "§3.7, V2",
  when: "The first participant joined.",
  data: z.object({ ...conference, name, startedBy: userRef.exactOptional(), number: number.exactOptional() }),
  example: { ...team, name: "Team Meeting", startedBy: sample.maxUser, number: "400" },
});

export const conferenceParticipantJoined = defineEvent({
  type: "CONFERENCE_PARTICIPANT_JOINED",
  source: "§3.7, V2",
  when: "Somebody joined.",
  data: z.object({
    ...participant,
    displayName: name,
    isModerator: z.boolean(),
    isMuted: z.boolean().exactOptional(),
    currentParticipantCount: count,
    number: number.exactOptional(),
    extensionId: id.exactOptional(),
    callId: uuid.exactOptional(),
    conference: z.object({ name, number: number.exactOptional(), startedAt: instant }).exactOptional(),
  }),
  example: {
    ...anna,
    displayName: "Anna Schmidt",
    isModerator: false,
    isMuted: false,
    currentParticipantCount: 5,
    number: "200",
    extensionId: sample.extensionId,
    callId: sample.callId,
    conference: { name: "Team Meeting", number: "400", startedAt: "2025-11-12T14:00:00.000Z" },
  },
});

export const conferenceParticipantLeft = defineEvent({
  type: "CONFERENCE_PARTICIPANT_LEFT",
  source: "§3.7, V2",
  when: "Somebody left, was removed or lost the connection.",
  data: z.object({ ...participant, displayName: name, reason: z.enum(leaveReasons), currentParticipantCount: count }),
  example: { ...anna, displayName: "Anna Schmidt", reason: "left", currentParticipantCount: 4 },
});

export const conferenceParticipantMuted = defineEvent({
  type: "CONFERENCE_PARTICIPANT_MUTED",
  source: "§3.7, V2",
  when: "A participant is no longer heard.",
  data: z.object({ ...participant, mutedBy: moderator.exactOptional(), isSelfMute: z.boolean() }),
  example: { ...anna, mutedBy: byModerator, isSelfMute: false },
});

export const conferenceParticipantUnmuted = defineEvent({
  type: "CONFERENCE_PARTICIPANT_UNMUTED",
  source: "V2",
  when: "A participant is heard again.",
  data: z.object({ ...participant, unmutedBy: moderator.exactOptional(), isSelfUnmute: z.boolean().exactOptional() }),
  example: { ...anna, unmutedBy: byModerator, isSelfUnmute: false },
});

const actor = z.object({ participantId: id.exactOptional(), displayName: name });

export const conferenceParticipantPromoted = defineEvent({
  type: "CONFERENCE_PARTICIPANT_PROMOTED",
  source: "V28",
  when: "A participant became moderator.",
  /** Without `promotedBy`: by the moderator PIN. */
  data: z.object({ ...participant, displayName: name, promotedBy: actor.exactOptional() }),
  example: { ...anna, displayName: "Anna Schmidt", promotedBy: byModerator },
});

export const conferenceLocked = defineEvent({
  type: "CONFERENCE_LOCKED",
  source: "V22",
  when: "Only moderators get in from now on.",
  data: z.object({ ...conference, lockedBy: actor.exactOptional() }),
  example: { ...team, lockedBy: byModerator },
});

export const conferenceUnlocked = defineEvent({
  type: "CONFERENCE_UNLOCKED",
  source: "V22",
  when: "Everybody gets in again.",
  data: z.object({ ...conference, unlockedBy: actor.exactOptional() }),
  example: { ...team, unlockedBy: byModerator },
});

const recording = { ...conference, recordingId: id };
const aRecording = { ...team, recordingId: sample.recordingId };

export const conferenceRecordingStarted = defineEvent({
  type: "CONFERENCE_RECORDING_STARTED",
  source: "V26",
  when: "A moderator has the conference recorded.",
  data: z.object({ ...recording, startedBy: userRef.exactOptional() }),
  example: { ...aRecording, startedBy: sample.annaUser },
});

export const conferenceRecordingStopped = defineEvent({
  type: "CONFERENCE_RECORDING_STOPPED",
  source: "V26",
  when: "The recording of a conference is complete; its file can be fetched.",
  data: z.object({
    ...recording,
    durationSeconds: seconds,
    fileSizeBytes: count,
    /** `server_restart`: the server had died; the file is complete up to then. */
    reason: word.exactOptional(),
  }),
  example: { ...aRecording, durationSeconds: 335, fileSizeBytes: 10_720_044 },
});

export const conferenceRecordingFailed = defineEvent({
  type: "CONFERENCE_RECORDING_FAILED",
  source: "V26",
  when: "The recording of a conference could not be written on; the conference is not touched.",
  data: z.object({ ...recording, reason: word }),
  example: { ...aRecording, reason: "disk_full" },
});

export const conferenceTalking = defineEvent({
  type: "CONFERENCE_TALKING",
  source: "V2, V23",
  when: "Somebody begins or stops to talk; at most five times a second, and only told, never kept.",
  data: z.object({
    conferenceId: id,
    /** Everybody who talks now, whoever began first before the others; empty when there is silence. */
    talking: z.array(z.object({ participantId: id, displayName: name })),
  }),
  example: { ...team, talking: [{ participantId: sample.participantId, displayName: "Anna Schmidt" }] },
});

export const conferenceEnded = defineEvent({
  type: "CONFERENCE_ENDED",
  source: "§3.7, V2",
  when: "The last participant left, or a moderator ended it.",
  data: z.object({
    ...conference,
    name,
    durationSeconds: seconds,
    totalParticipants: count,
    endedBy: userRef.exactOptional(),
    reason: z.enum(["last_left", "ended_by_moderator", "no_moderator", "server_restart"]).exactOptional(),
  }),
  example: {
    ...team,
    name: "Team Meeting",
    durationSeconds: 3600,
    totalParticipants: 8,
    endedBy: sample.maxUser,
    reason: "ended_by_moderator",
  },
});
