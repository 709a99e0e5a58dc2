import type { Dispose } from "../events/emitter.ts";
import { PbxClient } from "../client.ts";
import type { ConnectOptions } from "../options.ts";
import { systemClock } from "../platform/clock.ts";
import { uuidV7 } from "../platform/uuid.ts";
import type { WebSocketLike } from "../platform/web-socket.ts";
import { Group } from "./group.ts";
import { sdkVersion } from "./version.ts";
import type { ShareWorld } from "./world.ts";

export interface ShareOptions {
  /** `auto`: one connection for all tabs of this user; `off` (default): one per tab. */
  readonly share?: "off" | "auto";
  /** Whose connection it is: tabs of other users do not meet ([T1]). Needed with `auto`. */
  readonly user?: string;
}

/** A client whose connection is the group's. */
export class SharedClient extends PbxClient {
  override readonly tab: { readonly isForemost: boolean; readonly subscribe: (run: () => void) => Dispose };
  readonly #group: Group;

  constructor(options: ConnectOptions, user: string, world: ShareWorld) {
    const clock = options.clock ?? systemClock(options.keepAlive);
    const random = options.random ?? Math.random;
    const { url, webSocket, fetch: givenFetch, backoff, heartbeatMs } = options;
    const isPlain = webSocket === undefined && givenFetch === undefined && options.clock === undefined;
    const name = `pbx-x ${sdkVersion} ${new URL(url).href} ${user}`;
    const shareDiagnostic = (detail: string): void =>
      options.onDiagnostic?.({ at: clock.wall(), what: "share", detail });
    const group: Group = new Group({
      world,
      name,
      clock,
      newId: () => uuidV7(clock.wall(), random),
      token: options.token,
      connect: {
        url,
        ...(webSocket && { webSocket }),
        ...(givenFetch && { fetch: givenFetch }),
        ...(options.clock && { clock: options.clock }),
        ...(options.random && { random: options.random }),
        ...(backoff && { backoff }),
        ...(heartbeatMs !== undefined && { heartbeatMs }),
        onDiagnostic: (diagnostic) => shareDiagnostic(`hub: ${diagnostic.what} ${diagnostic.detail}`),
      },
      // What the application gave itself cannot be handed to a worker.
      workerName: isPlain ? JSON.stringify({ name, url: String(url) }) : undefined,
      position: () => this.position,
      onHubLive: () => this.retry(),
      onLogout: () => void super.close(),
      onDiagnostic: shareDiagnostic,
    });
    const own = givenFetch ?? ((input: RequestInfo | URL, init?: RequestInit) => fetch(input, init));
    super({
      ...options,
      // The hub has the real one.
      token: () => Promise.resolve("shared"),
      clientId: group.tab,
      // A constructor may answer another object than its own.
      webSocket: function (url: string) {
        return group.open(url);
      } as unknown as WebSocketLike,
      fetch: (input, init) => {
        if (group.token === "") return Promise.reject(new Error("There is no connection yet."));
        const headers = new Headers(init?.headers);
        headers.set("authorization", `Bearer ${group.token}`);
        return own(input, { ...init, headers });
      },
    });
    this.#group = group;
    this.tab = {
      get isForemost() {
        return group.isForemost;
      },
      subscribe: (run) => group.subscribe(run),
    };
    this.channels.subscribe(() => group.noteChannels(this.wantedChannels));
  }

  /** The group's connection is held in this tab. */
  get isLeader(): boolean {
    return this.#group.isLeader;
  }

  override connect(): void {
    this.#group.start();
    super.connect();
  }

  /** A log-out: the clients of all tabs of the group are closed. */
  override close(): Promise<void> {
    this.#group.logOut();
    return super.close();
  }
}
