import type { TelephonyEvent } from "@pbx-x/telephony";
import type { Realtime } from "../realtime/realtime.ts";
import { auditControl } from "../calls/control-audit.ts";
import type { ExtensionDirectory } from "../extensions/extension.ts";
import type { RoomRecordings } from "../recordings/room-recordings.ts";
import type { AuditLog } from "../storage/audit-log.ts";
import { type ConferenceCommands, createConferenceCommands } from "./conference-commands.ts";
import { ConferenceService, type ConferenceServiceOptions } from "./conference-service.ts";
import { createMergeCommands } from "./merge-commands.ts";
import { createRecordCommands, toggleRecording } from "./record-commands.ts";
import { TalkingTeller } from "./talking-teller.ts";

export interface Conferences {
  readonly service: ConferenceService;
  readonly commands: ConferenceCommands &
    ReturnType<typeof createMergeCommands> &
    ReturnType<typeof createRecordCommands>;
  /** Before the calls hear of it. */
  onTelephony(event: TelephonyEvent): void;
}

export interface ConferenceParts extends ConferenceServiceOptions {
  readonly audit: Pick<AuditLog, "write">;
  readonly extensions: Pick<ExtensionDirectory, "byId" | "byNumber">;
  readonly recordings: RoomRecordings;
  /** Those who want to know who talks; there when the first call comes. */
  readonly watchers: () => Pick<Realtime, "hasFollower" | "tell">;
}

/** What goes on in the rooms, and what can be done there. */
export function startConferences(parts: ConferenceParts): Conferences {
  const { audit, scheduler, watchers, recordings } = parts;
  const service = new ConferenceService({ ...parts, toggleRecording: (place) => toggleRecording(parts, place) });
  service.onChanged((before, after) => recordings.onConference(before, after));
  const talking = new TalkingTeller({
    conferences: service,
    scheduler,
    isWatched: (conferenceId) => watchers().hasFollower(["conferences", `conferences:${conferenceId}`]),
    tell: ({ conferenceId, userIds }, data) =>
      watchers().tell("CONFERENCE_TALKING", { ...data }, { conferenceIds: [conferenceId], userIds }),
  });
  return {
    service,
    commands: {
      ...createConferenceCommands({ conferences: service, audit }),
      ...createRecordCommands({ ...parts, conferences: service }),
      ...auditControl(createMergeCommands({ ...parts, conferences: service }), parts),
    },
    onTelephony: (event) => {
      talking.onTelephony(event);
      service.onTelephony(event);
      recordings.onTelephony(event);
    },
  };
}
