import { createTranscoder, type MediaEvent, type MediaService } from "@pbx-x/media";
import {
  brandId,
  type Operation,
  type OperationOutcome,
  type RecordingId,
  type TelephonyEvent,
} from "@pbx-x/telephony";
import type { Bridges } from "./bridges.ts";
import { done, refused } from "./legs/leg.ts";

type OperationOf<Name extends Operation["op"]> = Extract<Operation, { op: Name }>;

/** What is recorded. Each recording that was accepted is told to be finished exactly once. */
export class Recordings {
  media: MediaService | undefined;
  readonly #bridges: Bridges;
  readonly #emit: (event: TelephonyEvent) => void;
  readonly #running = new Set<RecordingId>();

  constructor(bridges: Bridges, emit: (event: TelephonyEvent) => void) {
    this.#bridges = bridges;
    this.#emit = emit;
  }

  get size(): number {
    return this.#running.size;
  }

  async start({ recordingId, bridgeId, leftLegId, path }: OperationOf<"record">): Promise<OperationOutcome> {
    if (this.#running.has(recordingId)) return done;
    const members = this.#bridges.membersOf(bridgeId);
    if (members === undefined) return refused("unknown_bridge", bridgeId);
    const foreign = members.find(({ negotiated }) => negotiated && createTranscoder(negotiated.codec) === undefined);
    if (foreign !== undefined) return refused("device_cannot", `${foreign.negotiated?.codec} cannot be decoded`);
    this.#running.add(recordingId);
    const started = await this.media?.record({ recordingId, path, bridgeId, leftEndpointId: leftLegId });
    if (started?.ok === true) return done;
    this.#running.delete(recordingId);
    const code = started?.code ?? "shut_down";
    return code === "disk_full" || code === "write_failed"
      ? refused(code, "the file cannot be written")
      : refused("engine_unavailable", code);
  }

  move({ recordingId, bridgeId, leftLegId }: OperationOf<"moveRecording">): OperationOutcome {
    if (!this.#running.has(recordingId)) return refused("unknown_recording", recordingId);
    if (this.#bridges.membersOf(bridgeId) === undefined) return refused("unknown_bridge", bridgeId);
    this.media?.moveRecording(recordingId, bridgeId, leftLegId);
    return done;
  }

  pause({ recordingId, isPaused }: OperationOf<"pauseRecording">): OperationOutcome {
    if (!this.#running.has(recordingId)) return refused("unknown_recording", recordingId);
    this.media?.pauseRecording(recordingId, isPaused);
    return done;
  }

  stop({ recordingId }: OperationOf<"stopRecording">): OperationOutcome {
    if (!this.#running.has(recordingId)) return refused("unknown_recording", recordingId);
    this.media?.stopRecording(recordingId);
    return done;
  }

  finished({ recordingId: id, durationMs, bytes, failure }: Extract<MediaEvent, { type: "recordingFinished" }>): void {
    const recordingId = brandId<RecordingId>(id);
    if (!this.#running.delete(recordingId)) return;
    const why = failure === "media_lost" ? "engine_lost" : failure;
    this.#emit({
      type: "recordingFinished",
      recordingId,
      durationMs,
      bytes,
      ...(why !== undefined && { failure: why }),
    });
  }
}
