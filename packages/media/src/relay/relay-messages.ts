import type { CodecName } from "../codecs/codec.ts";
import type { RecordingFailure } from "../recording/recording.ts";
import type { Direction } from "../sdp/sdp.ts";

/** What an endpoint sends and receives, as far as the relay has to know. */
export interface StreamSettings {
  readonly codec: CodecName;
  readonly payloadType: number;
  readonly telephoneEvent?: number;
  readonly remoteAddress: string;
  readonly remotePort: number;
  /** 0: it takes no RTCP. */
  readonly remoteRtcpPort: number;
  readonly rtcpMux: boolean;
  readonly direction: Direction;
  readonly clockRate: number;
}

/** `talk` hears and is heard; `listen` only hears; `whisper` hears, and is heard by one member alone. */
export type BridgeRole =
  | { readonly mode: "talk" | "listen" }
  | { readonly mode: "whisper" /** An endpoint's id. */; readonly whisperTo: string };

/** Main thread → worker. */
export type RelayRequest =
  | { readonly do: "open"; readonly request: number; readonly endpointId: string }
  | { readonly do: "configure"; readonly endpointId: string; readonly settings: StreamSettings }
  | {
      readonly do: "join";
      readonly bridgeId: string;
      readonly endpointId: string;
      readonly role: BridgeRole;
      /** Also one or two are mixed; as whoever makes the bridge by joining first says. */
      readonly isMixed?: boolean;
    }
  | { readonly do: "leave"; readonly endpointId: string }
  | { readonly do: "mute"; readonly endpointId: string; readonly isMuted: boolean }
  | {
      readonly do: "play";
      readonly endpointId: string;
      readonly playbackId: string;
      /** 16-bit samples at 8 kHz. */
      readonly samples: Int16Array;
      readonly isLooped: boolean;
    }
  | { readonly do: "stopPlayback"; readonly playbackId: string }
  | { readonly do: "sendDtmf"; readonly endpointId: string; readonly digits: string }
  | {
      readonly do: "record";
      readonly request: number;
      readonly recordingId: string;
      readonly path: string;
      readonly bridgeId: string;
      /** Its voice is in the left channel, that of all others of the bridge in the right one. */
      readonly leftEndpointId: string;
    }
  | {
      readonly do: "moveRecording";
      readonly recordingId: string;
      readonly bridgeId: string;
      readonly leftEndpointId: string;
    }
  | { readonly do: "pauseRecording"; readonly recordingId: string; readonly isPaused: boolean }
  | { readonly do: "stopRecording"; readonly recordingId: string }
  | { readonly do: "close"; readonly request: number; readonly endpointId: string }
  | { readonly do: "statistics"; readonly request: number; readonly endpointId: string }
  | { readonly do: "shutdown" };

/** Why a recording cannot begin. */
export type RecordingRefusal = "disk_full" | "write_failed" | "too_many_recordings" | "shut_down";

export interface StreamStatistics {
  readonly packetsIn: number;
  readonly packetsOut: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly lost: number;
  /** Packets of ours that the phone says it never had. */
  readonly lostThere?: number;
  readonly jitterMs: number;
  readonly roundTripMs?: number;
}

/** Worker → main thread. */
export type RelayReport =
  | { readonly tell: "opened"; readonly request: number; readonly port: number; readonly rtcpPort: number }
  | { readonly tell: "refused"; readonly request: number; readonly code: "ports_exhausted" | "too_many_endpoints" }
  | { readonly tell: "answer"; readonly request: number; readonly statistics: StreamStatistics | undefined }
  | { readonly tell: "recording"; readonly request: number; readonly recordingId: string }
  | { readonly tell: "notRecording"; readonly request: number; readonly code: RecordingRefusal }
  | {
      readonly tell: "recordingFinished";
      readonly recordingId: string;
      readonly durationMs: number;
      readonly bytes: number;
      readonly failure?: RecordingFailure;
    }
  | {
      readonly tell: "dtmf";
      readonly endpointId: string;
      readonly digit: string;
      readonly durationMs: number;
      /** How long ago the key was last heard of: more than nothing where its end was lost. */
      readonly agoMs: number;
    }
  | {
      readonly tell: "playbackFinished";
      readonly playbackId: string;
      readonly endpointId: string;
      readonly isComplete: boolean;
    }
  | {
      readonly tell: "quality";
      readonly endpointId: string;
      readonly lossPercent: number;
      readonly jitterMs: number;
      /** What the phone reported of our voice since the last one. */
      readonly remoteLossPercent?: number;
      readonly remoteJitterMs?: number;
      readonly roundTripMs?: number;
    }
  /** In a mix: somebody whom all hear begins to talk, or stops. */
  | { readonly tell: "talking"; readonly endpointId: string; readonly isTalking: boolean }
  | { readonly tell: "firstPacket"; readonly endpointId: string }
  /** Nothing came for so long; told again after each further such time. */
  | { readonly tell: "silence"; readonly endpointId: string; readonly ms: number };

export interface RelaySettings {
  readonly address: string;
  readonly minPort: number;
  readonly maxPort: number;
  readonly maxEndpoints: number;
  /** Silence is told after each such time without a packet. */
  readonly silenceMs: number;
  /** Time between two RTCP reports. */
  readonly reportMs: number;
  readonly maxRecordings: number;
}
