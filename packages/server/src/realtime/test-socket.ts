import { WebSocket } from "ws";

export interface Frame {
  readonly type?: string;
  readonly seq?: number;
  readonly eventId?: string;
  readonly id?: string | null;
  readonly success?: boolean;
  readonly error?: { readonly code: string; readonly details?: unknown; readonly retryAfterSeconds?: number };
  readonly data?: Readonly<Record<string, unknown>>;
  readonly conflated?: number;
}

export interface ConnectOptions {
  readonly clientId?: string;
  readonly resume?: { readonly sessionId: string; readonly epoch: string; readonly since: number };
}

let ids = 0;
/** Never the same twice: a repeated id would be answered from memory ([W4]). */
function newId(): string {
  ids += 1;
  return `c${ids}`;
}

/** A bare client whose frames can be waited for. */
export class TestSocket {
  readonly frames: Frame[] = [];
  readonly #socket: WebSocket;
  readonly #waiting = new Set<() => void>();
  #closeCode: number | undefined;
  #status: number | undefined;

  constructor(port: number, token: string | undefined, { clientId, resume }: ConnectOptions = {}) {
    const query = new URLSearchParams({
      ...(token !== undefined && { token }),
      ...(clientId !== undefined && { clientId }),
      ...(resume !== undefined && { resume: resume.sessionId, epoch: resume.epoch, since: String(resume.since) }),
    });
    this.#socket = new WebSocket(`ws://127.0.0.1:${port}/ws?${query.toString()}`);
    this.#socket.on("message", (data: Buffer) => {
      this.frames.push(JSON.parse(data.toString()) as Frame);
      this.#wake();
    });
    this.#socket.on("upgrade", () => this.#hasStatus(101));
    this.#socket.on("unexpected-response", (_, response) => {
      this.#hasStatus(response.statusCode ?? 0);
      this.#socket.terminate();
    });
    this.#socket.on("error", () => undefined);
    this.#socket.on("close", (code) => {
      this.#closeCode = code;
      this.#wake();
    });
  }

  /** Logged events, as they came. */
  get events(): readonly Frame[] {
    return this.frames.filter(({ seq, type }) => seq !== undefined && type !== undefined);
  }

  get connected(): { readonly sessionId: string; readonly epoch: string; readonly seq: number } & Record<
    string,
    unknown
  > {
    const found = this.frames.find(({ type }) => type === "CONNECTED")?.data;
    if (found === undefined) throw new Error("it never connected");
    return found as never;
  }

  /** Where a later connection goes on. */
  get resume(): Required<ConnectOptions>["resume"] {
    const { sessionId, epoch, seq } = this.connected;
    return { sessionId, epoch, since: this.events.at(-1)?.seq ?? seq };
  }

  sendRaw(data: string | Buffer): void {
    this.#socket.send(data);
  }

  /** Sends a command and waits for its answer. */
  async ask(command: string, params: object = {}, id?: string): Promise<Frame> {
    const own = id ?? newId();
    const seen = this.frames.length;
    this.sendRaw(JSON.stringify({ id: own, command, params }));
    return this.next((frame) => frame.id === own && this.frames.indexOf(frame) >= seen);
  }

  /** A ping's answer: everything that was sent before it is here. */
  async settle(): Promise<Frame> {
    const id = newId();
    this.sendRaw(JSON.stringify({ id, command: "ping" }));
    return this.next((frame) => frame.type === "PONG" && frame.id === id);
  }

  async next(isWanted: (frame: Frame) => boolean): Promise<Frame> {
    for (;;) {
      const found = this.frames.find(isWanted);
      if (found !== undefined) return found;
      if (this.#closeCode !== undefined) throw new Error(`closed with ${this.#closeCode}`);
      await this.#woken();
    }
  }

  async closed(): Promise<number> {
    while (this.#closeCode === undefined) await this.#woken();
    return this.#closeCode;
  }

  async upgraded(): Promise<number> {
    while (this.#status === undefined) await this.#woken();
    return this.#status;
  }

  /** Stops reading: what comes waits in the server's buffers. */
  stopReading(): void {
    this.#socket.pause();
  }

  readOn(): void {
    this.#socket.resume();
  }

  close(): void {
    this.#socket.close();
  }

  /** The network is gone, without a word. */
  cut(): void {
    this.#socket.terminate();
  }

  #hasStatus(status: number): void {
    this.#status = status;
    this.#wake();
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
