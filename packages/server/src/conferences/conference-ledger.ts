import type { Audience } from "@pbx-x/protocol";
import type { LedgerPart } from "../calls/ledger-keeper.ts";
import { contentOf } from "../event-log/event-content.ts";
import type { LoggedEvent, NewEvent } from "../event-log/event-log.ts";

/** What is kept of a conference until its end is written. */
interface OpenConference {
  readonly conferenceId: string;
  readonly name: string;
  readonly startedAtMs: number;
  /** Of the last event that told of it. */
  readonly seenAtMs: number;
  readonly total: number;
  readonly present: readonly { readonly participantId: string; readonly displayName: string }[];
  readonly audience: Audience;
}

/** Folds the log into the conferences that go on, and ends those that were up when the process died ([C4], [V22]). */
export function createConferenceLedger(): LedgerPart {
  let open: readonly OpenConference[] = [];
  const change = (conferenceId: string, how: (before: OpenConference) => OpenConference): void => {
    open = open.map((conference) => (conference.conferenceId === conferenceId ? how(conference) : conference));
  };
  return {
    name: "conferences",
    restore: (kept) => {
      // Written by `keep` below.
      open = kept as readonly OpenConference[];
    },
    keep: () => open,
    fold: (event) => {
      if (!event.type.startsWith("CONFERENCE_")) return;
      const content = contentOf(event);
      switch (content.type) {
        case "CONFERENCE_STARTED": {
          const { conferenceId, name } = content.data;
          open = [...open.filter((one) => one.conferenceId !== conferenceId), begun(event, conferenceId, name)];
          break;
        }
        case "CONFERENCE_PARTICIPANT_JOINED": {
          const { conferenceId, participantId, displayName } = content.data;
          change(conferenceId, (before) => ({
            ...before,
            total: before.total + 1,
            present: [...before.present, { participantId, displayName }],
            audience: event.audience,
            seenAtMs: event.timestampMs,
          }));
          break;
        }
        case "CONFERENCE_PARTICIPANT_LEFT": {
          const { conferenceId, participantId } = content.data;
          change(conferenceId, (before) => ({
            ...before,
            present: before.present.filter((one) => one.participantId !== participantId),
            seenAtMs: event.timestampMs,
          }));
          break;
        }
        case "CONFERENCE_ENDED": {
          const { conferenceId } = content.data;
          open = open.filter((one) => one.conferenceId !== conferenceId);
          break;
        }
        default:
          break;
      }
    },
    ends: (lastSeenMs) => open.flatMap((conference) => endsOf(conference, lastSeenMs)),
  };
}

function begun({ timestampMs, audience }: LoggedEvent, conferenceId: string, name: string): OpenConference {
  return { conferenceId, name, startedAtMs: timestampMs, seenAtMs: timestampMs, total: 0, present: [], audience };
}

function endsOf(
  { conferenceId, name, startedAtMs, seenAtMs, total, present, audience }: OpenConference,
  lastSeenMs: number,
): readonly NewEvent[] {
  const causedBy = { via: "system" };
  const left = present.map(({ participantId, displayName }, index): NewEvent => {
    const currentParticipantCount = present.length - index - 1;
    const data = { conferenceId, participantId, displayName, reason: "timeout", currentParticipantCount, causedBy };
    return { type: "CONFERENCE_PARTICIPANT_LEFT", data, audience };
  });
  const durationSeconds = Math.floor((Math.max(seenAtMs, lastSeenMs) - startedAtMs) / 1000);
  const data = { conferenceId, name, durationSeconds, totalParticipants: total, reason: "server_restart", causedBy };
  return [...left, { type: "CONFERENCE_ENDED", data, audience }];
}
