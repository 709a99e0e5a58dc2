import type { Binding } from "./binding.ts";
import type { EngineConfiguration } from "./configuration.ts";
import type { BindingId, BridgeId, LegId, PlaybackId, RecordingId, TransferRequestId, TrunkId } from "./ids.ts";
import type { LegEndCause } from "./leg-end.ts";
import type { WatchedState } from "./watched-state.ts";

export interface PartyIdentity {
  /** `anonymous` where a trunk's caller does not want to be known. */
  readonly number: string;
  readonly name?: string;
  /** Caller of a call to a trunk: the far side's network learns the number, the called party does not (RFC 3323, RFC 3325). */
  readonly isPrivate?: boolean;
}

/**
 * Whom to dial: one device of an extension, or a number behind a trunk. Forking to several devices is the PBX's own work, and
 * so is going on to the next trunk: one that says nothing at all within 5 s ends `no_response`, one that cannot be sent to
 * `failed`. A disabled trunk, or one whose host has no address, is `invalid_state`.
 */
export type DialTarget =
  | { readonly kind: "binding"; readonly bindingId: BindingId }
  | { readonly kind: "trunk"; readonly trunkId: TrunkId; readonly number: string };

export const tones = ["ringback", "busy", "congestion", "beep"] as const;
export type Tone = (typeof tones)[number];

export type PlaySource =
  | { readonly kind: "tone"; readonly tone: Tone }
  | { readonly kind: "file"; readonly path: string; readonly isLooped: boolean };

/** Talking, listening and whispering. */
export const maxBridgeMembers = 50;

export interface DialOperation {
  readonly op: "dial";
  /** Chosen by the caller; a repeat of the same id does nothing. */
  readonly legId: LegId;
  readonly target: DialTarget;
  /** Shown to the far side as caller. */
  readonly caller: PartyIdentity;
  /** Whom the far side was called as. */
  readonly callee: PartyIdentity;
  /** The leg on whose behalf this is dialled: its codecs are offered first, so that nothing needs transcoding. */
  readonly originatorLegId?: LegId;
  /** The device is asked to answer by itself (headers as in RFC 5373, `Call-Info`, `Alert-Info`). */
  readonly isAutoAnswer: boolean;
  /** After this without an answer the leg ends `ring_timeout` (had it rung) or `no_response`. */
  readonly timeoutMs: number;
}

/** Everything that the PBX can ask of an engine. Ids are chosen by the caller, so a repeat is harmless. */
export type Operation =
  | DialOperation
  /** Offered leg: tell the caller that it rings (`ringing`), or open the media early (`early_media`). */
  | { readonly op: "progress"; readonly legId: LegId; readonly stage: "ringing" | "early_media" }
  | { readonly op: "answer"; readonly legId: LegId }
  /**
   * Who is at the other side of a phone's call now, for its display ([C37]); before the answer it goes with that. Always
   * accepted for a leg that is there: a phone that cannot be told goes on showing what it shows, a trunk is told nothing.
   */
  | { readonly op: "updateParty"; readonly legId: LegId; readonly party: PartyIdentity }
  | {
      readonly op: "hangup";
      readonly legId: LegId;
      readonly cause: LegEndCause;
      /** For the person at an unanswered caller's phone, ASCII (`Warning`, RFC 3261 §20.43). */
      readonly explanation?: string;
    }
  /** Ask the ringing device to pick up ([W42]); fails `device_cannot` where it can in no way. */
  | { readonly op: "remoteAnswer"; readonly legId: LegId }
  /** Ask the device to hold, or to resume its own hold ([C21]); fails `device_cannot` where the device lacks it. */
  | { readonly op: "remoteHold"; readonly legId: LegId }
  | { readonly op: "remoteTalk"; readonly legId: LegId }
  /** `isMixed`: also one or two are mixed, so that who talks is told from the first on, and keys are for nobody else. */
  | { readonly op: "createBridge"; readonly bridgeId: BridgeId; readonly isMixed?: boolean }
  /**
   * `talk` hears and is heard; `listen` only hears; `whisper` hears, and is heard by `whisperTo` alone, who is in the
   * bridge. Joining elsewhere leaves the former bridge; joining again in another mode changes it. A bridge has
   * `maxBridgeMembers`: further ones are `invalid_state`. Where it is mixed — more than two talk, somebody listens or
   * whispers, or it was made so — `device_cannot` says that the codec of one cannot be mixed.
   */
  | {
      readonly op: "join";
      readonly bridgeId: BridgeId;
      readonly legId: LegId;
      readonly mode: "talk" | "listen" | "whisper";
      readonly whisperTo?: LegId;
    }
  | { readonly op: "leave"; readonly bridgeId: BridgeId; readonly legId: LegId }
  | { readonly op: "mute"; readonly legId: LegId; readonly isMuted: boolean }
  | { readonly op: "destroyBridge"; readonly bridgeId: BridgeId }
  | { readonly op: "play"; readonly legId: LegId; readonly playbackId: PlaybackId; readonly source: PlaySource }
  | { readonly op: "stopPlayback"; readonly playbackId: PlaybackId }
  | { readonly op: "holdMusic"; readonly legId: LegId; readonly isOn: boolean; readonly path?: string }
  /**
   * Records who talks in a bridge, in a new stereo WAV file (16 bits, 8 kHz, a header of 44 bytes): the left channel is
   * `leftLegId`, the right one everybody else of the bridge. What the PBX plays is not in it. It goes on, silent, when the
   * bridge is empty or gone, until `stopRecording`; exactly one `recordingFinished` follows.
   */
  | {
      readonly op: "record";
      readonly recordingId: RecordingId;
      readonly bridgeId: BridgeId;
      readonly leftLegId: LegId;
      readonly path: string;
    }
  /** Goes on in another bridge, in the same file ([C51]). */
  | {
      readonly op: "moveRecording";
      readonly recordingId: RecordingId;
      readonly bridgeId: BridgeId;
      readonly leftLegId: LegId;
    }
  /** Neither the voice of a pause is in the file nor its time. */
  | { readonly op: "pauseRecording"; readonly recordingId: RecordingId; readonly isPaused: boolean }
  | { readonly op: "stopRecording"; readonly recordingId: RecordingId }
  | { readonly op: "sendDtmf"; readonly legId: LegId; readonly digits: string }
  | {
      readonly op: "acceptTransfer";
      readonly transferRequestId: TransferRequestId;
      readonly outcome: "trying" | "done";
    }
  | { readonly op: "rejectTransfer"; readonly transferRequestId: TransferRequestId; readonly cause: LegEndCause }
  /** Removes a registration; its device learns it at its next request. */
  | { readonly op: "unregister"; readonly bindingId: BindingId }
  | { readonly op: "applyConfiguration"; readonly configuration: EngineConfiguration }
  /** Tries a trunk out, also a disabled one: `trunkTested` tells what was found, within 30 s. */
  | { readonly op: "testTrunk"; readonly trunkId: TrunkId; readonly testId: string }
  /** Gives back registrations kept over a restart; expired ones and those whose connection is gone are dropped silently. */
  | { readonly op: "restoreBindings"; readonly bindings: readonly Binding[] }
  /** From now on phones may watch the number, which need not be an extension's, and are shown this ([L1]). */
  | { readonly op: "publishState"; readonly number: string; readonly state: WatchedState }
  /** The number is no more; its watchers are told so. */
  | { readonly op: "withdrawState"; readonly number: string };

export type OperationName = Operation["op"];

export const operationErrors = [
  "unknown_leg",
  "unknown_bridge",
  "unknown_binding",
  "unknown_playback",
  "unknown_recording",
  "unknown_transfer",
  "unknown_trunk",
  "invalid_state",
  "device_cannot",
  "no_media_ports",
  "disk_full",
  "write_failed",
  "unsupported",
  "engine_unavailable",
] as const;
export type OperationError = (typeof operationErrors)[number];

/** Expected failures are values; `detail` is for logs and carries no secret. */
export type OperationOutcome =
  | { readonly ok: true }
  | { readonly ok: false; readonly error: OperationError; readonly detail: string };
