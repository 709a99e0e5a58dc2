import type { TelephonyEvent } from "./events.ts";
import type { Operation, OperationOutcome } from "./operations.ts";

/**
 * What an engine may lack. Each flag says what follows where it is false; an operation that needs a missing capability
 * answers `unsupported` and changes nothing.
 */
export interface EngineCapabilities {
  /** Bridges of more than two talking legs. False: no conferences. */
  readonly conferencing: boolean;
  /** `record` and its siblings. False: recording commands are refused. */
  readonly recording: boolean;
  /** `remoteAnswer`. False: the `answer` command is refused. */
  readonly remoteAnswer: boolean;
  /** `remoteHold` and `remoteTalk`. False: a hold made at the phone ends only at the phone. */
  readonly remoteHold: boolean;
  /** `holdMusic`. False: a held party hears silence. */
  readonly holdMusic: boolean;
  /** `listen` and `whisper` joins. False: no supervision. */
  readonly supervision: boolean;
  /** Transfer requests by phones. False: REFER is refused by the engine. */
  readonly phoneTransfer: boolean;
  readonly sendDtmf: boolean;
  /** Trunks. False: outside calls are not possible. */
  readonly trunks: boolean;
  /** `restoreBindings`. False: after a restart a phone is reachable only once it has registered again. */
  readonly restoreBindings: boolean;
  /** `publishState` and `withdrawState`. False: the lamps of phones stay dark, and they show no presence. */
  readonly watching: boolean;
}

/** Where an engine listens; only the transports it has. */
export interface EngineAddresses {
  readonly host: string;
  readonly udp?: number;
  readonly tcp?: number;
  readonly tls?: number;
  readonly ws?: number;
  readonly wss?: number;
}

/** Figures for `/metrics` and leak tests; each back to zero when nothing goes on. */
export interface EngineUsage {
  readonly legs: number;
  readonly bridges: number;
  readonly playbacks: number;
  readonly recordings: number;
  readonly mediaPorts: number;
  readonly transactions: number;
  readonly bindings: number;
  /** Numbers that phones watch. */
  readonly subscriptions: number;
}

/** A file that somebody uploaded, to be played later. */
export interface AudioImport {
  /** WAV of 16-bit PCM, mono or stereo, from 8 kHz. */
  readonly from: string;
  /** Written in whatever form this engine plays; what was there is replaced. */
  readonly to: string;
  /** Longer ones are refused. */
  readonly maxMs: number;
}

export const audioImportErrors = ["not_wav", "unsupported", "truncated", "too_long", "empty", "unreadable"] as const;
export type AudioImportError = (typeof audioImportErrors)[number];

export type AudioImportOutcome =
  | { readonly ok: true; readonly durationMs: number }
  | { readonly ok: false; readonly error: AudioImportError };

/**
 * The port between the PBX and whatever carries the calls. Life: `subscribe`, `start`, `perform` …, `stop`.
 * `perform` never throws and never rejects. Operations on one leg are carried out in the order they were asked for; the
 * outcome resolves when the operation is accepted (for `remoteAnswer` and `remoteTalk`: when the device obeyed or refused),
 * what follows from it comes as events.
 */
export interface TelephonyEngine {
  readonly name: string;
  readonly capabilities: EngineCapabilities;
  /** One listener at a time is enough; it is called synchronously and must not throw. */
  subscribe(listener: (event: TelephonyEvent) => void): () => void;
  start(): Promise<EngineAddresses>;
  perform(operation: Operation): Promise<OperationOutcome>;
  /** Makes a file for `play` and `holdMusic` out of one that was uploaded. Works before the start; never rejects. */
  importAudio(audio: AudioImport): Promise<AudioImportOutcome>;
  usage(): EngineUsage;
  /** Ends every leg (`engine_lost`), closes every socket. Harmless when repeated. */
  stop(): Promise<void>;
}
