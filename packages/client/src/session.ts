import {
  type Actor,
  type AnyEvent,
  type Change,
  type EventOf,
  type ParamsOf,
  type Position,
  type ResultOf,
  type Snapshot,
} from "@pbx-x/protocol/runtime";
import type { ClientEvents } from "./client-events.ts";
import type { Commander } from "./commands/commander.ts";
import { isPbxError } from "./commands/pbx-error.ts";
import { nobody } from "./connection/ask-session.ts";
import { type CaughtUp, catchUp, type Gap } from "./delivery/catch-up.ts";
import { readEventPage } from "./delivery/backfill.ts";
import { Delivery, type Meta } from "./delivery/delivery.ts";
import type { WantedChannels } from "./delivery/wanted-channels.ts";
import type { LiveModel } from "./model/live-model.ts";
import type { Clock } from "./platform/clock.ts";
import type { RestGet } from "./platform/rest.ts";
import { writtenOut } from "./model/own-channels.ts";
import { mergeIn, outsideOf, replaceBy } from "./model/state-difference.ts";

export interface SessionOptions {
  readonly from: Position | undefined;
  readonly mode: "events" | "state";
  readonly commander: Commander;
  readonly wanted: WantedChannels;
  readonly model: LiveModel;
  readonly get: RestGet;
  readonly actor: () => Actor;
  /** An event is about to be applied. */
  readonly onArrival: ((event: AnyEvent) => void) | undefined;
  readonly clock: Clock;
  readonly emit: (event: AnyEvent, source: Meta["source"]) => void;
  readonly onProgress: () => void;
  readonly onChannelError: (error: ClientEvents["channelError"]) => void;
  /** The connection cannot be used any more; the next one takes the state instead of the events. */
  readonly onUnusable: (reason: string) => void;
}

/** A longer wait than this is a new attempt's matter ([S5]). */
const longestPatienceSeconds = 10;
const subscribeAttempts = 4;
const mostRounds = 10;

type Connected = EventOf<"CONNECTED">["data"];

/** The server's session as the client knows it: its channels, its position, what is caught up after each connection. */
export class Session {
  readonly delivery: Delivery;
  /** Set from outside by who goes on with the session of another connection of the same `clientId` ([T2]). */
  id: string | undefined;
  /** What the server was asked for in this session and has answered, and where it stood then: perhaps ahead of the last event. */
  readonly channels = new Map<string, number>();
  readonly #options: SessionOptions;
  /** What it would not even look at; the next connection asks again. */
  readonly #failed = new Set<string>();
  /** Raised by each connection and each loss: what an earlier one began ends with it ([S6]). */
  #round = 0;
  #changingIn = 0;
  #userId: string | undefined;
  #mustTakeState: Gap["reason"] | undefined;
  /** Channels whose state is in the model: kept over a loss, since missed events bring it up to date. */
  readonly #known = new Set<string>();
  /** Something of the model is brought no more, and still there. */
  #isLess = false;
  /** Granted, but what they bring is not in the model yet. */
  readonly #granted = new Set<string>();
  #replayed: () => void = () => undefined;
  #malformedAt: number | undefined;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.delivery = new Delivery(
      {
        apply: (event, source) => {
          options.onArrival?.(event);
          options.model.apply(event);
          options.emit(event, source);
        },
        onUnusable: (reason) => this.#giveUp(reason),
        onProgress: options.onProgress,
        onReplayed: () => this.#replayed(),
      },
      options.from,
    );
  }

  /** Where the next socket resumes ([W28]). */
  resumeQuery(): Readonly<Record<string, string>> {
    const { position } = this.delivery;
    if (this.id === undefined || position === undefined || this.#mustTakeState !== undefined) return {};
    return { resume: this.id, epoch: position.epoch, since: String(position.seq) };
  }

  skipNext(reason: Gap["reason"]): void {
    this.#mustTakeState = reason;
  }

  /** A frame that could not be read; the second at one position takes the state ([D4]). */
  onMalformed(): void {
    const seq = this.delivery.position?.seq ?? 0;
    if (this.#malformedAt === seq) this.#mustTakeState = "malformed";
    this.#malformedAt = seq;
  }

  /** The connection is gone: what was under way on it must not touch the next one. */
  onLost(): void {
    this.#round += 1;
  }

  /** Brings everything up to date on a new connection. Rejects when it is lost on the way. */
  async start(connected: Connected): Promise<CaughtUp> {
    const { wanted, model, get, clock } = this.#options;
    this.#round += 1;
    this.#failed.clear();
    this.#granted.clear();
    const still = this.#guard();
    if (this.#userId !== undefined && this.#userId !== connected.userId) this.#forget();
    this.#userId = connected.userId;
    if (connected.resumed !== true || connected.sessionId !== this.id) this.channels.clear();
    this.id = connected.sessionId;
    const known = [...this.#known];
    const replayed = new Promise<void>((resolve) => (this.#replayed = resolve));
    const result = await still(
      catchUp({
        connected,
        wanted: wanted.list(),
        mode: this.#options.mode,
        mustTakeState: this.#mustTakeState,
        known: this.#known,
        delivery: this.delivery,
        replayed,
        subscribe: (params) => this.#subscribe(params),
        readPage: (after, epoch, channels) => still(readEventPage(get, after, epoch, channels)),
        replaceState: (snapshot) => this.#replaceState(snapshot),
        addState: (channels) => this.#addState(channels),
        now: () => clock.now(),
      }),
    );
    this.#mustTakeState = undefined;
    this.#know();
    this.prune(known.some((channel) => !this.#known.has(channel)));
    await this.#reconcile();
    model.setStale(false);
    return result;
  }

  /** Waits, and rejects where the connection was lost meanwhile; the client's own commands do that by themselves. */
  #guard(): <T>(work: Promise<T>) => Promise<T> {
    const round = this.#round;
    return async (work) => {
      const result = await work;
      if (round !== this.#round) throw new Error("lost");
      return result;
    };
  }

  /** Channels were wanted or released while the connection is live ([D9]); one change at a time. */
  async change(): Promise<void> {
    const round = this.#round;
    if (this.#changingIn === round) return;
    this.#changingIn = round;
    for (let isDone = false; !isDone && round === this.#round; ) {
      isDone = await this.#reconcile().then(
        () => true,
        (error: unknown) => round !== this.#round || this.#isHopeless(error) || !this.#refuseRest(error),
      );
    }
    if (this.#changingIn === round) this.#changingIn = 0;
  }

  /** No answer at all is the connection's fault, not the channel's: the next one is asked. */
  #isHopeless(error: unknown): boolean {
    const isSilent = isPbxError(error, "TIMED_OUT");
    if (isSilent) this.#options.onUnusable("no answer");
    return isSilent;
  }

  /** Until the session has what is wanted, also what is wanted or released while this is under way. */
  async #reconcile(): Promise<void> {
    const { wanted, commander } = this.#options;
    // A server that does not answer for a channel must not be asked for ever.
    for (let round = 0; round < mostRounds; round += 1) {
      const missing = this.#missing();
      const list = wanted.list();
      const excess = [...this.channels.keys()].filter((channel) => !list.includes(channel));
      if (missing.length > 0) {
        await this.#addState(missing);
      } else if (excess.length > 0) {
        for (const channel of excess) {
          this.channels.delete(channel);
          this.#known.delete(channel);
        }
        await commander.run("unsubscribe", { channels: excess }, {}, true);
        this.prune(true);
      } else return;
    }
  }

  /** The state of what was granted is in the model. */
  #know(): void {
    const { wanted } = this.#options;
    for (const channel of this.#granted) wanted.setStatus(channel, { is: "live" });
    this.#granted.clear();
    this.#known.clear();
    for (const channel of this.channels.keys()) if (wanted.status(channel).is === "live") this.#known.add(channel);
  }

  /**
   * What no wanted channel brings any more is not kept ([M8]): where there is less than before, and as soon as it is known who
   * the user is, who has what is the user's own.
   */
  prune(isLess: boolean): void {
    const { model, actor } = this.#options;
    this.#isLess ||= isLess;
    if (!this.#isLess || actor() === nobody) return;
    this.#isLess = false;
    model.write(outsideOf(model.tables, writtenOut([...this.#known], actor(), model.tables)));
  }

  /** Also what the session still has, but nobody was told so: released and wanted again before it was given back. */
  #missing(): readonly string[] {
    const { wanted } = this.#options;
    return wanted
      .list()
      .filter((channel) => !this.channels.has(channel) || wanted.status(channel).is === "pending")
      .filter((channel) => !this.#failed.has(channel));
  }

  /** The server would not have the rest: whether there was any. */
  #refuseRest(error: unknown): boolean {
    const { code, message } = isPbxError(error) ? error : { code: "INTERNAL_ERROR", message: String(error) };
    const rest = this.#missing();
    for (const channel of rest) {
      this.#failed.add(channel);
      this.#refuse(channel, code, message);
    }
    return rest.length > 0;
  }

  /** The server's count of what it sent must be ours ([D1]); its position moves ours ([D2]). */
  onPong(pong: EventOf<"PONG">["data"]): void {
    if (pong === undefined) return;
    if (pong.delivered !== this.delivery.received) {
      this.#giveUp("hole");
      return;
    }
    this.delivery.moveTo(pong.seq);
    this.delivery.agree();
  }

  #forget(): void {
    this.#options.model.clear();
    this.delivery.clear();
    this.#known.clear();
  }

  #giveUp(reason: Gap["reason"]): void {
    this.#mustTakeState = reason;
    this.#options.onUnusable(reason);
  }

  #replaceState(snapshot: Snapshot): readonly Change[] {
    const { model } = this.#options;
    const changes = replaceBy(model.tables, snapshot);
    model.write(changes);
    return changes;
  }

  async #addState(channels: readonly string[]): Promise<void> {
    const { model } = this.#options;
    const { removed, stop } = model.recordRemovals();
    try {
      const { snapshot } = await this.#subscribe({ channels, snapshot: true });
      if (snapshot !== undefined) model.write(mergeIn(model.tables, snapshot, removed));
      this.#know();
    } finally {
      stop();
    }
  }

  #refuse(channel: string, code: string, message: string): void {
    this.#options.wanted.setStatus(channel, { is: "refused", code, message });
    this.#options.onChannelError({ channel, code, message });
  }

  async #subscribe(params: ParamsOf<"subscribe">): Promise<ResultOf<"subscribe">> {
    const answer = await this.#subscribePatiently(params);
    for (const each of answer.channels) {
      this.channels.set(each.channel, answer.seq);
      if (each.ok) this.#granted.add(each.channel);
      else this.#refuse(each.channel, each.error.code, each.error.message);
    }
    return answer;
  }

  /** The server may say "later" to what the client itself asks for; then it is asked again at that time ([K9]). */
  async #subscribePatiently(params: ParamsOf<"subscribe">, attempt = 1): Promise<ResultOf<"subscribe">> {
    const { commander, clock, onProgress } = this.#options;
    const still = this.#guard();
    try {
      return await commander.run("subscribe", params, {}, true);
    } catch (error) {
      const seconds = isPbxError(error) ? error.retryAfterSeconds : undefined;
      if (seconds === undefined || seconds > longestPatienceSeconds || attempt >= subscribeAttempts) throw error;
      await still(new Promise<void>((resolve) => clock.after(seconds * 1000, resolve)));
      onProgress();
    }
    return this.#subscribePatiently(params, attempt + 1);
  }
}
