import { causeOf, refuse, succeed } from "../calls/command-tools.ts";
import type { ExtensionDirectory } from "../extensions/extension.ts";
import type { CommandContext, CommandHandlers } from "../realtime/command-handler.ts";
import { startRefusal } from "../recordings/start-refusal.ts";
import type { RoomRecordings } from "../recordings/room-recordings.ts";
import type { AuditLog } from "../storage/audit-log.ts";
import { displayNameOf } from "./conference.ts";
import { findConference } from "./conference-commands.ts";
import type { ConferenceService } from "./conference-service.ts";
import type { Place } from "./passing-on.ts";

export interface RecordCommandOptions {
  readonly conferences: ConferenceService;
  readonly recordings: RoomRecordings;
  readonly extensions: Pick<ExtensionDirectory, "byId">;
  readonly audit: Pick<AuditLog, "write">;
}

type RecordCommands = Required<Pick<CommandHandlers, "conferenceRecordStart" | "conferenceRecordStop">>;

/** Recording of conferences by command ([V26]); each use is in the audit log. */
export function createRecordCommands({ conferences, recordings, audit }: RecordCommandOptions): RecordCommands {
  const permit = (conferenceId: string, context: CommandContext) => {
    const found = findConference({ conferences }, conferenceId, context);
    if (!found.ok) return found;
    const { permissions } = context.identity;
    const mayRecord = permissions.has("calls.record.others") || (found.isInCharge && permissions.has("calls.record"));
    const text = "Only moderators of this conference who may record, and who may record others, may do that.";
    return mayRecord ? found : refuse("UNAUTHORIZED", text);
  };
  return {
    conferenceRecordStart: async ({ conferenceId }, context) => {
      const found = permit(conferenceId, context);
      if (!found.ok) return found;
      const { userId, displayName: name } = context.identity;
      const started = await recordings.start(conferenceId, { userId, name }, causeOf(context));
      if (!started.ok) return startRefusal(started.reason);
      const { recordingId, seq } = started;
      audit.write(userId, "recording.start", recordingId, { conferenceId });
      return succeed({ conferenceId, recordingId }, seq);
    },
    conferenceRecordStop: async ({ conferenceId }, context) => {
      const found = permit(conferenceId, context);
      if (!found.ok) return found;
      const stopped = await recordings.stop(conferenceId, causeOf(context));
      if (stopped === undefined) {
        return refuse("INVALID_STATE", "This conference is not being recorded.", { reason: "not_recording" });
      }
      const { recordingId, seq } = stopped;
      audit.write(context.identity.userId, "recording.stop", recordingId, { conferenceId });
      return succeed({ conferenceId, recordingId }, seq);
    },
  };
}

/** A moderator's key; nothing happens where his extension may not record ([C53]). */
export function toggleRecording(
  { recordings, extensions, audit }: Omit<RecordCommandOptions, "conferences">,
  { conference: { conferenceId }, participant }: Place,
): void {
  const { party, userId } = participant;
  const extension = party.extensionId === undefined ? undefined : extensions.byId(party.extensionId);
  const mayRecord = extension?.canRecordCalls === true && extension.callRecordingPolicy !== "off";
  if (!mayRecord || userId === undefined) return;
  const cause = { via: "phone" } as const;
  const going = recordings.of(conferenceId);
  const done =
    going === undefined
      ? recordings.start(conferenceId, { userId, name: displayNameOf(party) }, cause)
      : recordings.stop(conferenceId, cause);
  void done.then((outcome) => {
    if (outcome === undefined || ("ok" in outcome && !outcome.ok)) return;
    audit.write(userId, going === undefined ? "recording.start" : "recording.stop", outcome.recordingId, {
      conferenceId,
    });
  });
}
