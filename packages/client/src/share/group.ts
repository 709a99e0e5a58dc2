import type { Position } from "@pbx-x/protocol/runtime";
import { TokenSource, type TokenOption } from "../connection/token-source.ts";
import type { Dispose } from "../events/emitter.ts";
import type { Clock } from "../platform/clock.ts";
import { Candidate } from "./candidate.ts";
import { foremostOf } from "./foremost.ts";
import type { HubConnectOptions } from "./hub.ts";
import type { GroupMessage, TabFacts } from "./messages.ts";
import { Roster, tabLock } from "./roster.ts";
import { TabLink } from "./tab-link.ts";
import type { ChannelLike, ShareWorld } from "./world.ts";

export interface GroupOptions {
  readonly world: ShareWorld;
  readonly name: string;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly token: TokenOption;
  readonly connect: HubConnectOptions;
  /** How a worker is to hold the connection; undefined where it cannot. */
  readonly workerName: string | undefined;
  readonly position: () => Position | undefined;
  /** The hub is there, or connected again: try now. */
  readonly onHubLive: () => void;
  readonly onLogout: () => void;
  readonly onDiagnostic: (detail: string) => void;
}

const checkMs = 2000;
const lateMs = 1000;
/** A hub that is silent for so long is taken over by a tab that the user sees (§5). */
const silenceMs = 6000;
/** A worker that does not report by then does not start. */
const workerMs = 3000;

/** One tab's part in the group: says that it is here, finds the hub, takes over where it must ([T1]–[T3]). */
export class Group {
  readonly tab: string;
  readonly #options: GroupOptions;
  readonly #openedAt: number;
  readonly #roster: Roster;
  readonly #tokens: TokenSource;
  readonly #links = new Set<TabLink>();
  readonly #watchers = new Set<() => void>();
  #bus: ChannelLike<GroupMessage> | undefined;
  #candidate: Candidate | undefined;
  #channels: readonly string[] = [];
  #focusedAt = 0;
  #heardAt = 0;
  #isForemost = false;
  #token = "";
  #cancelCheck: () => void = () => undefined;
  #cancelWorker: () => void = () => undefined;
  #release: () => void = () => undefined;
  #stopWatch: Dispose = () => undefined;

  constructor(options: GroupOptions) {
    const { world, name, newId, clock } = options;
    this.#options = options;
    this.tab = newId();
    this.#openedAt = clock.wall();
    this.#tokens = new TokenSource(options.token);
    this.#roster = new Roster(world, name, () => this.#judgeForemost());
  }

  get isForemost(): boolean {
    return this.#isForemost;
  }

  /** The group's connection is held here. */
  get isLeader(): boolean {
    return this.#candidate?.isLeader ?? false;
  }

  /** For the tab's own REST requests. */
  get token(): string {
    return this.#token;
  }

  subscribe(run: () => void): Dispose {
    const own = (): void => run();
    this.#watchers.add(own);
    return () => this.#watchers.delete(own);
  }

  start(): void {
    if (this.#bus !== undefined) return;
    const { world, name, clock } = this.#options;
    const bus = world.channel<GroupMessage>(name);
    this.#bus = bus;
    bus.onMessage = (message) => this.#hear(message);
    this.#heardAt = clock.now();
    world.locks
      .request(tabLock(name, this.tab), {}, () => new Promise<void>((resolve) => (this.#release = resolve)))
      .catch(() => undefined);
    // One watch outlives the page's rest in the back/forward cache.
    this.#stopWatch();
    this.#stopWatch = world.watch({
      onChange: (hasFocus) => {
        if (hasFocus) this.#focusedAt = clock.wall();
        this.#announce();
      },
      onHide: () => this.#leave(),
      onShow: () => this.start(),
    });
    bus.post({ is: "who" });
    this.#announce();
    this.#candidate = new Candidate({ world, name, connect: this.#options.connect }, () => this.#roster.beat);
    this.#startWorker();
    this.#check();
  }

  /** All tabs are logged out (§5). */
  logOut(): void {
    this.#bus?.post({ is: "logout" });
    this.stop();
  }

  stop(): void {
    this.#leave();
    this.#stopWatch();
    this.#tokens.cancel();
  }

  /** A link in the place of a socket to this address. */
  open(url: string): TabLink {
    const { newId, world, name: group } = this.#options;
    const name = `${group} link ${newId()}`;
    const link = new TabLink({
      name,
      query: Object.fromEntries(new URL(url).searchParams),
      channel: world.channel(name),
      onToken: (token) => {
        this.#token = token;
      },
      onGone: (gone) => this.#links.delete(gone),
    });
    this.#links.add(link);
    this.#offer(link);
    return link;
  }

  /** What the tab's client has subscribed to, for a hub that does not know the tab yet. */
  noteChannels(channels: readonly string[]): void {
    this.#channels = channels;
  }

  #startWorker(): void {
    const { world, workerName, clock, onDiagnostic } = this.#options;
    const standHere = (why: string): void => {
      this.#cancelWorker();
      onDiagnostic(`leader by lock: ${why}`);
      this.#candidate?.stand();
    };
    if (world.startWorker === undefined || workerName === undefined) return standHere("no worker");
    this.#cancelWorker = clock.after(workerMs, () => {
      if (this.#roster.beat === undefined) standHere("the worker does not answer");
    });
    try {
      world.startWorker(workerName, () => standHere("the worker did not start"));
    } catch {
      standHere("the worker could not be made");
    }
  }

  #leave(): void {
    this.#bus?.post({ is: "bye", tab: this.tab });
    this.#cancelCheck();
    this.#cancelWorker();
    for (const link of Array.from(this.#links)) link.end(1006);
    this.#candidate?.stop();
    this.#candidate = undefined;
    this.#roster.stop();
    this.#release();
    this.#bus?.close();
    this.#bus = undefined;
  }

  #announce(): void {
    this.#bus?.post({ is: "tab", ...this.#ownFacts() });
    this.#judgeForemost();
  }

  #judgeForemost(): void {
    const isForemost = foremostOf([...this.#roster.tabs, this.#ownFacts()]) === this.tab;
    if (isForemost === this.#isForemost) return;
    this.#isForemost = isForemost;
    for (const run of Array.from(this.#watchers)) run();
  }

  #ownFacts(): TabFacts {
    const { position, world } = this.#options;
    return {
      tab: this.tab,
      openedAt: this.#openedAt,
      isVisible: world.isVisible(),
      focusedAt: this.#focusedAt,
      position: position(),
    };
  }

  #hear(message: GroupMessage): void {
    const before = this.#roster.beat;
    this.#roster.hear(message);
    switch (message.is) {
      case "who":
        this.#announce();
        return;
      case "beat":
        this.#heardAt = this.#options.clock.now();
        for (const link of Array.from(this.#links)) {
          if (link.hub === undefined) this.#offer(link);
          // Another hub than the one that it talks to.
          else if (link.hub !== message.hub) link.end(1006);
        }
        if (message.isLive && (before?.hub !== message.hub || !before.isLive)) this.#options.onHubLive();
        return;
      case "askToken":
        if (message.tab === this.tab) void this.#giveToken(message);
        return;
      case "logout":
        this.stop();
        this.#options.onLogout();
        return;
      default:
    }
  }

  #offer(link: TabLink): void {
    const { beat } = this.#roster;
    if (beat === undefined || this.#bus === undefined) return;
    link.hub = beat.hub;
    const { query, name } = link;
    this.#bus.post({ is: "open", hub: beat.hub, tab: this.tab, link: name, query, channels: this.#channels });
  }

  async #giveToken({ request, reason }: Extract<GroupMessage, { is: "askToken" }>): Promise<void> {
    const answer = await this.#tokens.ask(reason);
    if (answer === undefined) return;
    this.#bus?.post(
      answer.ok ? { is: "token", request, token: answer.token } : { is: "token", request, isFinal: answer.isFinal },
    );
  }

  #check(dueAt = Number.POSITIVE_INFINITY): void {
    const { clock, world, onDiagnostic } = this.#options;
    this.#cancelCheck();
    const nextAt = clock.now() + checkMs;
    this.#cancelCheck = clock.after(checkMs, () => this.#check(nextAt));
    // This tab itself stood still: what was said meanwhile waits to be read.
    if (clock.now() - dueAt > lateMs) this.#heardAt = clock.now();
    const isSilent = clock.now() - this.#heardAt > silenceMs;
    if (!isSilent || !world.isVisible() || this.isLeader) return;
    onDiagnostic("the leader is silent");
    this.#heardAt = clock.now();
    this.#candidate?.stand(true);
  }
}
