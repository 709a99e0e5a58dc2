import type { BridgeId, LegId, PlaybackId, PlaySource, RecordingId, Scheduler, TelephonyEvent } from "@pbx-x/telephony";
import { announcementFile } from "../announcements/announcement-library.ts";
import type { AnnouncementId, AnnouncementLanguage } from "../announcements/announcement-texts.ts";
import type { Call } from "../calls/call.ts";
import type { CallService } from "../calls/call-service.ts";
import type { Extension, ExtensionDirectory } from "../extensions/extension.ts";
import { repairFile } from "../recordings/repair-file.ts";
import type { BlobStore } from "../storage/blob-store.ts";
import { noLongerThan, writeWaitMs } from "../storage/no-longer-than.ts";
import type { GreetingBook } from "./greeting-book.ts";
import { decideMailboxDone } from "./mailbox-leg.ts";
import {
  type MailboxEffect,
  type MailboxInput,
  type MailboxMove,
  type MailboxSession,
  moveMailbox,
  openMailbox,
} from "./mailbox-session.ts";
import type { MessageDesk } from "./message-desk.ts";
import { isSilentTail } from "./silence.ts";
import { messageBlobKey, type VoiceMessage } from "./voice-message.ts";
import type { VoicemailStore } from "./voicemail-store.ts";

export interface VoicemailSettings {
  /** Of extensions that have none of their own. */
  readonly language: AnnouncementLanguage;
  /** Longest message. */
  readonly maxMs: number;
  /** A message ends after so much silence. */
  readonly silenceMs: number;
  /** Most messages in one mailbox. */
  readonly maxMessages: number;
  /** With less room on the disk nothing is recorded. */
  readonly minFreeBytes: number;
}

export interface VoicemailServiceOptions {
  readonly calls: CallService;
  readonly store: VoicemailStore;
  readonly blobs: BlobStore;
  readonly desk: MessageDesk;
  readonly greetings: Pick<GreetingBook, "pathOf">;
  readonly extensions: Pick<ExtensionDirectory, "byId">;
  readonly languageOf: (extension: Extension | undefined) => AnnouncementLanguage;
  readonly scheduler: Scheduler;
  readonly settings: VoicemailSettings;
  readonly onError: (error: unknown) => void;
}

/** Shorter ones were left by mistake ([V30]). */
export const shortestMessageMs = 2000;
const lookMs = 1000;
/** So long may the engine take to close a file; then what is on the disk counts. */
const endWaitMs = 10_000;

type Finished = Pick<Extract<TelephonyEvent, { type: "recordingFinished" }>, "durationMs" | "bytes">;

interface Visit {
  readonly call: Call;
  readonly legId: LegId;
  readonly boxId: string;
  session: MailboxSession;
  playbackId?: PlaybackId;
  bridgeId?: BridgeId;
  message?: VoiceMessage;
  silentMs: number;
  readonly timers: Set<() => void>;
}

/** Callers who leave messages: carries out what their sessions say ([V30]). */
export class VoicemailService {
  readonly #options: VoicemailServiceOptions;
  readonly #visits = new Map<LegId, Visit>();
  readonly #recording = new Map<RecordingId, Visit>();
  readonly #pending = new Set<Promise<void>>();
  readonly #stopListening: () => void;

  constructor(options: VoicemailServiceOptions) {
    this.#options = options;
    this.#stopListening = options.calls.onChanged((before, after) => this.#onCall(before, after));
  }

  /** Callers who are with a mailbox now, and messages that are being put away. */
  get size(): number {
    return this.#visits.size + this.#recording.size;
  }

  onTelephony(event: TelephonyEvent): void {
    switch (event.type) {
      case "playbackFinished": {
        const visit = this.#visits.get(event.legId);
        if (visit?.playbackId === event.playbackId) this.#move(visit, { kind: "played" });
        return;
      }
      case "dtmfReceived": {
        const visit = this.#visits.get(event.legId);
        if (visit !== undefined) this.#move(visit, { kind: "key", digit: event.digit });
        return;
      }
      case "recordingFinished":
        this.#finish(event.recordingId, event);
        return;
      case "engineLost":
        for (const recordingId of this.#recording.keys()) this.#finish(recordingId, undefined);
        return;
      default:
        return;
    }
  }

  /** After the engine has been stopped. */
  async stop(): Promise<void> {
    this.#stopListening();
    for (const recordingId of this.#recording.keys()) this.#finish(recordingId, undefined);
    await noLongerThan(this.settled(), writeWaitMs, this.#options.scheduler);
  }

  /** Resolves when every recorded message is delivered or dropped. */
  async settled(): Promise<void> {
    await Promise.all(this.#pending);
  }

  #onCall(before: Call | undefined, after: Call): void {
    const { stage } = after;
    if (stage.at === "mailbox" && before?.stage.at !== "mailbox") {
      void this.#open(after, stage.callerLegId, stage.extensionId);
      return;
    }
    if (before?.stage.at !== "mailbox" || stage.at === "mailbox") return;
    const visit = this.#visits.get(before.stage.callerLegId);
    if (visit !== undefined) this.#move(visit, { kind: "gone" });
  }

  async #open(call: Call, legId: LegId, boxId: string): Promise<void> {
    const { store, settings, onError } = this.#options;
    const visit: Visit = {
      call,
      legId,
      boxId,
      session: { step: "speaking", isUrgent: false, isFull: false },
      silentMs: 0,
      timers: new Set(),
    };
    this.#visits.set(legId, visit);
    try {
      const { totalCount } = await store.counts(boxId);
      const isFull = totalCount >= settings.maxMessages;
      const { step, isUrgent } = visit.session;
      // A key may have come meanwhile: who has skipped the greeting hears the tone already.
      if (step === "speaking" || (step === "beep" && isFull)) {
        const { session, effects } = openMailbox(isFull);
        this.#take(visit, { session: { ...session, isUrgent }, effects });
      }
    } catch (error) {
      onError(error);
      this.#move(visit, { kind: "failed" });
    }
  }

  #move(visit: Visit, input: MailboxInput): void {
    this.#take(visit, moveMailbox(visit.session, input));
  }

  #take(visit: Visit, { session, effects }: MailboxMove): void {
    visit.session = session;
    if (session.step === "over") {
      this.#visits.delete(visit.legId);
      for (const cancel of visit.timers) cancel();
    }
    for (const effect of effects) this.#carryOut(visit, effect);
  }

  #carryOut(visit: Visit, effect: MailboxEffect): void {
    const { calls, onError } = this.#options;
    switch (effect.do) {
      case "say":
        this.#say(visit, effect.announcement).catch((error: unknown) => {
          onError(error);
          this.#move(visit, { kind: "failed" });
        });
        return;
      case "beep":
        void this.#play(visit, { kind: "tone", tone: "beep" });
        return;
      case "record":
        void this.#record(visit).catch((error: unknown) => {
          onError(error);
          this.#move(visit, { kind: "failed" });
        });
        return;
      case "stopRecording": {
        const recordingId = visit.message?.id as RecordingId | undefined;
        // One that has not begun is stopped when it does.
        if (recordingId === undefined || !this.#recording.has(recordingId)) return;
        this.#expectEnd(recordingId);
        return;
      }
      case "hangUp": {
        const now = calls.registry.get(visit.call.callId);
        if (now !== undefined) calls.apply(now, decideMailboxDone(now, calls.context({ via: "system" })));
        return;
      }
    }
  }

  /** The owner's own greeting in place of the general one. */
  async #say(visit: Visit, announcement: AnnouncementId): Promise<void> {
    const { greetings, extensions, languageOf } = this.#options;
    const own = announcement === "voicemail-greeting" ? await greetings.pathOf(visit.boxId) : undefined;
    const path = own ?? announcementFile(announcement, languageOf(extensions.byId(visit.boxId)));
    if (visit.session.step !== "speaking") return;
    await this.#play(visit, { kind: "file", path, isLooped: false });
  }

  /** What is played takes the place of what was played before. */
  async #play(visit: Visit, source: PlaySource): Promise<void> {
    const { calls } = this.#options;
    const { legId, playbackId: former } = visit;
    const playbackId = calls.newId() as PlaybackId;
    visit.playbackId = playbackId;
    if (former !== undefined) await calls.perform({ op: "stopPlayback", playbackId: former });
    const played = await calls.perform({ op: "play", legId, playbackId, source });
    // Without an announcement there is still the tone.
    if (!played.ok && visit.playbackId === playbackId) this.#move(visit, { kind: "played" });
  }

  async #record(visit: Visit): Promise<void> {
    const { calls, store, blobs, scheduler, settings } = this.#options;
    const { legId, boxId, call } = visit;
    const recordingId = calls.newId() as RecordingId;
    const receivedAtMs = scheduler.now();
    const blobKey = messageBlobKey(recordingId, receivedAtMs);
    const path = await blobs.pathFor(blobKey);
    if ((await blobs.freeBytes(blobKey)) < settings.minFreeBytes) return this.#move(visit, { kind: "failed" });
    const { number, name, extensionId } = call.caller;
    const message: VoiceMessage = {
      id: recordingId,
      boxId,
      status: "recording",
      isRead: false,
      callId: call.callId,
      caller: { number, ...(name !== undefined && { name }), ...(extensionId !== undefined && { extensionId }) },
      isUrgent: false,
      receivedAtMs,
      durationMs: 0,
      bytes: 0,
      blobKey,
    };
    // Before the engine writes anything: a crash leaves no file that nobody knows of.
    await store.insert(message);
    const bridgeId = calls.newId() as BridgeId;
    visit.message = message;
    visit.bridgeId = bridgeId;
    this.#recording.set(recordingId, visit);
    await calls.perform({ op: "createBridge", bridgeId });
    await calls.perform({ op: "join", bridgeId, legId, mode: "talk" });
    const begun = await calls.perform({ op: "record", recordingId, bridgeId, leftLegId: legId, path });
    if (!begun.ok) {
      this.#finish(recordingId, { durationMs: 0, bytes: 0 });
      this.#move(visit, { kind: "failed" });
      return;
    }
    if (visit.session.step === "over") {
      this.#expectEnd(recordingId);
      return;
    }
    visit.timers.add(scheduler.after(settings.maxMs, () => this.#move(visit, { kind: "enough" })));
    this.#lookForSilence(visit, message);
  }

  #lookForSilence(visit: Visit, message: VoiceMessage): void {
    const { scheduler, blobs, settings, onError } = this.#options;
    const cancel = scheduler.after(lookMs, () => {
      visit.timers.delete(cancel);
      isSilentTail(blobs, message.blobKey, lookMs)
        .catch((error: unknown) => {
          onError(error);
          return false;
        })
        .then((isSilent) => {
          if (visit.session.step !== "recording") return;
          visit.silentMs = isSilent ? visit.silentMs + lookMs : 0;
          if (visit.silentMs >= settings.silenceMs) this.#move(visit, { kind: "enough" });
          else this.#lookForSilence(visit, message);
        })
        .catch(onError);
    });
    visit.timers.add(cancel);
  }

  #expectEnd(recordingId: RecordingId): void {
    const { calls, scheduler } = this.#options;
    const visit = this.#recording.get(recordingId);
    visit?.timers.add(scheduler.after(endWaitMs, () => this.#finish(recordingId, undefined)));
    void calls.perform({ op: "stopRecording", recordingId });
  }

  /** @param told undefined: the engine says nothing of the file, what is on the disk counts */
  #finish(recordingId: RecordingId, told: Finished | undefined): void {
    const visit = this.#recording.get(recordingId);
    const { calls, blobs, onError } = this.#options;
    if (visit?.message === undefined || !this.#recording.delete(recordingId)) return;
    for (const cancel of visit.timers) cancel();
    if (visit.bridgeId !== undefined) void calls.perform({ op: "destroyBridge", bridgeId: visit.bridgeId });
    const { message } = visit;
    const { isUrgent } = visit.session;
    const putAway = async (): Promise<void> => {
      const end = told ?? (await repairFile(blobs, message.blobKey));
      await this.#putAway({ ...message, isUrgent, durationMs: end.durationMs, bytes: end.bytes });
    };
    const pending = putAway()
      .catch(onError)
      .then(() => void this.#pending.delete(pending));
    this.#pending.add(pending);
    this.#move(visit, { kind: "failed" });
  }

  async #putAway(message: VoiceMessage): Promise<void> {
    const { desk, store, blobs } = this.#options;
    if (message.durationMs >= shortestMessageMs) return desk.deliver(message, { via: "phone" });
    await store.remove(message.id);
    await blobs.remove(message.blobKey);
  }
}
