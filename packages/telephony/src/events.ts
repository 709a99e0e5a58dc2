import type { Binding, BindingRemovedReason } from "./binding.ts";
import type { BindingId, ExtensionId, LegId, PlaybackId, RecordingId, TransferRequestId, TrunkId } from "./ids.ts";
import type { LegEndCause, LegEndedBy } from "./leg-end.ts";
import type { PartyIdentity } from "./operations.ts";

/** Where an offered leg comes from: an authenticated device of an extension, or a trunk. */
export type LegOrigin =
  | { readonly kind: "extension"; readonly extensionId: ExtensionId; readonly bindingId?: BindingId }
  | { readonly kind: "trunk"; readonly trunkId: TrunkId };

export const recordingFailures = [
  "disk_full",
  /** The disk did not keep up with the voice. */
  "disk_slow",
  "write_failed",
  "too_long",
  /** A party speaks in a codec that the engine cannot decode. */
  "codec",
  "engine_lost",
] as const;
export type RecordingFailure = (typeof recordingFailures)[number];
/** `degraded`: reachable, but slow to answer. */
export const trunkStatuses = ["active", "inactive", "degraded"] as const;
export type TrunkStatus = (typeof trunkStatuses)[number];

/** Of `degraded` it is `unreachable`: the nearest word that there is. */
export const trunkStatusReasons = [
  "registration_failed",
  "unreachable",
  "auth_failed",
  "recovered",
  "disabled",
] as const;
export type TrunkStatusReason = (typeof trunkStatusReasons)[number];

/** `resolve`: the name has addresses; `options`: somebody answers there; `register`: user name and password are taken. */
export interface TrunkTestStep {
  readonly step: "resolve" | "options" | "register";
  readonly isOk: boolean;
  /** For people; no secret. */
  readonly detail: string;
  readonly durationMs: number;
}

/** Everything that an engine reports. A leg's events come in order; after `legEnded` there are no more of that leg. */
export type TelephonyEvent =
  /** A device or trunk wants a call; nothing is answered until `progress`, `answer` or `hangup`. */
  | {
      readonly type: "legOffered";
      readonly legId: LegId;
      readonly origin: LegOrigin;
      readonly caller: PartyIdentity;
      /** What was dialled, as dialled. */
      readonly dialled: string;
      /** Set when the offer replaces a leg of this PBX (INVITE with Replaces, [C34]). */
      readonly replacesLegId?: LegId;
      /** The engine's own name of it, for administrators ([C2]). */
      readonly debugId: string;
    }
  /** Dialled leg: the device rings. At most once per leg. */
  | { readonly type: "legRinging"; readonly legId: LegId; readonly allowsRemoteAnswer: boolean }
  /** Dialled leg: the far side sends media before the answer. */
  | { readonly type: "legEarlyMedia"; readonly legId: LegId }
  /** Dialled leg: answered by the far side. Offered leg: the answer is confirmed. */
  | { readonly type: "legAnswered"; readonly legId: LegId }
  /** Exactly once for every offered or dialled leg, whatever happened. */
  | {
      readonly type: "legEnded";
      readonly legId: LegId;
      readonly cause: LegEndCause;
      readonly by: LegEndedBy;
      readonly sipCode?: number;
      readonly q850Cause?: number;
      /** Dialled leg: the number that the device sends the call on to (3xx), as it wrote it. */
      readonly redirectTo?: string;
    }
  | { readonly type: "legHeld"; readonly legId: LegId; readonly isMusicPossible: boolean }
  | { readonly type: "legUnheld"; readonly legId: LegId }
  | { readonly type: "dtmfReceived"; readonly legId: LegId; readonly digit: string; readonly durationMs: number }
  | {
      readonly type: "transferRequested";
      readonly transferRequestId: TransferRequestId;
      readonly legId: LegId;
      readonly target:
        | { readonly kind: "blind"; readonly number: string }
        /** Attended: the leg of the same device that shall be joined. */
        | { readonly kind: "replaces"; readonly legId: LegId };
    }
  | { readonly type: "bindingAdded"; readonly binding: Binding }
  | { readonly type: "bindingRefreshed"; readonly binding: Binding }
  | {
      readonly type: "bindingRemoved";
      readonly bindingId: BindingId;
      readonly extensionId: ExtensionId;
      readonly reason: BindingRemovedReason;
    }
  /** What is found out about an enabled trunk, and that it was disabled; nothing before something is known ([V4]). */
  | {
      readonly type: "trunkStatusChanged";
      readonly trunkId: TrunkId;
      readonly status: TrunkStatus;
      readonly reason: TrunkStatusReason;
      /** For people. */
      readonly detail: string;
    }
  | {
      readonly type: "trunkTested";
      readonly testId: string;
      readonly trunkId: TrunkId;
      /** In order; the last one may have failed, what would come after it was not tried. */
      readonly steps: readonly TrunkTestStep[];
    }
  /** Every 5 s of a leg that has voice, as measured since the last one. */
  | {
      readonly type: "mediaQuality";
      readonly legId: LegId;
      /** Set for a leg of a trunk. */
      readonly trunkId?: TrunkId;
      /** 0–100, of what the far side sends. */
      readonly lossPercent: number;
      readonly jitterMs: number;
      /** What the far side reports of our voice, where it does (RTCP). */
      readonly remoteLossPercent?: number;
      readonly remoteJitterMs?: number;
      readonly roundTripMs?: number;
    }
  | {
      readonly type: "playbackFinished";
      readonly playbackId: PlaybackId;
      readonly legId: LegId;
      readonly isComplete: boolean;
    }
  | {
      readonly type: "recordingFinished";
      readonly recordingId: RecordingId;
      /** Of what is in the file, pauses left out. */
      readonly durationMs: number;
      readonly bytes: number;
      /** What stopped it; what was written until then can be played. */
      readonly failure?: RecordingFailure;
    }
  /** Of who talks in a bridge that is mixed: begins to speak, or is silent. */
  | { readonly type: "talkingChanged"; readonly legId: LegId; readonly isTalking: boolean }
  /** A source was blocked for guessing passwords or scanning. */
  | { readonly type: "sourceBlocked"; readonly ipAddress: string; readonly untilMs: number; readonly attempts: number }
  /** Every leg is gone; each has had its `legEnded` with `engine_lost` before this. */
  | { readonly type: "engineLost"; readonly detail: string }
  | { readonly type: "engineRecovered" };

export type TelephonyEventType = TelephonyEvent["type"];
