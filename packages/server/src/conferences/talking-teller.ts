import type { LegId, Scheduler, TelephonyEvent } from "@pbx-x/telephony";
import { Pace } from "../queues/pace.ts";
import { type Conference, displayNameOf } from "./conference.ts";
import type { ConferenceService } from "./conference-service.ts";

export interface TalkingTellerOptions {
  readonly conferences: Pick<ConferenceService, "get" | "placeOfLeg" | "onChanged">;
  readonly scheduler: Scheduler;
  /** Whether anybody watches the conference now. */
  readonly isWatched: (conferenceId: string) => boolean;
  readonly tell: (conference: Conference, data: TalkingData) => void;
}

/** As `CONFERENCE_TALKING` tells it. */
export interface TalkingData {
  readonly conferenceId: string;
  readonly talking: readonly { readonly participantId: string; readonly displayName: string }[];
}

/** Changes of one conference are told at most so often; what happens meanwhile is told together. */
export const talkingPaceMs = 200;

/** Says who talks in a conference ([V23]): to those who watch it, the whole of it each time, never kept. */
export class TalkingTeller {
  readonly #options: TalkingTellerOptions;
  readonly #pace: Pace;
  /** By the conference; whoever began first before the others. */
  readonly #talkers = new Map<string, readonly LegId[]>();

  constructor(options: TalkingTellerOptions) {
    this.#options = options;
    this.#pace = new Pace(options.scheduler, talkingPaceMs, (conferenceId) => this.#tell(conferenceId));
    options.conferences.onChanged((before, after) => this.#onChanged(before, after));
  }

  onTelephony(event: TelephonyEvent): void {
    if (event.type !== "talkingChanged") return;
    const place = this.#options.conferences.placeOfLeg(event.legId);
    if (place === undefined) return;
    const { conferenceId } = place.conference;
    const others = this.#of(conferenceId).filter((legId) => legId !== event.legId);
    this.#set(conferenceId, event.isTalking ? [...others, event.legId] : others);
  }

  /** Who is out talks no more. */
  #onChanged(before: Conference | undefined, after: Conference | undefined): void {
    if (before === undefined) return;
    const { conferenceId } = before;
    if (after === undefined) {
      this.#talkers.delete(conferenceId);
      return;
    }
    const present = new Set(after.participants.map(({ legId }) => legId));
    const talkers = this.#of(conferenceId);
    const still = talkers.filter((legId) => present.has(legId));
    if (still.length < talkers.length) this.#set(conferenceId, still);
  }

  #of(conferenceId: string): readonly LegId[] {
    return this.#talkers.get(conferenceId) ?? [];
  }

  #set(conferenceId: string, talkers: readonly LegId[]): void {
    this.#talkers.set(conferenceId, talkers);
    this.#pace.ask(conferenceId);
  }

  #tell(conferenceId: string): void {
    const { conferences, isWatched, tell } = this.#options;
    const conference = conferences.get(conferenceId);
    if (conference === undefined || !isWatched(conferenceId)) return;
    const talking = this.#of(conferenceId).flatMap((legId) => {
      const talker = conference.participants.find((participant) => participant.legId === legId);
      return talker === undefined
        ? []
        : [{ participantId: talker.participantId, displayName: displayNameOf(talker.party) }];
    });
    tell(conference, { conferenceId, talking });
  }
}
