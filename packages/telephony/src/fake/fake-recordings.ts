import type { RecordingFailure } from "../events.ts";
import type { BridgeId, LegId, RecordingId } from "../ids.ts";
import type { FakeRecording } from "./fake-leg.ts";
import type { FakeWorld } from "./fake-world.ts";

/** Recordings in memory: no file, but who would be heard in it. */
export class FakeRecordings {
  readonly #world: FakeWorld;
  readonly #running = new Map<RecordingId, FakeRecording>();
  readonly #finished = new Map<RecordingId, FakeRecording>();

  constructor(world: FakeWorld) {
    this.#world = world;
  }

  get size(): number {
    return this.#running.size;
  }

  has(recordingId: RecordingId): boolean {
    return this.#running.has(recordingId);
  }

  /** As of now; also one that is over. */
  get(recordingId: RecordingId): FakeRecording | undefined {
    this.note();
    return this.#running.get(recordingId) ?? this.#finished.get(recordingId);
  }

  all(): readonly FakeRecording[] {
    this.note();
    return [...this.#finished.values(), ...this.#running.values()];
  }

  start(recordingId: RecordingId, bridgeId: BridgeId, leftLegId: LegId, path: string): void {
    const knownMs = this.#world.options.scheduler.now();
    const voices = { left: [], right: [] };
    this.#running.set(recordingId, {
      recordingId,
      bridgeId,
      leftLegId,
      path,
      isPaused: false,
      durationMs: 0,
      knownMs,
      ...voices,
    });
  }

  change(
    recordingId: RecordingId,
    changes: Partial<Pick<FakeRecording, "bridgeId" | "leftLegId" | "isPaused">>,
  ): boolean {
    const recording = this.#running.get(recordingId);
    if (recording === undefined) return false;
    this.#running.set(recordingId, { ...recording, ...changes });
    return true;
  }

  finish(recordingId: RecordingId, failure?: RecordingFailure): boolean {
    this.note();
    const recording = this.#running.get(recordingId);
    if (recording === undefined) return false;
    this.#running.delete(recordingId);
    this.#finished.set(recordingId, recording);
    const [oldest] = this.#finished.keys();
    if (this.#finished.size > this.#world.historyLimit && oldest !== undefined) this.#finished.delete(oldest);
    const { durationMs } = recording;
    // A stereo WAV of 16 bits at 8 kHz.
    const bytes = 44 + durationMs * 32;
    this.#world.outbox.push({
      type: "recordingFinished",
      recordingId,
      durationMs,
      bytes,
      ...(failure !== undefined && { failure }),
    });
    return true;
  }

  finishAll(failure?: RecordingFailure): void {
    for (const recordingId of this.#running.keys()) this.finish(recordingId, failure);
  }

  /** Before anything changes: counts the time since the last time, and who talked in it. */
  note(): void {
    const nowMs = this.#world.options.scheduler.now();
    for (const recording of this.#running.values()) {
      if (recording.isPaused || nowMs === recording.knownMs) {
        this.#running.set(recording.recordingId, { ...recording, knownMs: nowMs });
        continue;
      }
      const talking = this.#talkingIn(recording.bridgeId);
      const isLeft = (legId: LegId): boolean => legId === recording.leftLegId;
      this.#running.set(recording.recordingId, {
        ...recording,
        knownMs: nowMs,
        durationMs: recording.durationMs + nowMs - recording.knownMs,
        left: [...new Set([...recording.left, ...talking.filter(isLeft)])],
        right: [...new Set([...recording.right, ...talking.filter((legId) => !isLeft(legId))])],
      });
    }
  }

  #talkingIn(bridgeId: BridgeId): readonly LegId[] {
    const members = [...(this.#world.bridges.get(bridgeId)?.values() ?? [])];
    return members.flatMap(({ legId, mode }) => {
      const leg = this.#world.legs.get(legId);
      const hasVoice = leg?.state === "answered" || leg?.state === "early_media";
      return mode === "talk" && hasVoice && !leg.isMuted && !leg.isHeld ? [legId] : [];
    });
  }
}
