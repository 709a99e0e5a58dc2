import type { LegId, PlaybackId, RecordingId, TelephonyEvent } from "@pbx-x/telephony";
import type { CallService } from "../calls/call-service.ts";
import type { Cause } from "../calls/decision.ts";
import { type Conference, type Participant, tell } from "../conferences/conference.ts";
import type { NewEvent } from "../event-log/event-log.ts";
import { blobKeyOf, type Recording, type RecordingEnd } from "./recording.ts";
import { roomEndEvent, type UserName } from "./recording-decisions.ts";
import { RecordingEnds } from "./recording-ends.ts";
import {
  endWaitMs,
  type Finished,
  lost,
  refusals,
  type RecordingServiceOptions,
  type StartRefusal,
} from "./recording-service.ts";
import type { RecordingStore } from "./recording-store.ts";
import type { BlobStore } from "../storage/blob-store.ts";
import { united } from "./united-extensions.ts";

export interface RoomRecordingsOptions
  extends Omit<RecordingServiceOptions, "store" | "blobs" | "calls" | "extensions"> {
  readonly calls: Pick<CallService, "perform" | "newId">;
  readonly store: Pick<RecordingStore, "insert" | "finish" | "remove">;
  readonly blobs: Pick<BlobStore, "pathFor" | "freeBytes" | "size" | "patch" | "remove">;
  /** Appends to the log; the position of the last event. */
  readonly publish: (events: readonly NewEvent[]) => number | undefined;
  /** Who is in a room that begins to be recorded, or comes into one that is, hears a short tone. */
  readonly hasBeep: boolean;
}

/** The conferences as far as their recordings are concerned. */
export interface RecordedRooms {
  get(conferenceId: string): Conference | undefined;
  setRecording(conferenceId: string, recordingId: string | undefined): void;
}

export type RoomStart =
  | { readonly ok: true; readonly recordingId: string; readonly seq: number | undefined }
  | { readonly ok: false; readonly reason: StartRefusal };

interface Open {
  recording: Recording;
  /** As it was last, also after its end. */
  conference: Conference;
  leftLegId: LegId;
  cause: Cause;
  early?: Finished;
  isTold: boolean;
  cancelWait?: () => void;
  readonly settled: ((seq: number | undefined) => void)[];
}

/** Recordings of whole conferences ([V26]): whoever comes and goes, until they are stopped or the conference is over. */
export class RoomRecordings {
  readonly #options: RoomRecordingsOptions;
  readonly #rooms: () => RecordedRooms;
  readonly #open = new Map<RecordingId, Open>();
  readonly #starting = new Set<string>();
  readonly #ends: RecordingEnds;

  constructor(options: RoomRecordingsOptions, rooms: () => RecordedRooms) {
    this.#options = options;
    this.#rooms = rooms;
    this.#ends = new RecordingEnds(options);
  }

  /** The recording of a conference that goes on. */
  of(conferenceId: string): RecordingId | undefined {
    return [...this.#open].find(
      ([, { conference, isTold }]) => isTold && conference.conferenceId === conferenceId,
    )?.[0];
  }

  async start(conferenceId: string, by: UserName, cause: Cause): Promise<RoomStart> {
    if (this.#starting.has(conferenceId) || this.of(conferenceId) !== undefined) {
      return { ok: false, reason: "already_recording" };
    }
    if (!this.#options.engine.capabilities.recording) return { ok: false, reason: "not_offered" };
    this.#starting.add(conferenceId);
    try {
      return await this.#begin(conferenceId, by, cause);
    } catch (error) {
      this.#options.onError(error);
      return { ok: false, reason: "write_failed" };
    } finally {
      this.#starting.delete(conferenceId);
    }
  }

  /** Resolves when the file is complete; undefined where nothing is recorded. */
  async stop(
    conferenceId: string,
    cause: Cause,
  ): Promise<{ readonly recordingId: string; readonly seq?: number } | undefined> {
    const recordingId = this.of(conferenceId);
    const entry = recordingId && this.#open.get(recordingId);
    if (recordingId === undefined || entry === undefined) return undefined;
    const ended = new Promise<number | undefined>((resolve) => entry.settled.push(resolve));
    this.#askEnd(recordingId, entry, cause);
    const seq = await ended;
    return { recordingId, ...(seq !== undefined && { seq }) };
  }

  /** Follows who is in the room; the end of the conference ends its recording. */
  onConference(before: Conference | undefined, after: Conference | undefined): void {
    const recordingId = before && this.of(before.conferenceId);
    const entry = recordingId && this.#open.get(recordingId);
    if (recordingId === undefined || entry === undefined) return;
    if (after === undefined) return this.#askEnd(recordingId, entry, { via: "system" });
    entry.conference = after;
    entry.recording = { ...entry.recording, extensions: united(entry.recording.extensions, extensionsOf(after)) };
    const newcomers = after.participants.filter(
      (one) => !before?.participants.some(({ legId }) => legId === one.legId),
    );
    this.#beep(newcomers);
    // The left channel is somebody's who is there.
    const [first] = after.participants;
    if (first === undefined || after.participants.some(({ legId }) => legId === entry.leftLegId)) return;
    entry.leftLegId = first.legId;
    const { bridgeId } = after;
    void this.#options.calls.perform({ op: "moveRecording", recordingId, bridgeId, leftLegId: first.legId });
  }

  onTelephony(event: TelephonyEvent): void {
    if (event.type === "engineLost") {
      for (const [recordingId, entry] of this.#open) this.#finish(entry, lost(recordingId));
    }
    if (event.type !== "recordingFinished") return;
    const entry = this.#open.get(event.recordingId);
    if (entry === undefined) return;
    if (entry.isTold) this.#finish(entry, event);
    else entry.early = event;
  }

  written(): Promise<void> {
    return this.#ends.written();
  }

  close(): void {
    this.#ends.close();
  }

  async #begin(conferenceId: string, by: UserName, cause: Cause): Promise<RoomStart> {
    const { calls, blobs, store, scheduler, minFreeBytes, publish } = this.#options;
    const recordingId = calls.newId() as RecordingId;
    const startedAtMs = scheduler.now();
    const blobKey = blobKeyOf(recordingId, startedAtMs);
    const path = await blobs.pathFor(blobKey);
    if ((await blobs.freeBytes(blobKey)) < minFreeBytes) return { ok: false, reason: "disk_full" };
    const conference = this.#rooms().get(conferenceId);
    const left = leftOf(conference, by.userId);
    if (conference === undefined || left === undefined) return { ok: false, reason: "call_ended" };
    const recording: Recording = {
      id: recordingId,
      // Of a conference it is the conference's.
      callId: conferenceId,
      status: "recording",
      caller: left.party,
      callee: { number: conference.number, name: conference.name },
      extensions: extensionsOf(conference),
      startedAtMs,
      startedBy: by,
      blobKey,
      durationMs: 0,
      bytes: 0,
    };
    // Before the engine writes anything: a crash leaves no file that nobody knows of.
    await store.insert(recording);
    const { bridgeId } = conference;
    const entry: Open = { recording, conference, leftLegId: left.legId, cause, isTold: false, settled: [] };
    this.#open.set(recordingId, entry);
    const outcome = await calls.perform({ op: "record", recordingId, bridgeId, leftLegId: left.legId, path });
    const now = this.#rooms().get(conferenceId);
    if (!outcome.ok || now === undefined) {
      this.#open.delete(recordingId);
      if (outcome.ok) await calls.perform({ op: "stopRecording", recordingId });
      await this.#ends.discard(recording);
      return { ok: false, reason: outcome.ok ? "call_ended" : (refusals[outcome.error] ?? "engine_unavailable") };
    }
    entry.isTold = true;
    entry.conference = now;
    this.#rooms().setRecording(conferenceId, recordingId);
    const started = tell(now, cause, "CONFERENCE_RECORDING_STARTED", { recordingId, startedBy: by });
    const seq = publish([{ ...started, callId: conferenceId }]);
    this.#beep(now.participants);
    if (entry.early !== undefined) this.#finish(entry, entry.early);
    return { ok: true, recordingId, seq };
  }

  #askEnd(recordingId: RecordingId, entry: Open, cause: Cause): void {
    if (entry.cancelWait !== undefined) return;
    entry.cause = cause;
    entry.cancelWait = this.#options.scheduler.after(endWaitMs, () => this.#finish(entry, lost(recordingId)));
    void this.#options.calls.perform({ op: "stopRecording", recordingId });
  }

  #finish(entry: Open, { recordingId, durationMs, bytes, failure }: Finished): void {
    if (!this.#open.delete(recordingId)) return;
    entry.cancelWait?.();
    const end: RecordingEnd =
      failure === undefined
        ? { status: "complete", durationMs, bytes }
        : { status: "failed", durationMs, bytes, reason: failure };
    this.#ends.expect(entry.recording, end);
    const { conference } = entry;
    const { conferenceId } = conference;
    this.#rooms().setRecording(conferenceId, undefined);
    const cause: Cause = failure === undefined ? entry.cause : { via: "system" };
    const { type, data } = roomEndEvent(recordingId, end);
    const seq = this.#options.publish([{ ...tell(conference, cause, type, data), callId: conferenceId }]);
    for (const settle of entry.settled) settle(seq);
  }

  /** Nobody is recorded without having been told ([V26]). */
  #beep(participants: readonly Participant[]): void {
    const { calls, hasBeep } = this.#options;
    if (!hasBeep) return;
    for (const { legId } of participants) {
      const playbackId = calls.newId() as PlaybackId;
      void calls.perform({ op: "play", legId, playbackId, source: { kind: "tone", tone: "beep" } });
    }
  }
}

/** Who has it recorded, where he is in the room; else who is there longest. */
function leftOf(conference: Conference | undefined, userId: string): Participant | undefined {
  const { participants = [] } = conference ?? {};
  return participants.find((one) => one.userId === userId) ?? participants[0];
}

function extensionsOf({ participants }: Conference): Recording["extensions"] {
  return participants.flatMap(({ party: { extensionId, number } }) =>
    extensionId === undefined ? [] : [{ id: extensionId, number }],
  );
}
