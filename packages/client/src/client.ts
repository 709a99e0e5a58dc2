import type {
  Actor,
  AnyEvent,
  Channel,
  CommandName,
  EventOf,
  EventType,
  ParamsOf,
  Position,
} from "@pbx-x/protocol/runtime";
import { ClientCore } from "./client-core.ts";
import type { ClientEvents } from "./client-events.ts";
import { type CommandMethods, commandMethods } from "./commands/command-methods.ts";
import type { CommandOptions, PendingCommand } from "./commands/commander.ts";
import type { CommandPromise } from "./commands/command-promise.ts";
import type { ConnectionState, LossCause } from "./connection/connection-state.ts";
import type { Diagnostic } from "./connection/diagnostic.ts";
import type { Meta } from "./delivery/delivery.ts";
import type { ChannelStatus } from "./delivery/wanted-channels.ts";
import type { Dispose, HeardName } from "./events/emitter.ts";
import { eventStream, type Listen, type StreamOptions } from "./events/event-stream.ts";
import type { LiveModel } from "./model/live-model.ts";
import type { Readable } from "./model/readable.ts";
import type { ConnectOptions } from "./options.ts";
import { until } from "./until.ts";

/** A connection to a PBX-X that keeps itself up, with its events, commands and live state. */
export class PbxClient {
  readonly state: LiveModel;
  /** What there is to subscribe to; counted, so that several parts of an application can want the same. */
  readonly channels: {
    readonly want: (list: readonly Channel[]) => Dispose;
    readonly status: (channel: Channel) => ChannelStatus;
    /** As it is seen together with `state.published`: a channel is `live` in it only with all that it brings ([M3]). */
    readonly published: (channel: Channel) => ChannelStatus;
    /** Tells of each change of a status, and again when it is published. */
    readonly subscribe: (run: () => void) => Dispose;
  };
  readonly connection: Readable<ConnectionState>;
  /** Who the user is: permissions and own extension, known soon after the first connection. */
  readonly actor: Readable<Actor>;
  /** All commands that are not answered yet; `state.pending(callId)` has those of one call. */
  readonly pending: Readable<readonly PendingCommand[]>;
  declare readonly call: CommandMethods<"call">;
  declare readonly agent: CommandMethods<"agent">;
  declare readonly presence: CommandMethods<"presence">;
  declare readonly voicemail: CommandMethods<"voicemail">;
  declare readonly conference: CommandMethods<"conference">;
  declare readonly extension: CommandMethods<"extension">;
  /** Of several tabs exactly one is foremost and rings ([T3]); alone it always is. */
  readonly tab: { readonly isForemost: boolean; subscribe(run: () => void): Dispose } = alone;
  readonly #core: ClientCore;

  constructor(options: ConnectOptions) {
    const core = new ClientCore(options);
    this.#core = core;
    this.state = core.model;
    this.channels = core.wanted;
    this.connection = { get: () => core.shown, subscribe: core.stateListeners.subscribe };
    this.actor = { get: () => core.actor, subscribe: core.actorListeners.subscribe };
    this.pending = { get: () => core.commander.pending(), subscribe: core.commander.subscribe };
    const run: RunCommand = (name, params, how) => this.command(name, params, how);
    Object.assign(this, commandMethods(run));
  }

  /** Of the server that it was last connected to. */
  get serverVersion(): string | undefined {
    return this.#core.serverVersion;
  }

  protected get wantedChannels(): readonly string[] {
    return this.#core.wanted.list();
  }

  /** Up to where events were delivered; for `connect({ from })` after a restart ([D6]). */
  get position(): Position | undefined {
    return this.#core.position;
  }

  /** The last 200 things that happened inside, without tokens or payloads. */
  get diagnostics(): readonly Diagnostic[] {
    return this.#core.diagnostics.entries();
  }

  /** Leaves `idle` or `closed`; elsewhere it does nothing ([S31]). */
  connect(): void {
    this.#core.connect();
  }

  /** "Try now" of an offline banner: at once instead of at `nextAttemptAt`, if the last such wish is 5 s old ([S21]). */
  retry(): void {
    this.#core.connection.wake();
  }

  /** Ends everything; nothing is heard afterwards ([S7]). */
  close(): Promise<void> {
    this.#core.close();
    return Promise.resolve();
  }

  [Symbol.dispose](): void {
    void this.close();
  }

  /** Resolves at the first `live`, rejects at `closed` or after 30 s ([S1]). */
  ready({
    signal,
    timeoutMs = 30_000,
  }: {
    readonly signal?: AbortSignal;
    readonly timeoutMs?: number;
  } = {}): Promise<void> {
    const what = (): string => {
      const { cause } = this.#core.shown as { readonly cause?: LossCause };
      return `the connection${cause ? ` (${cause.message})` : ""}`;
    };
    return until(this.#core.clock, { signal, timeoutMs, what }, (done) => {
      const check = (): void => {
        const state = this.#core.shown;
        if (state.at === "live") done.resolve();
        if (state.at === "closed") done.reject(closedError(state));
      };
      const stop = this.connection.subscribe(check);
      check();
      return stop;
    });
  }

  on<T extends EventType>(
    type: T,
    run: (event: EventOf<T>, meta: Meta) => void,
    options?: { readonly signal?: AbortSignal },
  ): Dispose;
  on<T extends keyof ClientEvents>(type: T, run: (event: ClientEvents[T]) => void): Dispose;
  on(type: string, run: (event: never, meta: Meta) => void, options?: { readonly signal?: AbortSignal }): Dispose {
    return this.#core.emitter.on(type as HeardName, run as () => void, options?.signal);
  }

  /** Every event, also of types that this version does not know. */
  onAny(run: (event: AnyEvent, meta: Meta) => void): Dispose {
    return this.#core.emitter.on("*", run as (event: EventOf<EventType>, meta: Meta) => void);
  }

  /**
   * Events as an async iterable; listening begins with the call, the buffer is bounded. It ends when the client is closed:
   * with an error, unless by `close()`.
   */
  events<T extends EventType>(types: readonly T[], options?: StreamOptions): AsyncIterableIterator<EventOf<T>> {
    const listen: Listen = (run, end) => {
      const stop = this.onAny(run);
      const stopWatching = this.connection.subscribe(() => {
        const state = this.#core.shown;
        if (state.at === "closed") end(state.reason === "user" ? undefined : closedError(state));
      });
      return () => {
        stop();
        stopWatching();
      };
    };
    return eventStream(types, listen, options);
  }

  /** The next event of a type that fits; rejects after `timeoutMs`. */
  waitFor<T extends EventType>(
    type: T,
    where: (event: EventOf<T>) => boolean,
    options: { readonly signal?: AbortSignal; readonly timeoutMs: number },
  ): Promise<EventOf<T>> {
    return until(this.#core.clock, { ...options, what: () => type }, (done) =>
      this.on(type, (event: EventOf<T>) => {
        if (where(event)) done.resolve(event);
      }),
    );
  }

  /** Any command by its name, also of a newer server. */
  command<C extends CommandName>(name: C, params: ParamsOf<C>, options?: CommandOptions): CommandPromise<C> {
    return this.#core.commander.run(name, params, options);
  }
}

function closedError({ reason, message }: Extract<ConnectionState, { at: "closed" }>): Error {
  return new Error(`closed (${reason}): ${message}`);
}

const alone = Object.freeze({ isForemost: true, subscribe: () => () => undefined });

type RunCommand = <C extends CommandName>(name: C, params: ParamsOf<C>, options?: CommandOptions) => CommandPromise<C>;

/** Makes a client and starts connecting ([S1]). */
export function connect(options: ConnectOptions): PbxClient {
  const client = new PbxClient(options);
  client.connect();
  return client;
}
