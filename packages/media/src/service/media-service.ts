import { Worker } from "node:worker_threads";
import { codecs } from "../codecs/codec.ts";
import type { RecordingFailure } from "../recording/recording.ts";
import { gatherOutgoing } from "../relay/outgoing.ts";
import type {
  BridgeRole,
  RecordingRefusal,
  RelayReport,
  RelayRequest,
  RelaySettings,
  StreamStatistics,
} from "../relay/relay-messages.ts";
import type { Negotiated } from "../sdp/offer-answer.ts";
import { PlayedFiles } from "./played-files.ts";
import { holdMusicSamples } from "../tones/hold-music.ts";
import { type ToneName, toneDefinitions, toneSamples } from "../tones/tone.ts";

export interface MediaServiceOptions {
  /** Address that the sockets are bound to. */
  readonly address: string;
  readonly ports: { readonly min: number; readonly max: number };
  /** Default 2000. */
  readonly maxEndpoints?: number;
  /** Silence is told after each such time without a packet; default 30 s. */
  readonly silenceMs?: number;
  /** Time between two RTCP reports to a phone, and between two `quality` events; default 5 s. */
  readonly reportMs?: number;
  /** Longest file that is played; default 32 MiB, half an hour. */
  readonly maxFileBytes?: number;
  /** Recordings at the same time; default 500. */
  readonly maxRecordings?: number;
  readonly onEvent: (event: MediaEvent) => void;
}

export type MediaEvent =
  | {
      readonly type: "dtmf";
      readonly endpointId: string;
      readonly digit: string;
      readonly durationMs: number;
      /** How long ago the key was last heard of: more than nothing where its end was lost. */
      readonly agoMs: number;
    }
  | {
      readonly type: "playbackFinished";
      readonly playbackId: string;
      readonly endpointId: string;
      readonly isComplete: boolean;
    }
  | {
      readonly type: "quality";
      readonly endpointId: string;
      readonly lossPercent: number;
      readonly jitterMs: number;
      /** What the phone reported of our voice since the last one. */
      readonly remoteLossPercent?: number;
      readonly remoteJitterMs?: number;
      readonly roundTripMs?: number;
    }
  /** In a bridge that is mixed: somebody whom all hear begins to talk, or stops. */
  | { readonly type: "talking"; readonly endpointId: string; readonly isTalking: boolean }
  | { readonly type: "firstPacket"; readonly endpointId: string }
  | { readonly type: "silence"; readonly endpointId: string; readonly ms: number }
  /** A recording ended: it was stopped, or `failure` says what stopped it; what was written can be played. */
  | {
      readonly type: "recordingFinished";
      readonly recordingId: string;
      readonly durationMs: number;
      readonly bytes: number;
      readonly failure?: RecordingFailure | "media_lost";
    }
  /** A worker died; its endpoints are gone. */
  | { readonly type: "workerLost"; readonly endpointIds: readonly string[] };

export type OpenResult =
  | { readonly ok: true; readonly address: string; readonly port: number; readonly rtcpPort: number }
  | { readonly ok: false; readonly code: "ports_exhausted" | "too_many_endpoints" | "shut_down" };

export type MediaSource =
  | { readonly kind: "tone"; readonly tone: ToneName }
  | { readonly kind: "file"; readonly path: string; readonly isLooped: boolean }
  /** Our own music for who waits, for ever. */
  | { readonly kind: "holdMusic" };

export interface RecordRequest {
  readonly recordingId: string;
  /** A new file. */
  readonly path: string;
  readonly bridgeId: string;
  /** Its voice is in the left channel, that of all others of the bridge in the right one. */
  readonly leftEndpointId: string;
}

/** All voice of the PBX, off the main thread. Ids are the caller's; operations on an endpoint keep their order. */
export interface MediaService {
  /** True once its thread works; false when that died, or was shut down, before. */
  whenReady(): Promise<boolean>;
  open(endpointId: string): Promise<OpenResult>;
  configure(endpointId: string, negotiated: Negotiated): void;
  /** Joins a bridge, leaving the one before; in the same bridge it takes another role. Default: to talk. */
  /** @param isMixed also one or two are mixed; as the first one who joins says */
  join(bridgeId: string, endpointId: string, role?: BridgeRole, isMixed?: boolean): void;
  leave(endpointId: string): void;
  mute(endpointId: string, isMuted: boolean): void;
  /** False when the source cannot be read; else `playbackFinished` tells the end, also where no such endpoint is open. */
  play(endpointId: string, playbackId: string, source: MediaSource): Promise<boolean>;
  stopPlayback(playbackId: string): void;
  sendDtmf(endpointId: string, digits: string): void;
  /**
   * Records who talks in a bridge, in a stereo WAV file of 16 bits at 8 kHz. It goes on, silent, when the bridge is empty or
   * gone, until `stopRecording`; `recordingFinished` comes exactly once after an ok.
   */
  record(
    request: RecordRequest,
  ): Promise<{ readonly ok: true } | { readonly ok: false; readonly code: RecordingRefusal }>;
  /** To another bridge, in the same file. */
  moveRecording(recordingId: string, bridgeId: string, leftEndpointId: string): void;
  /** What is said during a pause is not in the file, and neither is its time. */
  pauseRecording(recordingId: string, isPaused: boolean): void;
  stopRecording(recordingId: string): void;
  statistics(endpointId: string): Promise<StreamStatistics | undefined>;
  close(endpointId: string): Promise<StreamStatistics | undefined>;
  /** Endpoints open now. */
  readonly size: number;
  readonly playbacks: number;
  readonly recordings: number;
  /** Ends all recordings, then everything. */
  shutdown(): Promise<void>;
}

/** So long may the files of recordings take at the shutdown. */
const recordingsEndMs = 5000;

interface Waiting {
  resolve(report: RelayReport): void;
}

export function createMediaService(options: MediaServiceOptions): MediaService {
  const settings: RelaySettings = {
    address: options.address,
    minPort: options.ports.min,
    maxPort: options.ports.max,
    maxEndpoints: options.maxEndpoints ?? 2000,
    silenceMs: options.silenceMs ?? 30_000,
    reportMs: options.reportMs ?? 5000,
    maxRecordings: options.maxRecordings ?? 500,
  };
  const worker = new Worker(new URL("../relay/worker.ts", import.meta.url), { workerData: settings });
  worker.unref();
  const files = new PlayedFiles(options.maxFileBytes ?? 32 * 1024 * 1024);
  const samplesOf = (source: MediaSource): Promise<Int16Array | undefined> | Int16Array => {
    if (source.kind === "tone") return toneSamples(toneDefinitions[source.tone]);
    return source.kind === "holdMusic" ? holdMusicSamples() : files.samplesOf(source.path);
  };
  const waiting = new Map<number, Waiting>();
  const endpoints = new Set<string>();
  const playbacks = new Set<string>();
  /** Whose sound is being read; taken out where it is stopped before. */
  const loading = new Set<string>();
  const recordings = new Set<string>();
  let onAllRecorded = (): void => undefined;
  let counter = 0;
  let isShut = false;

  const onReport = (report: RelayReport): void => {
    switch (report.tell) {
      case "opened":
      case "refused":
      case "answer":
      case "notRecording":
        waiting.get(report.request)?.resolve(report);
        waiting.delete(report.request);
        return;
      case "playbackFinished":
        playbacks.delete(report.playbackId);
        options.onEvent(withType("playbackFinished", report));
        return;
      case "recording":
        recordings.add(report.recordingId);
        waiting.get(report.request)?.resolve(report);
        waiting.delete(report.request);
        return;
      case "recordingFinished":
        recordings.delete(report.recordingId);
        options.onEvent(withType("recordingFinished", report));
        if (recordings.size === 0) onAllRecorded();
        return;
      case "dtmf":
        return options.onEvent(withType("dtmf", report));
      case "quality":
        return options.onEvent(withType("quality", report));
      case "talking":
        return options.onEvent(withType("talking", report));
      case "firstPacket":
        return options.onEvent(withType("firstPacket", report));
      case "silence":
        return options.onEvent(withType("silence", report));
    }
  };
  worker.on("message", (reports: readonly RelayReport[]) => {
    for (const report of reports) onReport(report);
  });
  const forgetAll = (): void => {
    isShut = true;
    endpoints.clear();
    playbacks.clear();
    const cut = { type: "recordingFinished", durationMs: 0, bytes: 0, failure: "media_lost" } as const;
    for (const recordingId of recordings) options.onEvent({ ...cut, recordingId });
    recordings.clear();
    for (const entry of waiting.values()) entry.resolve({ tell: "answer", request: 0, statistics: undefined });
    waiting.clear();
  };
  const lost = (): void => {
    if (isShut) return;
    const endpointIds = [...endpoints];
    forgetAll();
    options.onEvent({ type: "workerLost", endpointIds });
  };
  worker.on("error", lost);
  worker.on("exit", lost);

  const requests = gatherOutgoing<RelayRequest>((messages) => worker.postMessage(messages));
  const send = (request: RelayRequest): void => {
    if (!isShut) requests.add(request);
  };
  const ask = (make: (request: number) => RelayRequest): Promise<RelayReport> => {
    counter += 1;
    const request = counter;
    if (isShut) return Promise.resolve({ tell: "answer", request, statistics: undefined });
    return new Promise((resolve) => {
      waiting.set(request, { resolve });
      send(make(request));
    });
  };

  return {
    whenReady: async () => {
      await ask((request) => ({ do: "statistics", request, endpointId: "" }));
      return !isShut;
    },
    get size() {
      return endpoints.size;
    },
    get playbacks() {
      return playbacks.size;
    },
    get recordings() {
      return recordings.size;
    },
    open: async (endpointId) => {
      const report = await ask((request) => ({ do: "open", request, endpointId }));
      if (report.tell === "refused") return { ok: false, code: report.code };
      if (report.tell !== "opened") return { ok: false, code: "shut_down" };
      endpoints.add(endpointId);
      return { ok: true, address: options.address, port: report.port, rtcpPort: report.rtcpPort };
    },
    configure: (endpointId, negotiated) => {
      const { hold: _hold, ptime: _ptime, ...rest } = negotiated;
      send({ do: "configure", endpointId, settings: { ...rest, clockRate: codecs[negotiated.codec].clockRate } });
    },
    join: (bridgeId, endpointId, role = { mode: "talk" }, isMixed = false) =>
      send({ do: "join", bridgeId, endpointId, role, isMixed }),
    leave: (endpointId) => send({ do: "leave", endpointId }),
    mute: (endpointId, isMuted) => send({ do: "mute", endpointId, isMuted }),
    play: async (endpointId, playbackId, source) => {
      loading.add(playbackId);
      const samples = await samplesOf(source);
      const isWanted = loading.delete(playbackId);
      if (samples === undefined || isShut) return false;
      if (!isWanted) {
        options.onEvent({ type: "playbackFinished", playbackId, endpointId, isComplete: false });
        return true;
      }
      playbacks.add(playbackId);
      const isLooped = source.kind === "file" ? source.isLooped : source.kind === "holdMusic" || source.tone !== "beep";
      send({ do: "play", endpointId, playbackId, samples, isLooped });
      return true;
    },
    stopPlayback: (playbackId) => {
      if (!loading.delete(playbackId)) send({ do: "stopPlayback", playbackId });
    },
    sendDtmf: (endpointId, digits) => send({ do: "sendDtmf", endpointId, digits }),
    record: async (recording) => {
      const report = await ask((request) => ({ do: "record", request, ...recording }));
      if (report.tell === "recording") return { ok: true };
      return { ok: false, code: report.tell === "notRecording" ? report.code : "shut_down" };
    },
    moveRecording: (recordingId, bridgeId, leftEndpointId) =>
      send({ do: "moveRecording", recordingId, bridgeId, leftEndpointId }),
    pauseRecording: (recordingId, isPaused) => send({ do: "pauseRecording", recordingId, isPaused }),
    stopRecording: (recordingId) => send({ do: "stopRecording", recordingId }),
    statistics: async (endpointId) => {
      const report = await ask((request) => ({ do: "statistics", request, endpointId }));
      return report.tell === "answer" ? report.statistics : undefined;
    },
    close: async (endpointId) => {
      endpoints.delete(endpointId);
      const report = await ask((request) => ({ do: "close", request, endpointId }));
      return report.tell === "answer" ? report.statistics : undefined;
    },
    shutdown: async () => {
      if (isShut) return;
      send({ do: "shutdown" });
      requests.flush();
      if (recordings.size > 0) {
        const recorded = new Promise<void>((resolve) => (onAllRecorded = resolve));
        const late = setTimeout(onAllRecorded, recordingsEndMs);
        await recorded;
        clearTimeout(late);
      }
      if (isShut) return;
      forgetAll();
      await worker.terminate();
    },
  };
}

function withType<Type extends MediaEvent["type"], Report extends { readonly tell: string }>(
  type: Type,
  report: Report,
) {
  const { tell: _tell, ...rest } = report;
  return { type, ...rest };
}
