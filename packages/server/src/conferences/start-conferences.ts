import type { AuditLog } from "../storage/audit-log.ts";
import { type ConferenceBook, type ConferenceBookOptions, createConferenceBook } from "./conference-book.ts";
import { type ConferenceCommands, createConferenceCommands } from "./conference-commands.ts";
import { ConferenceService, type ConferenceServiceOptions } from "./conference-service.ts";
import { type ConferenceSeed, seedConferences } from "./seed-conferences.ts";

export interface RoomsOptions extends ConferenceBookOptions, Omit<ConferenceSeed, "rooms"> {
  /** The first start of the demo world. */
  readonly isSeeded: boolean;
}

/** The rooms, with that of the demo world. */
export async function openRooms({ isSeeded, extensions, newId, ...options }: RoomsOptions): Promise<ConferenceBook> {
  const rooms = await createConferenceBook(options);
  if (isSeeded) await seedConferences({ rooms, extensions, newId });
  return rooms;
}

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
