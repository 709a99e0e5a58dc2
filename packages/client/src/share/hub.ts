import type { AnyEvent, Channel, Position } from "@pbx-x/protocol/runtime";
import { ClientCore } from "../client-core.ts";
import type { ConnectOptions } from "../options.ts";
import { type Clock, systemClock } from "../platform/clock.ts";
import { uuidV7 } from "../platform/uuid.ts";
import { channelsOfEvent } from "./event-channels.ts";
import { EventRing, type RingEntry } from "./event-ring.ts";
import { HubLink } from "./hub-link.ts";
import type { Beat, GroupMessage } from "./messages.ts";
import { Roster } from "./roster.ts";
import { TokenFromTabs } from "./token-from-tabs.ts";
import type { ChannelLike, ShareWorld } from "./world.ts";

/** What a hub takes of the application's options. */
export type HubConnectOptions = Pick<
  ConnectOptions,
  "url" | "webSocket" | "fetch" | "clock" | "random" | "backoff" | "heartbeatMs" | "onDiagnostic"
>;

export interface HubOptions {
  readonly world: ShareWorld;
  readonly name: string;
  readonly connect: HubConnectOptions;
  /** What the hub before told last. */
  readonly before: Beat | undefined;
  /** Another one has the connection: this hub has ended. */
  readonly onFenced: () => void;
}

const beatMs = 2000;
/** Time for the tabs to say where they are. */
const gatherMs = 200;
const lingerMs = 30_000;

/** Holds the group's one connection and serves the tabs ([T2]). Runs in a worker or in one of the tabs. */
export class Hub {
  readonly id: string;
  readonly #options: HubOptions;
  readonly #clock: Clock;
  readonly #bus: ChannelLike<GroupMessage>;
  readonly #roster: Roster;
  readonly #tokens: TokenFromTabs;
  readonly #clientId: string;
  readonly #ring = new EventRing();
  readonly #links = new Set<HubLink>();
  /** From where on the ring has each channel's events. */
  readonly #channelSince = new Map<string, number>();
  #core: ClientCore | undefined;
  #greeting: object = {};
  /** Of the event that is being applied: the channels by what was known before. */
  #channelsBefore: readonly string[] = [];
  #cancelBeat: () => void = () => undefined;
  #isStopped = false;
  readonly #newId: () => string;

  constructor(options: HubOptions) {
    const { world, name, connect, before } = options;
    this.#options = options;
    this.#clock = connect.clock ?? systemClock(true);
    const random = connect.random ?? Math.random;
    this.#newId = () => uuidV7(this.#clock.wall(), random);
    this.id = this.#newId();
    this.#clientId = before?.clientId ?? this.#newId();
    this.#roster = new Roster(world, name, () => undefined);
    this.#bus = world.channel(name);
    this.#tokens = new TokenFromTabs({
      clock: this.#clock,
      newId: this.#newId,
      tabs: () => this.#roster.tabs,
      post: (message) => this.#bus.post(message),
    });
    this.#bus.onMessage = (message) => this.#hear(message);
    this.#bus.post({ is: "who" });
    this.#beat();
    this.#clock.after(gatherMs, () => this.#start());
  }

  stop(): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.#cancelBeat();
    for (const link of Array.from(this.#links)) link.end(1006);
    this.#core?.close();
    this.#roster.stop();
    this.#bus.close();
  }

  /** The earliest of the tabs' positions: what any of them misses is told again ([T2]). */
  #takeover() {
    const { before } = this.#options;
    if (before?.sessionId === undefined || before.position === undefined) return undefined;
    const { epoch } = before.position;
    const seqs = this.#roster.tabs.flatMap(({ position }) => (position?.epoch === epoch ? [position.seq] : []));
    const position = { epoch, seq: Math.min(before.position.seq, ...seqs) };
    return { sessionId: before.sessionId, position, channels: before.channels };
  }

  #start(): void {
    if (this.#isStopped) return;
    const takeover = this.#takeover();
    const core: ClientCore = new ClientCore(
      {
        ...this.#options.connect,
        clientId: this.#clientId,
        clock: this.#clock,
        token: ({ reason, signal }) => this.#tokens.ask(reason, signal),
        ...(takeover && { from: takeover.position }),
      },
      {
        onArrival: (event) => {
          this.#channelsBefore = channelsOfEvent(event, core.model.tables) ?? [];
        },
        onPong: () => {
          for (const link of this.#links) link.pong();
        },
      },
    );
    this.#core = core;
    if (takeover !== undefined) {
      // Until the tabs are back and say themselves what they want.
      this.#clock.after(lingerMs, core.wanted.want(takeover.channels as readonly Channel[]));
      core.session.id = takeover.sessionId;
      for (const channel of takeover.channels) core.session.channels.set(channel, takeover.position.seq);
      this.#ring.startAt(takeover.position);
      for (const channel of takeover.channels) this.#channelSince.set(channel, takeover.position.seq);
    }
    core.emitter.on("*", (event) => this.#onEvent(event));
    core.emitter.on("gap", () => this.#onGap());
    core.wanted.subscribe(() => this.#noteChannels());
    core.stateListeners.subscribe(() => this.#onState());
    core.connect();
    this.#bus.post({ is: "who" });
  }

  #hear(message: GroupMessage): void {
    this.#roster.hear(message);
    this.#tokens.hear(message);
    // A new tab need not wait for the next beat.
    if (message.is === "who") this.#beat();
    if (message.is === "logout") this.#logOut();
    if (message.is === "open" && message.hub === this.id) this.#open(message);
  }

  /** Nobody is logged in any more: no connection until a tab asks for one. */
  #logOut(): void {
    for (const link of Array.from(this.#links)) {
      link.close();
      link.releaseWants();
    }
    this.#core?.close();
  }

  #open({ link: name, query, channels }: Extract<GroupMessage, { is: "open" }>): void {
    const core = this.#core;
    if (core === undefined) {
      // The tabs are still being asked where they are.
      this.#clock.after(gatherMs, () => {
        if (!this.#isStopped && this.#core !== undefined)
          this.#open({ is: "open", hub: this.id, tab: "", link: name, query, channels });
      });
      return;
    }
    const link: HubLink = new HubLink({
      core,
      channel: this.#options.world.channel(name),
      query,
      channels: channels as readonly Channel[],
      startOf: (wanted) => this.#startOf(wanted),
      missedSince: (position, wanted) => this.#missedSince(position, wanted),
      greeting: () => this.#greeting,
      onPing: () => core.ping(),
      onEnd: () => {
        this.#links.delete(link);
        if (this.#isStopped) link.releaseWants();
        else this.#clock.after(lingerMs, () => link.releaseWants());
      },
    });
    this.#links.add(link);
    if (core.shown.at === "closed") core.connect();
    else if (core.shown.at === "live") link.greet();
  }

  #startOf(channels: readonly string[]): number {
    return Math.max(0, ...channels.map((channel) => this.#channelSince.get(channel) ?? Infinity));
  }

  #missedSince(position: Position, channels: readonly string[]): readonly RingEntry[] | undefined {
    return this.#startOf(channels) <= position.seq ? this.#ring.after(position) : undefined;
  }

  #onEvent(event: AnyEvent): void {
    if (event.type === "CONNECTED") {
      const { position } = this.#core ?? {};
      if (!this.#ring.hasStart && position !== undefined) this.#ring.startAt(position);
      // The token is the hub's matter: no tab renews it.
      const { tokenExpiresAt: _, ...greeting } = event.data;
      this.#greeting = greeting;
      for (const link of Array.from(this.#links)) if (!link.isGreeted) link.greet();
      this.#beat();
      return;
    }
    if (event.type === "DISCONNECTED" || event.type === "AUTH_EXPIRING") return;
    const now = this.#core && channelsOfEvent(event, this.#core.model.tables);
    // Who has left a queue with this event was in it before.
    const entry = { event, text: JSON.stringify(event), channels: now && [...now, ...this.#channelsBefore] };
    if (event.seq !== undefined) this.#ring.add(entry);
    for (const link of Array.from(this.#links)) link.onEvent(entry);
  }

  /** Events are missing: the tabs find their own way back, by pages or by the state ([D5]). */
  #onGap(): void {
    const { position } = this.#core ?? {};
    if (position === undefined) return;
    this.#ring.startAt(position);
    for (const channel of this.#channelSince.keys()) this.#channelSince.set(channel, position.seq);
    for (const link of Array.from(this.#links)) if (link.isGreeted) link.end(4000);
  }

  #noteChannels(): void {
    const core = this.#core;
    if (core === undefined) return;
    const wanted = new Set(core.wanted.list());
    for (const channel of Array.from(this.#channelSince.keys())) {
      if (!wanted.has(channel)) this.#channelSince.delete(channel);
    }
    for (const channel of wanted) {
      if (this.#channelSince.has(channel) || core.wanted.status(channel).is !== "live") continue;
      // Ahead of the last event, perhaps: who stands there has not had what lies between.
      this.#channelSince.set(channel, core.session.channels.get(channel) ?? 0);
    }
  }

  #onState(): void {
    const { shown } = this.#core ?? {};
    if (shown === undefined || this.#isStopped) return;
    if (shown.at === "closed") {
      if (shown.reason === "fenced") {
        this.stop();
        this.#options.onFenced();
        return;
      }
      const [reason, code] = shown.reason === "auth" ? (["auth_revoked", 4001] as const) : (["refused", 4003] as const);
      for (const link of Array.from(this.#links)) link.disconnected(reason, code);
    } else if (shown.at !== "live") {
      for (const link of Array.from(this.#links)) if (link.isGreeted) link.end(1006);
    }
    if (shown.at === "resuming" || shown.at === "closed") this.#beat();
  }

  #beat(): void {
    this.#cancelBeat();
    if (this.#isStopped) return;
    const core = this.#core;
    this.#bus.post({
      is: "beat",
      hub: this.id,
      clientId: this.#clientId,
      isLive: core?.shown.at === "live",
      sessionId: core?.session.id ?? this.#options.before?.sessionId,
      position: core?.position ?? this.#options.before?.position,
      channels: core?.wanted.list() ?? this.#options.before?.channels ?? [],
    });
    this.#cancelBeat = this.#clock.after(beatMs, () => this.#beat());
  }
}
