import type { CallState, TransferType } from "@pbx-x/protocol";
import type { BridgeId, DialTarget, LegEndCause, LegId, PlaybackId, TransferRequestId } from "@pbx-x/telephony";
import type { OutsideAttempt, OutsideRoute } from "../routing/route-outside.ts";
import type { CallMonitor } from "./call-monitor.ts";
import { offeredLegs } from "../queues/queue-entry.ts";
import type { QueuedStage, QueueVisit } from "../queues/queue-entry.ts";
import type { CallData } from "./call-data.ts";
import type { CallRecording } from "./call-recording.ts";
import type { Cause } from "./decision.ts";
import type { WireLeg } from "./wire-legs.ts";

/** One side of a call as the wire shows it; `extensionId` where it is one of our extensions. */
export interface Party {
  readonly number: string;
  readonly name?: string;
  readonly extensionId?: string;
  /** Set where the party is beyond a trunk; `paidBy` is the extension that sent the call there ([G12]). Not shown. */
  readonly outside?: { readonly trunk: TrunkRef; readonly paidBy?: string };
}

export interface TrunkRef {
  readonly id: string;
  readonly name: string;
}

export type CallDirection = "inbound" | "outbound" | "internal";

/** One device, or one number behind a trunk, that is being rung. */
export interface ForkLeg {
  readonly legId: LegId;
  readonly target: DialTarget;
  readonly status: "dialling" | "ringing" | "early_media" | "ended";
  readonly allowsRemoteAnswer: boolean;
  readonly end?: LegEnd;
}

export interface LegEnd {
  readonly cause: LegEndCause;
  readonly sipCode?: number;
  readonly q850Cause?: number;
}

/** The devices of one destination, rung together ([C12]); or one trunk at a time. */
export interface Fork {
  readonly extensionId: string;
  /** Beyond the trunks: how the number is reached, and what has not been tried yet ([G7]). */
  readonly outside?: { readonly route: OutsideRoute; readonly untried: readonly OutsideAttempt[] };
  readonly legs: readonly ForkLeg[];
}

/** A party that holds: by `hold`, or at its phone; it may do both. */
export interface Hold {
  readonly legId: LegId;
  readonly by: "command" | "device";
}

export interface Transfer {
  readonly transferId: string;
  readonly type: TransferType;
  readonly by: Party;
  readonly target: Party;
  /** The phone that asked for it by itself: it stays on the line until the outcome is known. */
  readonly request?: TransferRequest;
}

export interface TransferRequest {
  readonly transferRequestId: TransferRequestId;
  readonly legId: LegId;
  /** The phone holds by itself; another call that it is in has to know. */
  readonly isHeldAtDevice?: boolean;
}

/** A leg that a call shares with its consultation: one phone, that talks in one of both at a time ([C35]). */
export interface SharedLeg {
  readonly legId: LegId;
  /** The other one of both. */
  readonly callId: string;
  /** The phone is in this call now, not in the other. */
  readonly isHere: boolean;
}

/** The phones of somebody who wants to take the call, rung while everything else goes on ([C43]). */
export interface PickUp {
  readonly by: Party;
  readonly fork: Fork;
  /** Who asked for it. */
  readonly cause: Cause;
}

/** Only the fields that are valid at each stage of the call. */
export type CallStage =
  /** Click-to-call: the caller's own devices ring first ([W41]). */
  | { readonly at: "originating"; readonly fork: Fork; readonly dialled: string }
  /** The caller is there, the destination's devices are being rung. */
  | {
      readonly at: "dialling";
      readonly callerLegId: LegId;
      /** False while the caller's own INVITE is still unanswered. */
      readonly isCallerAnswered: boolean;
      readonly fork: Fork;
      readonly isRinging: boolean;
      /** Joined before the answer, for early media. */
      readonly bridgeId?: BridgeId;
      readonly ringbackId?: PlaybackId;
      /** The caller may hold while it waits for another party. */
      readonly holds?: readonly Hold[];
    }
  | {
      readonly at: "connected";
      readonly callerLegId: LegId;
      readonly calleeLegId: LegId;
      readonly bridgeId: BridgeId;
      /** The call is `held` until nobody holds ([C20]). */
      readonly holds: readonly Hold[];
      /** What the leg hears whose consultation ended, until it takes its call back ([C36]). */
      readonly waitingTone?: { readonly legId: LegId; readonly playbackId: PlaybackId };
    }
  /** The caller, who is the parked party then, waits alone in a slot ([C40]). */
  | {
      readonly at: "parked";
      readonly callerLegId: LegId;
      readonly slot: string;
      readonly parkedBy: Party;
      readonly expiresAtMs: number;
      /** The waiting party may hold, too. */
      readonly holds: readonly Hold[];
    }
  /** The caller is in a conference, or at its door ([V2]). */
  | {
      readonly at: "conference";
      readonly callerLegId: LegId;
      readonly conferenceId: string;
      /** Once it is let in. */
      readonly bridgeId?: BridgeId;
      readonly holds: readonly Hold[];
      /** The call whose place it takes: who was let in there has passed this one on ([V27]). */
      readonly inPlaceOf?: string;
    }
  | QueuedStage
  /** The caller is with the mailbox of an extension, the callee ([V30]). */
  | { readonly at: "mailbox"; readonly callerLegId: LegId; readonly extensionId: string }
  | { readonly at: "ended" };

/** Milliseconds spent in each phase of the life ([C14]); the running phase is counted from `phaseSinceMs`. */
export interface PhaseTotals {
  readonly ringMs: number;
  readonly queueMs: number;
  readonly talkMs: number;
  readonly holdMs: number;
  readonly parkMs: number;
}

export type PhaseName = "ring" | "queue" | "talk" | "hold" | "park";

/** The journey of the served party ([C1]). */
export interface Call {
  readonly callId: string;
  readonly threadId: string;
  /** Counts the events of this call ([C3]). */
  readonly version: number;
  /** As the last event told it ([C3]). */
  readonly state: CallState;
  readonly direction: CallDirection;
  readonly caller: Party;
  readonly callee: Party;
  readonly stage: CallStage;
  readonly createdAtMs: number;
  readonly answeredAtMs?: number;
  readonly phase: PhaseName;
  readonly phaseSinceMs: number;
  readonly phases: PhaseTotals;
  /** Extensions that have forwarded this call, the first one first ([C15]). */
  readonly forwards: readonly string[];
  readonly forwardedFrom: Party | undefined;
  /** While it is being passed on. */
  readonly transfer: Transfer | undefined;
  /** The call that this one was begun for, to ask before passing that on ([C32]). */
  readonly consultFor?: string;
  readonly shared: readonly SharedLeg[];
  /** The call that went on instead of this one ([C32]). */
  readonly mergedInto?: string;
  /** It rings because it came back ([C31], [C41]). */
  readonly isRecall: boolean;
  readonly recording: CallRecording | undefined;
  /** Legs that were muted by command ([C62]); also such as have left meanwhile. */
  readonly muted?: readonly LegId[];
  /** Who listens in; not for the parties to know ([C72]). */
  readonly monitors: readonly CallMonitor[];
  /** What its end is called where nobody takes the call that came back ([C42]). */
  readonly recallReason: "park_timeout" | undefined;
  /** The queue that it waits in, or came through. */
  readonly queue: QueueVisit | undefined;
  /** What applications have attached to it ([C80]). */
  readonly data: CallData;
  /** While `parked` or `dialling`. */
  readonly pickUp: PickUp | undefined;
  /** Every extension that is or was party, for channel routing ([W23]). */
  readonly participants: readonly { readonly id: string; readonly number: string }[];
  /** How many of them an event has reached ([W49]). */
  readonly told: number;
  /** The legs as the last event with legs told them ([C2]). */
  readonly toldLegs?: readonly WireLeg[];
}

/** Extensions that are in the call now, each once; who only was is not counted. */
export function extensionsIn({ caller, callee, pickUp, stage }: Call): readonly string[] {
  if (stage.at === "ended") return [];
  const asked = stage.at === "queued" ? stage.offers.map(({ agent }) => agent.extensionId) : [];
  // Who has a mailbox is free while somebody speaks to it.
  const called = stage.at === "mailbox" ? undefined : callee.extensionId;
  const ids = [caller.extensionId, called, pickUp?.by.extensionId, ...asked];
  return [...new Set(ids)].filter((id) => id !== undefined);
}

/** The trunk that the events name ([C11]): the one it came from, or the one it goes to. */
export function trunkOf({ direction, caller, callee }: Call): TrunkRef | undefined {
  const [first, second] = direction === "inbound" ? [caller, callee] : [callee, caller];
  return (first.outside ?? second.outside)?.trunk;
}

/** All legs that belong to the call now; not one that is away in another call. */
export function legsOf(call: Call): readonly LegId[] {
  const { pickUp } = call;
  const wanted = pickUp === undefined ? [] : liveLegs(pickUp.fork);
  return [...allLegsOf(call).filter((legId) => isHere(call, legId)), ...wanted];
}

/** Whether a leg of the call is in it, and not in the other one that shares it. */
export function isHere({ shared }: Call, legId: LegId): boolean {
  return !shared.some((link) => link.legId === legId && !link.isHere);
}

function allLegsOf({ stage, transfer }: Call): readonly LegId[] {
  switch (stage.at) {
    case "originating":
      return liveLegs(stage.fork);
    case "dialling":
      return [
        stage.callerLegId,
        ...liveLegs(stage.fork),
        ...(transfer?.request === undefined ? [] : [transfer.request.legId]),
      ];
    case "connected":
      return [stage.callerLegId, stage.calleeLegId];
    case "parked":
    case "conference":
    case "mailbox":
      return [stage.callerLegId];
    case "queued":
      return [stage.callerLegId, ...offeredLegs(stage)];
    case "ended":
      return [];
  }
}

export function liveLegs(fork: Fork): readonly LegId[] {
  return fork.legs.filter((leg) => leg.status !== "ended").map((leg) => leg.legId);
}
