import { createRequire } from "node:module";
import { io as connect4 } from "socket.io-client";
import type { ConnectOptions, Frame } from "../test-socket.ts";

// Its package says nothing of its types where a module imports it; what is used here is the same in both versions.
const { io: connect3 } = createRequire(import.meta.url)("socket.io-client-3") as { readonly io: typeof connect4 };

export const versions = ["4", "3"] as const;
export const transports = ["polling", "websocket"] as const;

export interface SocketIoKind {
  /** Major version of the official client. */
  readonly version: (typeof versions)[number];
  readonly transport: (typeof transports)[number];
}

export interface Refusal {
  readonly message: string;
  readonly data?: { readonly status: number; readonly title: string };
}

/** The official client, bare: its frames can be waited for. */
export class TestSocketIo {
  readonly frames: Frame[] = [];
  /** Names under which the events came, in their order. */
  readonly names: string[] = [];
  readonly #waiting = new Set<() => void>();
  readonly #close: () => void;
  readonly #emit: (event: string, ...args: readonly unknown[]) => void;
  readonly #stopReading: () => void;
  #refused: Refusal | undefined;
  #reason: string | undefined;

  constructor(
    port: number,
    token: string | undefined,
    { version, transport }: SocketIoKind,
    { clientId, resume }: ConnectOptions = {},
  ) {
    const options = {
      transports: [transport],
      auth: { ...(token !== undefined && { token }), ...(clientId !== undefined && { clientId }), ...resume },
      reconnection: false,
      forceNew: true,
    };
    const url = `http://127.0.0.1:${port}`;
    const socket = (version === "4" ? connect4 : connect3)(url, options);
    socket.onAny((name: string, event: Frame) => {
      this.names.push(name);
      this.frames.push(event);
      this.#wake();
    });
    socket.on("connect_error", (error) => {
      this.#refused = error;
      this.#wake();
    });
    socket.on("disconnect", (reason) => {
      this.#reason = reason;
      this.#wake();
    });
    this.#close = () => socket.disconnect();
    this.#emit = (event, ...args) => socket.emit(event, ...args);
    this.#stopReading = () => {
      // What it reads comes from this socket of `ws`; the library has no word for it.
      const { ws } = socket.io.engine.transport as unknown as { readonly ws: { pause(): void } };
      ws.pause();
    };
  }

  get events(): readonly Frame[] {
    return this.frames.filter(({ seq, type }) => seq !== undefined && type !== undefined);
  }

  get resume(): Required<ConnectOptions>["resume"] {
    const { sessionId, epoch, seq } = (this.frames[0]?.data ?? {}) as { sessionId: string; epoch: string; seq: number };
    return { sessionId, epoch, since: this.events.at(-1)?.seq ?? seq };
  }

  emit(event: string, ...args: readonly unknown[]): void {
    this.#emit(event, ...args);
  }

  /** The short form, with its acknowledgement. */
  ask(command: string, params: object = {}): Promise<Frame> {
    return new Promise((resolve) => this.#emit(command, params, resolve));
  }

  /** The form of the native socket, with its acknowledgement. */
  command(message: unknown): Promise<Frame> {
    return new Promise((resolve) => this.#emit("command", message, resolve));
  }

  async next(isWanted: (frame: Frame) => boolean): Promise<Frame> {
    for (;;) {
      const found = this.frames.find(isWanted);
      if (found !== undefined) return found;
      if (this.#refused !== undefined) throw new Error(this.#refused.message);
      if (this.#reason !== undefined) throw new Error(`disconnected: ${this.#reason}`);
      await this.#woken();
    }
  }

  async refused(): Promise<Refusal> {
    while (this.#refused === undefined) await this.#woken();
    return this.#refused;
  }

  /** The library's reason: with `io server disconnect` it does not come back by itself. */
  async disconnected(): Promise<string> {
    while (this.#reason === undefined) await this.#woken();
    return this.#reason;
  }

  /** Of the transport `websocket` only. */
  stopReading(): void {
    this.#stopReading();
  }

  close(): void {
    this.#close();
  }

  #wake(): void {
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }

  #woken(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.add(resolve);
    });
  }
}
