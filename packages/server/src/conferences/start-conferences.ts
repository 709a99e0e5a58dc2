import type { TelephonyEvent } from "@pbx-x/telephony";
import type { Realtime } from "../realtime/realtime.ts";
import type { AuditLog } from "../storage/audit-log.ts";
import { type ConferenceCommands, createConferenceCommands } from "./conference-commands.ts";
import { ConferenceService, type ConferenceServiceOptions } from "./conference-service.ts";
import { TalkingTeller } from "./talking-teller.ts";

export interface Conferences {
  readonly service: ConferenceService;
  readonly commands: ConferenceCommands;
  /** Before the calls hear of it. */
  onTelephony(event: TelephonyEvent): void;
}

export interface ConferenceParts extends ConferenceServiceOptions {
  readonly audit: Pick<AuditLog, "write">;
  /** Those who want to know who talks; there when the first call comes. */
  readonly watchers: () => Pick<Realtime, "hasFollower" | "tell">;
}

/** What goes on in the rooms, and what can be done there. */
export function startConferences(parts: ConferenceParts): Conferences {
  const { rooms, audit, scheduler, watchers } = parts;
  const service = new ConferenceService(parts);
  const talking = new TalkingTeller({
    conferences: service,
    scheduler,
    isWatched: (conferenceId) => watchers().hasFollower(["conferences", `conferences:${conferenceId}`]),
    tell: ({ conferenceId, userIds }, data) =>
      watchers().tell("CONFERENCE_TALKING", { ...data }, { conferenceIds: [conferenceId], userIds }),
  });
  return {
    service,
    commands: createConferenceCommands({ conferences: service, rooms, audit }),
    onTelephony: (event) => {
      talking.onTelephony(event);
      service.onTelephony(event);
    },
  };
}
