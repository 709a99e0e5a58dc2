import type { AuditLog } from "../storage/audit-log.ts";
import { type ConferenceCommands, createConferenceCommands } from "./conference-commands.ts";
import { ConferenceService, type ConferenceServiceOptions } from "./conference-service.ts";

export interface Conferences {
  readonly service: ConferenceService;
  readonly commands: ConferenceCommands;
}

/** What goes on in the rooms, and what can be done there. */
export function startConferences(
  options: ConferenceServiceOptions & { readonly audit: Pick<AuditLog, "write"> },
): Conferences {
  const service = new ConferenceService(options);
  const { rooms, audit } = options;
  return { service, commands: createConferenceCommands({ conferences: service, rooms, audit }) };
}
