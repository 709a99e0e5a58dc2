import type { ChannelForm } from "./channel-table.ts";
import type { Permission } from "./permissions.ts";

/** How the outbox may merge an event when a client is slow ([W31]). */
export type Conflation = "never" | "replace" | "unite";

/** What delivery needs to know of an event type, without its schema. */
export interface EventFacts {
  /** Ephemeral events have no `seq` and are not replayed ([W1]). */
  readonly isEphemeral: boolean;
  readonly channels: readonly ChannelForm[];
  readonly permission: Permission;
  readonly conflation: Conflation;
  /** Field of `data` that names the thing the event is about; events of one type and thing may be merged. */
  readonly subject?: string;
}

const ofCall = {
  isEphemeral: false,
  channels: ["calls", "calls:<extensionId>", "extension:<number>", "queues:<queueId>", "me"],
  permission: "calls.view.own",
  conflation: "never",
  subject: "callId",
} as const satisfies EventFacts;

const ofParking = { ...ofCall, channels: [...ofCall.channels, "parking"] } as const satisfies EventFacts;

const ofExtension = {
  isEphemeral: false,
  channels: ["extensions", "extension:<number>", "me"],
  permission: "extensions.view.own",
  conflation: "never",
  subject: "extensionId",
} as const satisfies EventFacts;

const ofQueue = {
  isEphemeral: false,
  channels: ["queues", "queues:<queueId>", "me"],
  permission: "queues.view.own",
  conflation: "never",
  subject: "callId",
} as const satisfies EventFacts;

const ofAgent = {
  isEphemeral: false,
  channels: ["agents", "agents:<agentId>", "queues:<queueId>", "extension:<number>", "me"],
  permission: "agents.view.own",
  conflation: "never",
  subject: "agentId",
} as const satisfies EventFacts;

const ofVoicemail = {
  isEphemeral: false,
  channels: ["voicemail", "extension:<number>", "me"],
  permission: "voicemail.own",
  conflation: "never",
  subject: "messageId",
} as const satisfies EventFacts;

const ofConference = {
  isEphemeral: false,
  channels: ["conferences", "conferences:<conferenceId>", "me"],
  permission: "conferences.view.own",
  conflation: "never",
  subject: "conferenceId",
} as const satisfies EventFacts;

const ofConnection = {
  isEphemeral: true,
  channels: [],
  permission: "none",
  conflation: "never",
} as const satisfies EventFacts;

/** Every event type with its channels ([W23]), right ([W24]) and conflation ([W31]). */
export const eventTable = {
  CALL_CREATED: ofCall,
  CALL_RINGING: ofCall,
  CALL_ANSWERED: ofCall,
  CALL_HELD: ofCall,
  CALL_UNHELD: ofCall,
  CALL_TRANSFERRED: ofCall,
  CALL_TRANSFER_FAILED: ofCall,
  CALL_PARKED: ofParking,
  CALL_UNPARKED: ofParking,
  /** To `parking` only where the call was parked: its slot is free again. */
  CALL_ENDED: ofParking,
  CALL_DTMF: ofCall,
  CALL_MUTED: ofCall,
  CALL_UNMUTED: ofCall,
  CALL_DATA_ATTACHED: ofCall,
  CALL_RECORDING_STARTED: ofCall,
  CALL_RECORDING_PAUSED: ofCall,
  CALL_RECORDING_RESUMED: ofCall,
  CALL_RECORDING_STOPPED: ofCall,
  CALL_RECORDING_FAILED: ofCall,
  CALL_MONITOR_STARTED: { ...ofCall, permission: "calls.monitor" },
  CALL_MONITOR_STOPPED: { ...ofCall, permission: "calls.monitor" },
  EXTENSION_REGISTERED: ofExtension,
  EXTENSION_UNREGISTERED: ofExtension,
  EXTENSION_STATUS_CHANGED: { ...ofExtension, conflation: "unite" },
  PRESENCE_UPDATED: {
    isEphemeral: false,
    channels: ["presence", "extension:<number>", "me"],
    permission: "presence.view",
    conflation: "replace",
    subject: "extensionId",
  },
  QUEUE_CALL_ENTERED: ofQueue,
  QUEUE_CALL_ANSWERED: ofQueue,
  QUEUE_CALL_ABANDONED: ofQueue,
  QUEUE_POSITION_CHANGED: { ...ofQueue, conflation: "replace" },
  QUEUE_AGENT_OFFERED: ofQueue,
  QUEUE_AGENT_NO_ANSWER: ofQueue,
  QUEUE_CALLBACK_REQUESTED: ofQueue,
  QUEUE_CALLBACK_FAILED: ofQueue,
  QUEUE_STATS_UPDATED: { ...ofQueue, isEphemeral: true, conflation: "replace", subject: "queueId" },
  AGENT_STATE_CHANGED: { ...ofAgent, conflation: "replace" },
  AGENT_LOGGED_IN: ofAgent,
  AGENT_LOGGED_OUT: ofAgent,
  VOICEMAIL_RECEIVED: ofVoicemail,
  VOICEMAIL_READ: ofVoicemail,
  VOICEMAIL_DELETED: ofVoicemail,
  CONFERENCE_STARTED: ofConference,
  CONFERENCE_PARTICIPANT_JOINED: ofConference,
  CONFERENCE_PARTICIPANT_LEFT: ofConference,
  CONFERENCE_PARTICIPANT_MUTED: ofConference,
  CONFERENCE_PARTICIPANT_UNMUTED: ofConference,
  CONFERENCE_PARTICIPANT_PROMOTED: ofConference,
  CONFERENCE_LOCKED: ofConference,
  CONFERENCE_UNLOCKED: ofConference,
  CONFERENCE_RECORDING_STARTED: ofConference,
  CONFERENCE_RECORDING_STOPPED: ofConference,
  CONFERENCE_RECORDING_FAILED: ofConference,
  /** Not to `me`: who wants to know who talks watches the conference. */
  CONFERENCE_TALKING: {
    ...ofConference,
    isEphemeral: true,
    channels: ["conferences", "conferences:<conferenceId>"],
    conflation: "replace",
  },
  CONFERENCE_ENDED: ofConference,
  SYSTEM_ALERT: { isEphemeral: false, channels: ["system"], permission: "system.view", conflation: "never" },
  TRUNK_STATUS_CHANGED: {
    isEphemeral: false,
    channels: ["system", "trunks"],
    permission: "trunks.view",
    conflation: "replace",
    subject: "trunkId",
  },
  CONNECTED: ofConnection,
  PONG: ofConnection,
  DISCONNECTED: ofConnection,
  AUTH_EXPIRING: { ...ofConnection, conflation: "replace" },
} as const satisfies Readonly<Record<string, EventFacts>>;

export type EventType = keyof typeof eventTable;

/** Every event type, in the order of the documents. */
export const eventTypes: readonly EventType[] = Object.keys(eventTable).filter((type) => isEventType(type));

export function isEventType(text: string): text is EventType {
  return Object.hasOwn(eventTable, text);
}
