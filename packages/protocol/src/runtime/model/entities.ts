import type { CallDirection, CallState, HangupCause, HangupParty, MonitorMode, TransferType } from "../call-values.ts";
import type {
  AgentId,
  BindingId,
  CallId,
  ConferenceId,
  ExtensionId,
  LegId,
  ParticipantId,
  QueueId,
  RecordingId,
  ThreadId,
  TrunkId,
  UserId,
  VoicemailBoxId,
} from "../ids.ts";
import type { EventDataOf } from "../types.ts";
import type { AgentStatus, PresenceStatus, SipTransport, TrunkReason, TrunkStatus } from "../values.ts";

/** Every entity stands at a position of the log ([M1]); 0 where the server gives none. */
interface Entity {
  readonly seq: number;
}

export interface Party {
  readonly number: string;
  readonly name?: string;
  readonly extensionId?: ExtensionId;
}

/** One device's part in a call; lives within its call ([C2]). */
export interface Leg {
  readonly legId: LegId;
  readonly side: "caller" | "callee" | "monitor";
  readonly state: "dialling" | "ringing" | "answered" | "held";
  readonly number?: string;
  readonly extensionId?: ExtensionId;
  readonly bindingId?: BindingId;
  readonly userAgent?: string;
  readonly canAnswerRemotely?: boolean;
  /** The other side does not hear it, by `mute` ([C62]). */
  readonly isMuted?: boolean;
}

/** A call as the events tell it. Fields that no event told are absent. */
export interface Call extends Entity {
  readonly callId: CallId;
  /** 0 from a server that does not count. */
  readonly version: number;
  readonly threadId: ThreadId;
  readonly state: CallState;
  readonly direction?: CallDirection;
  readonly caller?: Party;
  readonly callee?: Party;
  readonly trunk?: { readonly id: TrunkId; readonly name: string };
  /** Time of `CALL_CREATED`. */
  readonly startedAt?: string;
  /** Time of the first `CALL_ANSWERED`. */
  readonly answeredAt?: string;
  /** Time of the latest `CALL_ANSWERED` or `CALL_UNPARKED`: since when these two talk. */
  readonly talkSince?: string;
  /** Time of the event that brought the present state, e.g. since when it is held, or rings where it rings now. */
  readonly stateSince?: string;
  readonly answeredBy?: Party;
  /** Who holds the call now ([C20]). */
  readonly heldBy: readonly Party[];
  readonly parkingSlot?: string;
  readonly forwardedFrom?: Party;
  /** It rings because it came back ([C31], [C41]). */
  readonly isRecall: boolean;
  readonly consultFor?: CallId;
  /** The conference that it is in, or at whose door. */
  readonly conferenceId?: ConferenceId;
  /** The queue that it waits in or came through. */
  readonly queue?: { readonly id: QueueId; readonly name: string; readonly waitSeconds: number };
  /** What applications have attached to it ([C80]). */
  readonly callData?: EventDataOf<"CALL_DATA_ATTACHED">["callData"];
  readonly transfer?: {
    readonly transferId?: string;
    readonly transferType: TransferType;
    readonly transferredBy: Party;
    readonly transferTarget: Party;
  };
  readonly recording?: {
    readonly recordingId: RecordingId;
    readonly state: "recording" | "paused";
    /** An extension's policy started it: only supervisors may stop it. */
    readonly isByPolicy?: boolean;
  };
  readonly monitors: readonly { readonly monitorId: string; readonly mode: MonitorMode; readonly monitoredBy: Party }[];
  readonly legs: readonly Leg[];
  /** Everybody who is or was party, by number; with the extension's id where an event told it. */
  readonly participants: readonly Party[];
  /** Only of an ended call. */
  readonly ended?: {
    readonly at: string;
    readonly hangupCause: HangupCause;
    readonly hangupBy: HangupParty;
    readonly durationSeconds: number;
    readonly reason?: string;
    readonly mergedInto?: CallId;
  };
}

/** Settings of an extension as far as events told them. */
export type Extension = Entity &
  EventDataOf<"EXTENSION_STATUS_CHANGED">["changes"] & {
    readonly number: string;
    readonly extensionId: ExtensionId;
  };

export interface Registration extends Entity {
  /** `bindingId`, else the contact URI. */
  readonly key: string;
  readonly bindingId?: BindingId;
  readonly extensionId: ExtensionId;
  readonly number: string;
  readonly contactUri: string;
  readonly userAgent: string;
  readonly ipAddress: string;
  readonly transport: SipTransport;
  readonly expiresAt: string;
}

export interface Presence extends Entity {
  readonly extensionId: ExtensionId;
  readonly userId?: UserId;
  readonly number: string;
  readonly presenceStatus: PresenceStatus;
  readonly statusMessage?: string;
  /** Set by hand. */
  readonly isManual?: boolean;
}

export interface Agent extends Entity {
  readonly agentId: AgentId;
  readonly extensionId: ExtensionId;
  readonly number: string;
  readonly name: string;
  readonly status: AgentStatus;
  readonly reasonCode?: string;
  /** Queue that caused the status. */
  readonly queueId?: QueueId;
  readonly since?: string;
  readonly endsAt?: string;
  readonly nextStatus?: AgentStatus;
  readonly nextReasonCode?: string;
}

/** An agent's log-in to one queue ([Q2]). */
export interface Membership extends Entity {
  readonly key: string;
  readonly agentId: AgentId;
  readonly queueId: QueueId;
}

export interface Queue extends Entity {
  readonly queueId: QueueId;
  readonly queueName: string;
}

/** Ephemeral figures: not part of what a snapshot promises. */
export type QueueStats = Entity & EventDataOf<"QUEUE_STATS_UPDATED"> & { readonly at: string };

export interface QueueEntry extends Entity {
  readonly callId: CallId;
  readonly queueId: QueueId;
  readonly queueName?: string;
  readonly queueEntryId?: string;
  readonly caller?: Party;
  readonly position: number;
  readonly estimatedWaitSeconds: number;
  readonly enteredAt?: string;
  readonly offer?: { readonly offerId: string; readonly agent: Party; readonly expiresAt: string };
  /** The caller wants to be called back ([Q13]): he keeps his place, also after the end of his call. */
  readonly callback?: {
    readonly callbackId: string;
    readonly expiresAt: string;
    /** How often he was not reached. */
    readonly failedAttempts: number;
    readonly nextAttemptAt?: string;
  };
}

export interface ParkingSlot extends Entity {
  readonly parkingSlot: string;
  readonly callId: CallId;
  readonly parkedBy: Party;
  readonly parkedParty?: Party;
  readonly parkedAt: string;
  readonly expiresAt: string;
}

export interface Conference extends Entity {
  readonly conferenceId: ConferenceId;
  readonly name: string;
  readonly number?: string;
  readonly startedAt?: string;
  readonly currentParticipantCount: number;
  /** Only moderators get in. */
  readonly isLocked?: boolean;
  /** While it is recorded as a whole. */
  readonly recordingId?: RecordingId;
}

export interface Participant extends Entity {
  readonly participantId: ParticipantId;
  readonly conferenceId: ConferenceId;
  readonly displayName: string;
  readonly isModerator: boolean;
  readonly isMuted: boolean;
  readonly number?: string;
  readonly extensionId?: ExtensionId;
  readonly callId?: CallId;
  readonly joinedAt?: string;
}

export interface Mailbox extends Entity {
  readonly voicemailBoxId: VoicemailBoxId;
  readonly extensionNumber?: string;
  readonly unreadCount?: number;
  readonly totalCount?: number;
}

export interface Trunk extends Entity {
  readonly trunkId: TrunkId;
  readonly trunkName: string;
  readonly status: TrunkStatus;
  readonly reason?: TrunkReason;
  readonly errorMessage?: string;
  readonly since: string;
}
