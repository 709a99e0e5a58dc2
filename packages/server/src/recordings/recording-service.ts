import type { OperationError, RecordingId, Scheduler, TelephonyEngine, TelephonyEvent } from "@pbx-x/telephony";
import { type Call, extensionsIn } from "../calls/call.ts";
import type { CallService } from "../calls/call-service.ts";
import type { Cause } from "../calls/decision.ts";
import type { EventLog } from "../event-log/event-log.ts";
import type { ExtensionDirectory } from "../extensions/extension.ts";
import type { BlobStore } from "../storage/blob-store.ts";
import { blobKeyOf, type Recording, type RecordingEnd } from "./recording.ts";
import {
  decideRecordingEnded,
  decideRecordingImpossible,
  decideRecordingPaused,
  decideRecordingStarted,
  placeOf,
  type UserName,
} from "./recording-decisions.ts";
import { RecordingEnds } from "./recording-ends.ts";
import { united } from "./united-extensions.ts";
import type { RecordingStore } from "./recording-store.ts";

export interface RecordingServiceOptions {
  readonly engine: Pick<TelephonyEngine, "capabilities">;
  readonly calls: CallService;
  readonly log: Pick<EventLog, "onCommitted">;
  readonly extensions: Pick<ExtensionDirectory, "byId">;
  readonly store: RecordingStore;
  readonly blobs: BlobStore;
  readonly scheduler: Scheduler;
  /** With less room on the disk no recording begins ([C55]). */
  readonly minFreeBytes: number;
  readonly onError: (error: unknown) => void;
}

/** Why a recording cannot begin. */
export type StartRefusal =
  | "not_answered"
  | "already_recording"
  | "not_offered"
  | "disk_full"
  | "write_failed"
  | "codec"
  | "call_ended"
  | "engine_unavailable";

export type StartOutcome =
  | { readonly ok: true; readonly recordingId: RecordingId; readonly seq: number | undefined }
  | { readonly ok: false; readonly reason: StartRefusal };

export type Finished = Extract<TelephonyEvent, { type: "recordingFinished" }>;

interface Open {
  recording: Recording;
  /** As it was last, also after its end. */
  call: Call;
  state: "starting" | "running" | "stopping" | "discarded";
  /** The end came before the beginning was told. */
  early?: Finished;
  stoppedBy?: Cause;
  cancelWait?: () => void;
}

/** So long may the engine take to close a file; then the end is told without it. */
export const endWaitMs = 10_000;

/** What is recorded now: begins, pauses and ends recordings, follows their calls, tells exactly one end of each ([C54]). */
export class RecordingService {
  readonly #options: RecordingServiceOptions;
  readonly #open = new Map<RecordingId, Open>();
  readonly #starting = new Set<string>();
  readonly #ends: RecordingEnds;
  readonly #stopListening: () => void;

  constructor(options: RecordingServiceOptions) {
    this.#options = options;
    this.#ends = new RecordingEnds(options);
    this.#stopListening = options.calls.onChanged((before, after) => this.#onCall(before, after));
  }

  /** Resolves when what has been told of recordings can be read from the store. */
  written(): Promise<void> {
    return this.#ends.written();
  }

  /** After the engine has been stopped. */
  async stop(): Promise<void> {
    await this.written();
    this.#stopListening();
    this.#ends.close();
  }

  /** @param startedBy undefined: an extension's policy */
  async start(callId: string, startedBy: UserName | undefined, cause: Cause): Promise<StartOutcome> {
    const call = this.#options.calls.registry.get(callId);
    if (call === undefined || placeOf(call) === undefined) return { ok: false, reason: "not_answered" };
    if (call.recording !== undefined || this.#starting.has(callId)) return { ok: false, reason: "already_recording" };
    if (!this.#options.engine.capabilities.recording) return { ok: false, reason: "not_offered" };
    this.#starting.add(callId);
    try {
      return await this.#begin(call, startedBy, cause);
    } catch (error) {
      this.#options.onError(error);
      return { ok: false, reason: "write_failed" };
    } finally {
      this.#starting.delete(callId);
    }
  }

  pause(call: Call, isPaused: boolean, by: UserName, cause: Cause): number | undefined {
    const { calls } = this.#options;
    return calls.apply(call, decideRecordingPaused(call, isPaused, by, calls.context(cause)));
  }

  /** Resolves when the file is complete; undefined where nothing is recorded, or it is being stopped already. */
  async finish(
    call: Call,
    cause: Cause,
  ): Promise<{ readonly recordingId: RecordingId; readonly seq?: number } | undefined> {
    const { calls } = this.#options;
    const entry = call.recording && this.#open.get(call.recording.recordingId);
    if (call.recording === undefined || entry?.state !== "running") return undefined;
    const { recordingId } = call.recording;
    entry.state = "stopping";
    entry.stoppedBy = cause;
    const ended = calls.when(call.callId, ({ recording }) => recording?.recordingId !== recordingId, 2 * endWaitMs);
    this.#expectEnd(recordingId, entry);
    await calls.perform({ op: "stopRecording", recordingId });
    const result = await ended;
    return { recordingId, ...(result?.seq !== undefined && { seq: result.seq }) };
  }

  onTelephony(event: TelephonyEvent): void {
    if (event.type === "engineLost") {
      for (const [recordingId, entry] of this.#open) this.#finish(entry, lost(recordingId));
    }
    if (event.type !== "recordingFinished") return;
    const entry = this.#open.get(event.recordingId);
    if (entry?.state === "starting") entry.early = event;
    else if (entry !== undefined) this.#finish(entry, event);
  }

  async #begin(call: Call, startedBy: UserName | undefined, cause: Cause): Promise<StartOutcome> {
    const { calls, blobs, store, scheduler, minFreeBytes } = this.#options;
    const recordingId = calls.newId() as RecordingId;
    const startedAtMs = scheduler.now();
    const blobKey = blobKeyOf(recordingId, startedAtMs);
    const path = await blobs.pathFor(blobKey);
    if ((await blobs.freeBytes(blobKey)) < minFreeBytes) return { ok: false, reason: "disk_full" };
    const place = placeOf(calls.registry.get(call.callId) ?? call);
    if (place === undefined) return { ok: false, reason: "not_answered" };
    const { caller, callee, callId } = call;
    const recording: Recording = {
      id: recordingId,
      callId,
      status: "recording",
      caller,
      callee,
      extensions: presentIn(call),
      startedAtMs,
      ...(startedBy !== undefined && { startedBy }),
      blobKey,
      durationMs: 0,
      bytes: 0,
    };
    // Before the engine writes anything: a crash leaves no file that nobody knows of.
    await store.insert(recording);
    const entry: Open = { recording, call, state: "starting" };
    this.#open.set(recordingId, entry);
    const { bridgeId, leftLegId } = place;
    const outcome = await calls.perform({ op: "record", recordingId, bridgeId, leftLegId, path });
    if (!outcome.ok) {
      this.#open.delete(recordingId);
      await this.#ends.discard(recording);
      return { ok: false, reason: refusals[outcome.error] ?? "engine_unavailable" };
    }
    const now = calls.registry.get(callId);
    const placed = { recordingId, isPaused: false, isByPolicy: startedBy === undefined, ...place };
    const decision = now && decideRecordingStarted(now, placed, startedBy, calls.context(cause));
    if (now === undefined || decision === undefined) {
      entry.state = "discarded";
      if (entry.early !== undefined) this.#finish(entry, entry.early);
      else await calls.perform({ op: "stopRecording", recordingId });
      return { ok: false, reason: "call_ended" };
    }
    entry.state = "running";
    const seq = calls.apply(now, decision);
    if (entry.early !== undefined) this.#finish(entry, entry.early);
    return { ok: true, recordingId, seq };
  }

  #onCall(before: Call | undefined, after: Call): void {
    const recordingId = after.recording?.recordingId;
    const entry = recordingId && this.#open.get(recordingId);
    if (recordingId !== undefined && entry !== undefined) {
      entry.call = after;
      entry.recording = { ...entry.recording, extensions: united(entry.recording.extensions, presentIn(after)) };
      if (after.stage.at === "ended") this.#expectEnd(recordingId, entry);
    }
    if (placeOf(after) === undefined) return;
    if (before !== undefined && isSameTalk(before, after)) return;
    if (this.#isAlwaysRecorded(after)) void this.#recordByPolicy(after);
  }

  #isAlwaysRecorded({ caller, callee }: Call): boolean {
    return [caller, callee].some(
      ({ extensionId }) =>
        extensionId !== undefined && this.#options.extensions.byId(extensionId)?.callRecordingPolicy === "always",
    );
  }

  async #recordByPolicy(call: Call): Promise<void> {
    const { calls } = this.#options;
    const cause = { via: "system" } as const;
    if (call.recording !== undefined) {
      // Begun by somebody: from now on the policy keeps it.
      const recording = { ...call.recording, isByPolicy: true };
      if (!call.recording.isByPolicy) calls.apply(call, { call: { ...call, recording }, events: [], effects: [] });
      return;
    }
    const started = await this.start(call.callId, undefined, cause);
    const now = calls.registry.get(call.callId);
    if (started.ok || started.reason === "already_recording" || now === undefined) return;
    if (placeOf(now) === undefined) return;
    const reason =
      started.reason === "not_answered" || started.reason === "call_ended" ? "not_possible" : started.reason;
    calls.apply(now, decideRecordingImpossible(now, calls.newId() as RecordingId, reason, calls.context(cause)));
  }

  #expectEnd(recordingId: RecordingId, entry: Open): void {
    entry.cancelWait ??= this.#options.scheduler.after(endWaitMs, () => this.#finish(entry, lost(recordingId)));
  }

  #finish(entry: Open, { recordingId, durationMs, bytes, failure }: Finished): void {
    if (!this.#open.delete(recordingId)) return;
    entry.cancelWait?.();
    const { calls, onError } = this.#options;
    if (entry.state === "discarded") {
      this.#ends.discard(entry.recording).catch(onError);
      return;
    }
    const end: RecordingEnd =
      failure === undefined
        ? { status: "complete", durationMs, bytes }
        : { status: "failed", durationMs, bytes, reason: failure };
    this.#ends.expect(entry.recording, end);
    const call = calls.registry.get(entry.call.callId) ?? entry.call;
    const cause = failure === undefined ? (entry.stoppedBy ?? { via: "system" }) : ({ via: "system" } as const);
    calls.apply(call, decideRecordingEnded(call, recordingId, end, calls.context(cause)));
  }
}

export const refusals: Readonly<Partial<Record<OperationError, StartRefusal>>> = {
  disk_full: "disk_full",
  write_failed: "write_failed",
  device_cannot: "codec",
  unknown_bridge: "not_answered",
  unsupported: "not_offered",
};

/** The engine is gone, or says nothing: what is on the disk counts. */
export function lost(recordingId: RecordingId): Finished {
  return { type: "recordingFinished", recordingId, durationMs: 0, bytes: 0, failure: "engine_lost" };
}

/** The same two legs talk as before, or the same one in the same conference. */
function isSameTalk({ stage: one }: Call, { stage: other }: Call): boolean {
  if (one.at === "conference" && other.at === "conference") return one.bridgeId === other.bridgeId;
  return (
    one.at === "connected" &&
    other.at === "connected" &&
    one.callerLegId === other.callerLegId &&
    one.calleeLegId === other.calleeLegId
  );
}

function presentIn(call: Call): Recording["extensions"] {
  const present = extensionsIn(call);
  return call.participants.filter(({ id }) => present.includes(id));
}
