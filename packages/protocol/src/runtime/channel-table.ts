import type { Permission } from "./permissions.ts";

/** A family of subscription channels. */
export interface ChannelFacts {
  /** Name of the part after the colon; undefined for a channel without one. */
  readonly id?: string;
  /** Rights of which one is needed to subscribe ([W24]); with only an `.own` one, the id must be the user's own. */
  readonly permissions: readonly Permission[];
  readonly carries: string;
  readonly source: string;
}

/**
 * Every channel, by the form that the documents use ([W21]). The keys are the channel rules of the events' definitions.
 */
export const channelTable = {
  calls: { permissions: ["calls.view.all"], carries: "all calls", source: "§4.4" },
  "calls:<extensionId>": {
    id: "extensionId",
    permissions: ["calls.view.all", "calls.view.own"],
    carries: "the calls that an extension is or was party to",
    source: "§4.4",
  },
  queues: { permissions: ["queues.view.all"], carries: "all queues", source: "§4.4" },
  "queues:<queueId>": {
    id: "queueId",
    permissions: ["queues.view.all", "queues.view.own"],
    carries: "one queue, its waiting calls and its agents",
    source: "§4.4",
  },
  "extension:<number>": {
    id: "number",
    permissions: ["extensions.view.all", "extensions.view.own"],
    carries: "everything about one extension: registration, calls, presence, agent, voicemail",
    source: "§4.4",
  },
  agents: { permissions: ["agents.view.all"], carries: "all agents", source: "§4.4" },
  "agents:<agentId>": {
    id: "agentId",
    permissions: ["agents.view.all", "agents.view.own"],
    carries: "one agent",
    source: "W21",
  },
  system: { permissions: ["system.view"], carries: "alerts and trunk status", source: "§4.4" },
  extensions: { permissions: ["extensions.view.all"], carries: "all extensions", source: "W21" },
  presence: { permissions: ["presence.view"], carries: "the presence of all users", source: "W21" },
  voicemail: { permissions: ["voicemail.all"], carries: "all mailboxes", source: "W21" },
  conferences: {
    permissions: ["conferences.view.all", "conferences.view.own"],
    carries: "all conferences; with the `.own` right those that one takes part in",
    source: "W21",
  },
  "conferences:<conferenceId>": {
    id: "conferenceId",
    permissions: ["conferences.view.all", "conferences.view.own"],
    carries: "one conference",
    source: "W21",
  },
  parking: { permissions: ["parking.view"], carries: "parked calls", source: "W21" },
  trunks: { permissions: ["trunks.view"], carries: "trunk status", source: "W21" },
  me: {
    permissions: ["none"],
    carries: "what concerns the user's own extensions, queues and mailboxes",
    source: "W21",
  },
} as const satisfies Readonly<Record<string, ChannelFacts>>;

/** A channel as the documents write it, e.g. `queues:<queueId>`. */
export type ChannelForm = keyof typeof channelTable;

/** The part before the colon. */
export const channelKinds = [
  "calls",
  "queues",
  "extension",
  "agents",
  "system",
  "extensions",
  "presence",
  "voicemail",
  "conferences",
  "parking",
  "trunks",
  "me",
] as const;
export type ChannelKind = (typeof channelKinds)[number];

/** A channel as it is subscribed to. */
export type Channel =
  | "calls"
  | "queues"
  | "agents"
  | "system"
  | "extensions"
  | "presence"
  | "voicemail"
  | "conferences"
  | "parking"
  | "trunks"
  | "me"
  | `calls:${string}`
  | `queues:${string}`
  | `extension:${string}`
  | `agents:${string}`
  | `conferences:${string}`;
