import type { RelayEndpoint } from "../relay/endpoint.ts";
import type { RelayReport, RelayRequest } from "../relay/relay-messages.ts";
import { isFull, RecordingFile, type RecordingFileLimits } from "./recording-file.ts";
import { Recording } from "./recording.ts";
import { WriteTurns } from "./write-turns.ts";

export interface RecorderOptions {
  readonly tell: (report: RelayReport) => void;
  readonly now: () => number;
  readonly membersOf: (bridgeId: string) => Iterable<RelayEndpoint>;
  readonly maxRecordings: number;
  readonly fileLimits?: RecordingFileLimits;
}

interface Running {
  readonly recording: Recording;
  bridgeId: string;
  leftEndpointId: string;
  members: ReadonlySet<RelayEndpoint>;
}

type Request<Do extends RelayRequest["do"]> = Extract<RelayRequest, { do: Do }>;

/** How often what was said goes to the files. */
const advanceMs = 100;

/** All recordings of one relay: listens in its bridges, each recording in one at a time. */
export class Recorder {
  readonly #options: RecorderOptions;
  readonly #turns = new WriteTurns();
  readonly #running = new Map<string, Running>();
  readonly #ending = new Set<Promise<void>>();
  #opening = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: RecorderOptions) {
    this.#options = options;
  }

  async start({ request, recordingId, path, bridgeId, leftEndpointId }: Request<"record">): Promise<void> {
    const { tell, now, maxRecordings, fileLimits } = this.#options;
    if (this.#running.has(recordingId)) return tell({ tell: "recording", request, recordingId });
    if (this.#running.size + this.#opening >= maxRecordings) {
      return tell({ tell: "notRecording", request, code: "too_many_recordings" });
    }
    this.#opening += 1;
    try {
      const file = await this.#turns.run(() => RecordingFile.create(path, this.#turns, fileLimits));
      const recording = new Recording(file, now());
      const running: Running = { recording, bridgeId, leftEndpointId, members: new Set() };
      this.#running.set(recordingId, running);
      this.#listen(running);
      this.#timer ??= setInterval(() => this.#advance(), advanceMs);
      tell({ tell: "recording", request, recordingId });
    } catch (error) {
      tell({ tell: "notRecording", request, code: isFull(error) ? "disk_full" : "write_failed" });
    } finally {
      this.#opening -= 1;
    }
  }

  move({ recordingId, bridgeId, leftEndpointId }: Request<"moveRecording">): void {
    const running = this.#running.get(recordingId);
    if (running === undefined) return;
    running.bridgeId = bridgeId;
    running.leftEndpointId = leftEndpointId;
    this.#listen(running);
  }

  setPaused({ recordingId, isPaused }: Request<"pauseRecording">): void {
    this.#running.get(recordingId)?.recording.setPaused(isPaused, this.#options.now());
  }

  stop(recordingId: string): void {
    const running = this.#running.get(recordingId);
    if (running === undefined) return;
    const { recording } = running;
    this.#running.delete(recordingId);
    for (const member of running.members) member.taps.delete(recording);
    if (this.#running.size === 0) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
    const ended = recording.finish(this.#options.now()).then(() => {
      const { failure, file } = recording;
      const { durationMs, bytes } = file;
      this.#options.tell({
        tell: "recordingFinished",
        recordingId,
        durationMs,
        bytes,
        ...(failure !== undefined && { failure }),
      });
      this.#ending.delete(ended);
    });
    this.#ending.add(ended);
  }

  /** Somebody joined the bridge or left it. */
  membersChanged(bridgeId: string): void {
    for (const running of this.#running.values()) if (running.bridgeId === bridgeId) this.#listen(running);
  }

  /** Ends all recordings as they are; resolves when their files are closed. */
  async shutdown(): Promise<void> {
    for (const recordingId of this.#running.keys()) this.stop(recordingId);
    await Promise.all(this.#ending);
  }

  #listen(running: Running): void {
    const { recording, bridgeId, leftEndpointId } = running;
    for (const member of running.members) member.taps.delete(recording);
    running.members = new Set(this.#options.membersOf(bridgeId));
    for (const member of running.members) member.taps.add(recording);
    const parties = [...running.members].map(({ id }) => [id, id === leftEndpointId ? 0 : 1] as const);
    recording.setParties(new Map(parties), this.#options.now());
  }

  #advance(): void {
    const now = this.#options.now();
    for (const [recordingId, { recording }] of this.#running) {
      recording.advance(now);
      if (recording.failure !== undefined) this.stop(recordingId);
    }
  }
}
