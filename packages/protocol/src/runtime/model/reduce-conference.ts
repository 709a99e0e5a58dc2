import type { AnyEvent } from "../types.ts";
import type { Conference, Participant } from "./entities.ts";
import { isOld } from "./is-old.ts";
import { told } from "./told.ts";
import { without } from "./without.ts";
import { type Change, change, type ReadonlyTables } from "./tables.ts";

export type ConferenceEvent = Extract<AnyEvent, { type: `CONFERENCE_${string}` }>;

export function reduceConference(tables: ReadonlyTables, event: ConferenceEvent): readonly Change[] {
  const { conferenceId } = event.data;
  // Of this moment only: no part of what a snapshot promises.
  if (event.type === "CONFERENCE_TALKING") return [];
  const known = tables.conferences.get(conferenceId);
  if (isOld(known, event.seq)) return [];
  const seq = event.seq ?? 0;
  const conference = known ?? { conferenceId, name: "", currentParticipantCount: 0 };
  const becomes = (news: Partial<Conference>): readonly Change[] =>
    change(tables, "conferences", conferenceId, { ...conference, ...news, seq });
  switch (event.type) {
    case "CONFERENCE_STARTED":
      return becomes({ ...told(event.data, "name", "number"), startedAt: event.timestamp });
    case "CONFERENCE_ENDED":
      return [
        ...change(tables, "conferences", conferenceId, undefined),
        ...[...tables.participants.values()]
          .filter((participant) => participant.conferenceId === conferenceId)
          .flatMap(({ participantId }) => change(tables, "participants", participantId, undefined)),
      ];
    case "CONFERENCE_RECORDING_STARTED":
      return becomes({ recordingId: event.data.recordingId });
    case "CONFERENCE_RECORDING_STOPPED":
    case "CONFERENCE_RECORDING_FAILED":
      // It may come after the end of the conference, which is gone then.
      if (known === undefined) return [];
      return change(tables, "conferences", conferenceId, { ...without(known, "recordingId"), seq });
    case "CONFERENCE_LOCKED":
    case "CONFERENCE_UNLOCKED":
      return becomes({ isLocked: event.type === "CONFERENCE_LOCKED" });
    case "CONFERENCE_PARTICIPANT_JOINED": {
      const { causedBy: _, currentParticipantCount, conference: about, ...rest } = event.data;
      const joined: Participant = { ...rest, isMuted: rest.isMuted ?? false, joinedAt: event.timestamp, seq };
      return [
        ...becomes({ ...about, currentParticipantCount }),
        ...change(tables, "participants", rest.participantId, joined),
      ];
    }
    case "CONFERENCE_PARTICIPANT_LEFT": {
      const { participantId, currentParticipantCount } = event.data;
      return [...becomes({ currentParticipantCount }), ...change(tables, "participants", participantId, undefined)];
    }
    case "CONFERENCE_PARTICIPANT_MUTED":
    case "CONFERENCE_PARTICIPANT_UNMUTED":
    case "CONFERENCE_PARTICIPANT_PROMOTED": {
      const { participantId } = event.data;
      const participant = tables.participants.get(participantId) ?? {
        participantId,
        conferenceId,
        displayName: "",
        isModerator: false,
        isMuted: false,
      };
      const told =
        event.type === "CONFERENCE_PARTICIPANT_PROMOTED"
          ? { isModerator: true, displayName: event.data.displayName }
          : { isMuted: event.type === "CONFERENCE_PARTICIPANT_MUTED" };
      return [...becomes({}), ...change(tables, "participants", participantId, { ...participant, ...told, seq })];
    }
    // A type of a newer server ([D4]).
    default:
      return [];
  }
}
