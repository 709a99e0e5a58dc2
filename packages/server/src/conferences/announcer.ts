import type { LegId, Operation, PlaybackId, TelephonyEvent } from "@pbx-x/telephony";
import { announcementFile } from "../announcements/announcement-library.ts";
import type { AnnouncementId, AnnouncementLanguage } from "../announcements/announcement-texts.ts";

interface Speech {
  readonly playbackId: PlaybackId;
  readonly rest: readonly AnnouncementId[];
  readonly language: AnnouncementLanguage;
  readonly afterwards: () => void;
}

export interface AnnouncerOptions {
  readonly perform: (operation: Operation) => unknown;
  readonly newId: () => string;
}

const nothing = (): void => undefined;

/** Speaks to one phone at a time: announcements one after the other; what is said anew takes the place of the former. */
export class Announcer {
  readonly #options: AnnouncerOptions;
  readonly #speeches = new Map<LegId, Speech>();

  constructor(options: AnnouncerOptions) {
    this.#options = options;
  }

  /** @param afterwards after the last one was heard to its end; not when it was stopped, or the phone is gone */
  say(
    legId: LegId,
    language: AnnouncementLanguage,
    [first, ...rest]: readonly AnnouncementId[],
    afterwards: () => void = nothing,
  ): void {
    this.stop(legId);
    if (first === undefined) return afterwards();
    const playbackId = this.#options.newId() as PlaybackId;
    this.#speeches.set(legId, { playbackId, rest, language, afterwards });
    const source = { kind: "file", path: announcementFile(first, language), isLooped: false } as const;
    void this.#options.perform({ op: "play", legId, playbackId, source });
  }

  stop(legId: LegId): void {
    const speech = this.#speeches.get(legId);
    if (speech === undefined) return;
    this.#speeches.delete(legId);
    void this.#options.perform({ op: "stopPlayback", playbackId: speech.playbackId });
  }

  onTelephony(event: TelephonyEvent): void {
    if (event.type === "legEnded") {
      this.#speeches.delete(event.legId);
      return;
    }
    if (event.type !== "playbackFinished") return;
    const speech = this.#speeches.get(event.legId);
    if (speech?.playbackId !== event.playbackId) return;
    this.#speeches.delete(event.legId);
    const { language, rest, afterwards } = speech;
    if (rest.length > 0) this.say(event.legId, language, rest, afterwards);
    else afterwards();
  }
}
