import type { BindingId, BridgeId, LegId, PlaybackId, RecordingId } from "../ids.ts";
import type { LegEndCause, LegEndedBy } from "../leg-end.ts";
import type { DialTarget, PartyIdentity, PlaySource } from "../operations.ts";

/** What the phone (or the far side) at the other end of a leg has been shown, in order. */
export type FakeSight =
  | { readonly kind: "ringing" }
  | { readonly kind: "early_media" }
  | { readonly kind: "answered" }
  /** Who the other side is, with the answer or later. */
  | { readonly kind: "party"; readonly number: string }
  /** `sipCode` of a refused or cancelled call (487 where it was cancelled); none after a BYE. */
  | { readonly kind: "ended"; readonly sipCode?: number; readonly isAnsweredElsewhere: boolean };

export type FakeLegState = "offered" | "dialled" | "ringing" | "early_media" | "answered" | "ended";

/** A leg as it stands; `state` of an offered leg follows what the PBX told the caller. */
export interface FakeLeg {
  readonly legId: LegId;
  readonly direction: "offered" | "dialled";
  readonly bindingId?: BindingId;
  readonly target?: DialTarget;
  readonly caller: PartyIdentity;
  readonly callee: PartyIdentity;
  readonly originatorLegId?: LegId;
  readonly isAutoAnswer: boolean;
  readonly state: FakeLegState;
  readonly isHeld: boolean;
  readonly isMuted: boolean;
  readonly hasHoldMusic: boolean;
  /** What the PBX told last of the other side. */
  readonly party?: PartyIdentity;
  readonly bridgeId?: BridgeId;
  readonly sentDtmf: string;
  readonly sees: readonly FakeSight[];
  readonly end?: { readonly cause: LegEndCause; readonly by: LegEndedBy; readonly sipCode?: number };
}

export interface FakeBridgeMember {
  readonly legId: LegId;
  readonly mode: "talk" | "listen" | "whisper";
  readonly whisperTo?: LegId;
}

export interface FakeBridge {
  readonly bridgeId: BridgeId;
  readonly members: readonly FakeBridgeMember[];
}

/** Whose voice is in which channel, of a recording that goes on or is over. */
export interface FakeRecording {
  readonly recordingId: RecordingId;
  readonly path: string;
  readonly bridgeId: BridgeId;
  readonly leftLegId: LegId;
  readonly isPaused: boolean;
  readonly durationMs: number;
  /** Up to when `durationMs` is counted and the voices are known. */
  readonly knownMs: number;
  readonly left: readonly LegId[];
  readonly right: readonly LegId[];
}

export interface FakePlayback {
  readonly playbackId: PlaybackId;
  readonly legId: LegId;
  readonly source: PlaySource;
}
