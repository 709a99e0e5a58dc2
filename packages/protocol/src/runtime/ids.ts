/**
 * Ids with a flavour: text of the wire fits every one of them, but a `LegId` variable does not fit a `CallId` parameter.
 * The flavour exists in types only.
 */
interface Flavour<Kind extends string> {
  readonly "~id"?: Kind;
}
type Flavoured<Kind extends string> = string & Flavour<Kind>;

export type CallId = Flavoured<"call">;
export type LegId = Flavoured<"leg">;
export type ThreadId = Flavoured<"call">;
export type TransferId = Flavoured<"transfer">;
export type ExtensionId = Flavoured<"extension">;
export type BindingId = Flavoured<"binding">;
export type UserId = Flavoured<"user">;
export type QueueId = Flavoured<"queue">;
export type QueueEntryId = Flavoured<"queueEntry">;
export type OfferId = Flavoured<"offer">;
export type AgentId = Flavoured<"agent">;
export type ConferenceId = Flavoured<"conference">;
export type ParticipantId = Flavoured<"participant">;
export type VoicemailBoxId = Flavoured<"voicemailBox">;
export type MessageId = Flavoured<"message">;
export type RecordingId = Flavoured<"recording">;
export type TrunkId = Flavoured<"trunk">;
export type SessionId = Flavoured<"session">;
export type CommandId = Flavoured<"command">;
export type EventId = Flavoured<"event">;

/** A place in the log ([W1]). Positions of different epochs do not compare. */
export interface Position {
  readonly epoch: string;
  readonly seq: number;
}
