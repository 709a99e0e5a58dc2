import type {
  LegId,
  Operation,
  OperationOutcome,
  PlaybackId,
  PlaySource,
  Scheduler,
  TelephonyEvent,
} from "@pbx-x/telephony";
import { announcementFile } from "../announcements/announcement-library.ts";
import type { AnnouncementId, AnnouncementLanguage } from "../announcements/announcement-texts.ts";
import type { OfferedService } from "../calls/offered-services.ts";
import type { Extension } from "../extensions/extension.ts";
import type { NewId } from "../ids.ts";
import type { BlobStore } from "../storage/blob-store.ts";
import type { GreetingBook } from "./greeting-book.ts";
import { GreetingRecorder } from "./greeting-recorder.ts";
import type { MailboxPins } from "./mailbox-pins.ts";
import {
  type MenuEffect,
  type MenuInput,
  type MenuMove,
  type MenuSession,
  type MenuSound,
  moveMenu,
  openMenu,
} from "./menu-session.ts";
import type { MessageDesk } from "./message-desk.ts";
import type { VoicemailStore } from "./voicemail-store.ts";

export interface MenuServiceOptions {
  readonly perform: (operation: Operation) => Promise<OperationOutcome>;
  readonly store: VoicemailStore;
  readonly pins: MailboxPins;
  readonly desk: MessageDesk;
  readonly blobs: Pick<BlobStore, "pathFor">;
  readonly scheduler: Scheduler;
  readonly newId: NewId;
  readonly languageOf: (extension: Extension | undefined) => AnnouncementLanguage;
  readonly greetings: GreetingBook;
  readonly onError: (error: unknown) => void;
}

interface Visit {
  readonly legId: LegId;
  readonly extension: Extension;
  session: MenuSession;
  sounds: readonly MenuSound[];
  playbackId?: PlaybackId;
  cancelWait?: () => void;
}

/** Shorter ones were recorded by mistake. */
const shortestGreetingMs = 1000;
/** So long is waited for a key. */
const keyWaitMs = 10_000;
/** Most messages of each kind that one call goes through. */
const maxMessages = 100;

/** Owners who hear their messages at the phone ([V34]): carries out what their sessions say. No call begins of it. */
export class MenuService {
  readonly #options: MenuServiceOptions;
  readonly #visits = new Map<LegId, Visit>();
  readonly #recorder: GreetingRecorder;

  constructor(options: MenuServiceOptions) {
    this.#options = options;
    this.#recorder = new GreetingRecorder(options);
  }

  /** Phones that are in the menu now. */
  get size(): number {
    return this.#visits.size;
  }

  async offered({ legId, extension }: OfferedService): Promise<void> {
    const { perform, pins, onError } = this.#options;
    const { session } = openMenu(false);
    const visit: Visit = { legId, extension, session, sounds: [] };
    this.#visits.set(legId, visit);
    try {
      const needsPin = await pins.has(extension.id);
      const answered = await perform({ op: "answer", legId });
      if (answered.ok) this.#take(visit, openMenu(needsPin));
      else this.#hangUp(visit);
    } catch (error) {
      onError(error);
      this.#hangUp(visit);
    }
  }

  onTelephony(event: TelephonyEvent): void {
    if (event.type === "legEnded") {
      this.#visits.get(event.legId)?.cancelWait?.();
      this.#visits.delete(event.legId);
    }
    this.#recorder.onTelephony(event);
    if (event.type !== "playbackFinished" && event.type !== "dtmfReceived") return;
    const visit = this.#visits.get(event.legId);
    if (visit === undefined) return;
    if (event.type === "dtmfReceived") this.#move(visit, { kind: "key", digit: event.digit });
    else if (visit.playbackId === event.playbackId) this.#played(visit);
  }

  #move(visit: Visit, input: MenuInput): void {
    if (this.#visits.has(visit.legId)) this.#take(visit, moveMenu(visit.session, input));
  }

  #take(visit: Visit, { session, effects }: MenuMove): void {
    visit.session = session;
    for (const effect of effects) {
      this.#carryOut(visit, effect).catch((error: unknown) => {
        this.#options.onError(error);
        this.#hangUp(visit);
      });
    }
  }

  async #carryOut(visit: Visit, effect: MenuEffect): Promise<void> {
    const { store, pins, desk, scheduler, greetings } = this.#options;
    const { extension } = visit;
    const owner = { userId: extension.userId ?? extension.id, name: extension.displayName };
    switch (effect.do) {
      case "say":
        visit.cancelWait?.();
        visit.sounds = effect.sounds;
        return this.#play(visit);
      case "wait":
        visit.cancelWait?.();
        visit.cancelWait = scheduler.after(keyWaitMs, () => this.#move(visit, { kind: "waited" }));
        return;
      case "checkPin":
        visit.cancelWait?.();
        return this.#move(visit, { kind: "pinChecked", isRight: await pins.check(extension.id, effect.pin) });
      case "load": {
        const query = { page: 1, limit: maxMessages, boxId: extension.id };
        const unread = await store.list({ ...query, isRead: false });
        const read = await store.list({ ...query, isRead: true });
        const messages = [...unread.messages.toReversed(), ...read.messages.toReversed()];
        return this.#move(visit, { kind: "loaded", messages });
      }
      case "markRead":
      case "delete": {
        const message = await store.find(effect.messageId);
        if (message === undefined) return;
        if (effect.do === "delete") await desk.remove(message, owner, { via: "phone" });
        else await desk.markRead(message, true, owner, { via: "phone" });
        return;
      }
      case "recordGreeting":
        return this.#recorder.start(visit.legId, extension.id, (durationMs) => {
          if (!this.#visits.has(visit.legId)) void greetings.dropDraft(extension.id).catch(this.#options.onError);
          this.#move(visit, { kind: "recorded", isUsable: durationMs >= shortestGreetingMs });
        });
      case "stopGreeting":
        return this.#recorder.stop(extension.id);
      case "keepGreeting":
        return this.#move(visit, { kind: "saved", isSaved: (await greetings.keepDraft(extension.id)).ok });
      case "dropDraft":
        return greetings.dropDraft(extension.id);
      case "deleteGreeting":
        await greetings.remove(extension.id);
        return;
      case "hangUp":
        return this.#hangUp(visit);
    }
  }

  /** The first of the sounds, in place of what is played now. */
  async #play(visit: Visit): Promise<void> {
    const { perform, newId } = this.#options;
    const { legId, playbackId: former, sounds } = visit;
    const playbackId = newId() as PlaybackId;
    visit.playbackId = playbackId;
    if (former !== undefined) await perform({ op: "stopPlayback", playbackId: former });
    const source = await this.#sourceOf(sounds[0], visit.extension);
    if (visit.playbackId !== playbackId) return;
    const played = source !== undefined && (await perform({ op: "play", legId, playbackId, source })).ok;
    if (!played && visit.playbackId === playbackId) this.#played(visit);
  }

  /** One that is deleted meanwhile is passed over. */
  async #sourceOf(sound: MenuSound | undefined, extension: Extension): Promise<PlaySource | undefined> {
    const { greetings, languageOf, store, blobs } = this.#options;
    const file = (path: string): PlaySource => ({ kind: "file", path, isLooped: false });
    const speak = (id: AnnouncementId): PlaySource => file(announcementFile(id, languageOf(extension)));
    if (sound === undefined) return undefined;
    if ("announcement" in sound) return speak(sound.announcement);
    if ("tone" in sound) return { kind: "tone", tone: sound.tone };
    if ("greeting" in sound) {
      if (sound.greeting === "draft") return file(await greetings.draftPath(extension.id));
      const own = await greetings.pathOf(extension.id);
      return own === undefined ? speak("voicemail-greeting") : file(own);
    }
    const message = await store.find(sound.messageId);
    return message && file(await blobs.pathFor(message.blobKey));
  }

  #played(visit: Visit): void {
    const [sound, ...rest] = visit.sounds;
    visit.sounds = rest;
    delete visit.playbackId;
    if (sound !== undefined && "messageId" in sound) {
      this.#move(visit, { kind: "heard", messageId: sound.messageId });
    }
    if (rest.length === 0) this.#move(visit, { kind: "spoken" });
    else this.#play(visit).catch(this.#options.onError);
  }

  #hangUp(visit: Visit): void {
    visit.cancelWait?.();
    if (this.#visits.delete(visit.legId)) {
      void this.#options.perform({ op: "hangup", legId: visit.legId, cause: "normal" });
    }
  }
}
