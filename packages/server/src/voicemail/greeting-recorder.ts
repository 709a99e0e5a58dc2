import type {
  BridgeId,
  LegId,
  Operation,
  OperationOutcome,
  RecordingId,
  Scheduler,
  TelephonyEvent,
} from "@pbx-x/telephony";
import type { NewId } from "../ids.ts";
import { type GreetingBook, maximumGreetingMs } from "./greeting-book.ts";

export interface GreetingRecorderOptions {
  readonly perform: (operation: Operation) => Promise<OperationOutcome>;
  readonly greetings: Pick<GreetingBook, "draftPath">;
  readonly scheduler: Scheduler;
  readonly newId: NewId;
}

interface Recording {
  readonly legId: LegId;
  readonly boxId: string;
  readonly bridgeId: BridgeId;
  readonly recordingId: RecordingId;
  readonly onRecorded: (durationMs: number) => void;
  cancelTimer: () => void;
}

/** So long may the engine take to close a file. */
const endWaitMs = 10_000;

/** Records what owners say to their mailboxes as a greeting ([V35]); of a mailbox one at a time. */
export class GreetingRecorder {
  readonly #options: GreetingRecorderOptions;
  readonly #byBox = new Map<string, Recording>();

  constructor(options: GreetingRecorderOptions) {
    this.#options = options;
  }

  /** @param onRecorded once; 0 where nothing could be recorded */
  async start(legId: LegId, boxId: string, onRecorded: (durationMs: number) => void): Promise<void> {
    const { perform, greetings, scheduler, newId } = this.#options;
    if (this.#byBox.has(boxId)) return onRecorded(0);
    const [recordingId, bridgeId] = [newId() as RecordingId, newId() as BridgeId];
    const recording: Recording = { legId, boxId, bridgeId, recordingId, onRecorded, cancelTimer: () => undefined };
    this.#byBox.set(boxId, recording);
    const path = await greetings.draftPath(boxId);
    await perform({ op: "createBridge", bridgeId });
    await perform({ op: "join", bridgeId, legId, mode: "talk" });
    const begun = await perform({ op: "record", recordingId, bridgeId, leftLegId: legId, path });
    if (!begun.ok) return this.#finish(recording, 0);
    recording.cancelTimer = scheduler.after(maximumGreetingMs, () => this.stop(boxId));
  }

  stop(boxId: string): void {
    const recording = this.#byBox.get(boxId);
    if (recording === undefined) return;
    const { perform, scheduler } = this.#options;
    recording.cancelTimer();
    recording.cancelTimer = scheduler.after(endWaitMs, () => this.#finish(recording, 0));
    void perform({ op: "stopRecording", recordingId: recording.recordingId });
  }

  onTelephony(event: TelephonyEvent): void {
    if (event.type === "recordingFinished") {
      const found = [...this.#byBox.values()].find(({ recordingId }) => recordingId === event.recordingId);
      if (found !== undefined) this.#finish(found, event.durationMs);
    } else if (event.type === "legEnded") {
      const found = [...this.#byBox.values()].find(({ legId }) => legId === event.legId);
      if (found !== undefined) this.stop(found.boxId);
    } else if (event.type === "engineLost") {
      for (const recording of this.#byBox.values()) this.#finish(recording, 0);
    }
  }

  #finish(recording: Recording, durationMs: number): void {
    if (this.#byBox.get(recording.boxId) !== recording) return;
    this.#byBox.delete(recording.boxId);
    recording.cancelTimer();
    void this.#options.perform({ op: "destroyBridge", bridgeId: recording.bridgeId });
    recording.onRecorded(durationMs);
  }
}
