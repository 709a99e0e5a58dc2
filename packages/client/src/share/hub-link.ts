import {
  type Channel,
  type CommandFrame,
  type CommandName,
  type ParamsOf,
  type Position,
  type ResultOf,
  scopeFilter,
  snapshotFromTables,
} from "@pbx-x/protocol/runtime";
import { nobody } from "../connection/ask-session.ts";
import type { ClientCore } from "../client-core.ts";
import { isPbxError } from "../commands/pbx-error.ts";
import type { Dispose } from "../events/emitter.ts";
import { writtenOut } from "../model/own-channels.ts";
import type { RingEntry } from "./event-ring.ts";
import type { DownMessage, UpMessage } from "./messages.ts";
import type { ChannelLike } from "./world.ts";

export interface HubLinkOptions {
  readonly core: ClientCore;
  readonly channel: ChannelLike<UpMessage | DownMessage>;
  /** `resume`, `epoch`, `since`, as a socket's address would have them. */
  readonly query: Readonly<Record<string, string>>;
  /** What the tab had on its last link. */
  readonly channels: readonly Channel[];
  /** From where on the hub has all events of these channels. */
  readonly startOf: (channels: readonly string[]) => number;
  /** Events after a position, if none of these channels missed any. */
  readonly missedSince: (position: Position, channels: readonly string[]) => readonly RingEntry[] | undefined;
  readonly greeting: () => object;
  readonly onPing: () => void;
  readonly onEnd: () => void;
}

/** Most frames that a tab may leave unread; then it is cut off and comes back when it can. */
export const unreadLimit = 5000;

/** One tab, as the server's end of its connection: greets, subscribes, passes on commands and events ([T2]). */
export class HubLink {
  readonly #options: HubLinkOptions;
  readonly #wants = new Map<string, Dispose>();
  #frames: string[] = [];
  #unread = 0;
  #delivered = 0;
  #isGreeted = false;
  #isEnded = false;

  constructor(options: HubLinkOptions) {
    this.#options = options;
    options.channel.onMessage = (message) => this.#hear(message);
  }

  get isGreeted(): boolean {
    return this.#isGreeted;
  }

  /** The connection is live: begins, or goes on where the tab stopped. */
  greet(): void {
    const { core, query, channels, channel, greeting } = this.#options;
    const since = { epoch: query["epoch"] ?? "", seq: Number(query["since"] ?? Number.NaN) };
    const mayResume = query["resume"] === core.session.id && query["resume"] !== undefined;
    const missed = mayResume ? this.#options.missedSince(since, channels) : undefined;
    this.#isGreeted = true;
    channel.post({ is: "accept", token: core.connection.token });
    const mine = missed === undefined ? [] : this.#mineOf(missed, channels);
    this.#send("CONNECTED", {
      ...greeting(),
      sessionId: core.session.id,
      epoch: core.position?.epoch,
      seq: core.position?.seq,
      resumed: missed !== undefined,
      replaying: mine.length,
    });
    if (missed === undefined) return;
    for (const each of channels) this.#want(each);
    for (const entry of mine) this.#event(entry);
  }

  onEvent(entry: RingEntry): void {
    if (this.#isGreeted && this.#mineOf([entry], [...this.#wants.keys()]).length > 0) this.#event(entry);
  }

  pong(): void {
    if (!this.#isGreeted) return;
    this.#send("PONG", { seq: this.#options.core.position?.seq ?? 0, delivered: this.#delivered });
  }

  disconnected(reason: string, code: number): void {
    this.#send("DISCONNECTED", { reason, message: reason, reconnect: false });
    this.end(code);
  }

  end(code: number): void {
    if (this.#isEnded) return;
    this.#flush();
    this.#options.channel.post({ is: "end", code });
    this.close();
  }

  close(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#options.channel.close();
    this.#options.onEnd();
  }

  /** What the tab wanted is wanted a little longer: it most often comes back. */
  releaseWants(): void {
    for (const release of this.#wants.values()) release();
    this.#wants.clear();
  }

  #hear(message: UpMessage | DownMessage): void {
    if (this.#isEnded) return;
    if (message.is === "read") this.#unread -= message.count;
    else if (message.is === "close") this.close();
    else if (message.is === "text") void this.#onFrame(message.text);
  }

  async #onFrame(text: string): Promise<void> {
    // The client of the same version wrote it.
    const frame = JSON.parse(text) as CommandFrame;
    switch (frame.command) {
      case "ping":
        this.#options.onPing();
        return;
      case "subscribe":
        return this.#subscribe(frame.id ?? "", frame.params);
      case "unsubscribe":
        for (const channel of frame.params.channels) {
          this.#wants.get(channel)?.();
          this.#wants.delete(channel);
        }
        return this.#answer(frame.id ?? "", {
          channels: frame.params.channels.map((channel) => ({ channel, ok: true })),
        });
      default:
        return this.#forward(frame.id ?? "", frame.command, frame.params);
    }
  }

  /** Under the tab's own id: a repeat of it, also by another hub, runs once ([K4]). */
  async #forward(id: string, command: CommandName, params: unknown): Promise<void> {
    const { commander } = this.#options.core;
    try {
      const { data, seq } = await commander.begin(id, command, params as object);
      this.#push(JSON.stringify({ id, success: true, data, ...(seq !== undefined && { seq }) }));
    } catch (error) {
      if (!isPbxError(error) || error.outcome !== "refused") return;
      const { code, message, retryAfterSeconds, details } = error;
      const more = { ...(details && { details }), ...(retryAfterSeconds !== undefined && { retryAfterSeconds }) };
      this.#push(JSON.stringify({ id, success: false, error: { code, message, ...more } }));
    }
  }

  async #subscribe(id: string, { channels, since, snapshot }: ParamsOf<"subscribe">): Promise<void> {
    const { core, missedSince } = this.#options;
    const missed = since === undefined ? undefined : missedSince(since, channels);
    for (const channel of channels as readonly Channel[]) this.#want(channel);
    await Promise.all(channels.map((channel) => this.#settled(channel)));
    const { position } = core;
    if (this.#isEnded || position === undefined) return;
    const told: ResultOf<"subscribe">["channels"] = channels.map((channel) => {
      const status = core.wanted.status(channel);
      if (status.is !== "refused") return { channel, ok: true };
      this.#wants.get(channel)?.();
      this.#wants.delete(channel);
      const error = { code: status.code, message: status.message } as { code: "UNAUTHORIZED"; message: string };
      return { channel, ok: false, error };
    });
    const base = { channels: told, ...position };
    if (since !== undefined) {
      // What came while the channels were asked for is among them.
      const now = missed === undefined ? undefined : missedSince(since, channels);
      if (now === undefined) {
        // By pages, up to where the hub begins to tell.
        const asked = told.flatMap(({ channel, ok }) => (ok ? [channel] : []));
        const seq = Math.max(position.seq, this.#options.startOf(asked));
        return this.#answer(id, { ...base, seq, recovered: false });
      }
      const mine = this.#mineOf(now, channels);
      this.#answer(id, { ...base, recovered: true, missed: mine.length });
      for (const entry of mine) this.#event(entry);
      return;
    }
    if (snapshot !== true) return this.#answer(id, base);
    const { tables } = core.model;
    // Who the user is may not be known yet: then of `me` all is meant that the hub has, as with its events.
    const isAll = channels.includes("me") && core.actor === nobody;
    const includes = isAll ? () => true : scopeFilter(tables, writtenOut(channels, core.actor, tables));
    this.#answer(id, {
      ...base,
      snapshot: snapshotFromTables(tables, { ...position, scope: [...channels], includes }),
    });
  }

  #settled(channel: string): Promise<void> {
    const { wanted } = this.#options.core;
    return new Promise((resolve) => {
      const check = (): void => {
        if (wanted.status(channel).is === "pending" && !this.#isEnded) return;
        stop();
        resolve();
      };
      const stop = wanted.subscribe(check);
      check();
    });
  }

  #want(channel: Channel): void {
    if (!this.#wants.has(channel)) this.#wants.set(channel, this.#options.core.wanted.want([channel]));
  }

  #mineOf(entries: readonly RingEntry[], channels: readonly string[]): readonly RingEntry[] {
    // Of `me` more is meant than can be written out here.
    if (channels.includes("me")) return entries;
    return entries.filter((entry) => entry.channels?.some((name) => channels.includes(name)) ?? true);
  }

  #event({ event, text }: RingEntry): void {
    if (event.seq !== undefined) this.#delivered += 1;
    this.#push(text);
  }

  #answer(id: string, data: object): void {
    this.#push(JSON.stringify({ id, success: true, data }));
  }

  #send(type: string, data: object): void {
    const timestamp = new Date(this.#options.core.serverNow()).toISOString();
    this.#push(JSON.stringify({ type, timestamp, data }));
  }

  /** What is told within one turn is one message. */
  #push(text: string): void {
    if (this.#isEnded) return;
    this.#frames.push(text);
    if (this.#frames.length === 1) queueMicrotask(() => this.#flush());
    this.#unread += 1;
    if (this.#unread > unreadLimit) this.end(4008);
  }

  #flush(): void {
    if (this.#frames.length === 0 || this.#isEnded) return;
    const frames = this.#frames;
    this.#frames = [];
    this.#options.channel.post({ is: "batch", frames });
  }
}
