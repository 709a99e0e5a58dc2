import type { ChannelForm } from "../runtime/channel-table.ts";

/**
 * Whom an event concerns: facts that the server knows when it writes the event and that channel routing ([W23]) and
 * delivery permission ([W24]) need. Stored beside the event, never sent to a client.
 */
export interface Audience {
  /** Every extension that is or was party to what the event tells. */
  readonly extensions?: readonly { readonly id: string; readonly number: string }[];
  /** Users the event belongs to (own mailbox, own presence, `me`). */
  readonly userIds?: readonly string[];
  readonly queueIds?: readonly string[];
  readonly agentIds?: readonly string[];
  readonly conferenceIds?: readonly string[];
  /** The call was parked when it ended, so that `parking` learns that the slot is free. */
  readonly isParked?: boolean;
}

/**
 * Where an event goes, as data: a fixed channel, or a family filled in from the audience ([W23]).
 * `calls:<extensionId>` = `calls:<id>` of each extension; `extension:<number>` = each extension's number; and so on.
 */
export type ChannelRule = ChannelForm;
