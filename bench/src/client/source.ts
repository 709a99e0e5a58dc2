import type { SocketLike, WebSocketLike } from "@pbx-x/client";

/** Extensions and their changes, as a server sends them, made in the page itself: what is measured is the page. */
export class Source {
  readonly #extensions: number;
  #seq = 1;
  #send: (text: string) => void = () => undefined;

  constructor(extensions: number) {
    this.#extensions = extensions;
  }

  numberOf(index: number): string {
    return String(1000 + index);
  }

  get seq(): number {
    return this.#seq;
  }

  get numbers(): readonly string[] {
    return Array.from({ length: this.#extensions }, (_, index) => this.numberOf(index));
  }

  /** The text of the next change, of one extension after another in a mixed order. */
  nextChange(): string {
    this.#seq += 1;
    const number = this.numberOf((this.#seq * 7919) % this.#extensions);
    const timestamp = new Date().toISOString();
    const data = { extensionId: `id-${number}`, number, changes: { dndEnabled: this.#seq % 2 === 0 } };
    const envelope = { type: "EXTENSION_STATUS_CHANGED", timestamp, eventId: `event-${this.#seq}`, seq: this.#seq };
    return JSON.stringify({ ...envelope, data });
  }

  /** To whoever is connected. */
  change(): void {
    this.#send(this.nextChange());
  }

  listen(send: (text: string) => void): void {
    this.#send = send;
  }

  greeting(): object {
    const place = { epoch: "epoch", seq: this.#seq, resumed: false, replaying: 0 };
    return { userId: "user", extensionId: null, sessionId: "session", heartbeatSeconds: 3600, ...place };
  }

  subscribed(params: object): object {
    const { channels } = params as { readonly channels: readonly string[] };
    const extensions = this.numbers.map((number) => ({ extensionId: `id-${number}`, number, seq: 1 }));
    const place = { epoch: "epoch", seq: this.#seq };
    return {
      ...place,
      channels: channels.map((channel) => ({ channel, ok: true })),
      snapshot: { ...place, scope: channels, tables: { extensions } },
    };
  }
}

/** A socket whose other end is a source. */
export function socketOf(source: Source): WebSocketLike {
  return class implements SocketLike {
    readonly protocol = "pbx-x";
    onopen: SocketLike["onopen"] = null;
    onmessage: ((event: never) => void) | null = null;
    onclose: SocketLike["onclose"] = null;
    onerror: SocketLike["onerror"] = null;

    constructor() {
      source.listen((data) => this.onmessage?.({ data } as never));
      setTimeout(() => {
        this.onopen?.({} as never);
        this.#tell({ type: "CONNECTED", timestamp: new Date().toISOString(), data: source.greeting() });
      });
    }

    send(text: string): void {
      const { id, command, params } = JSON.parse(text) as { id?: string; command: string; params: object };
      if (command !== "subscribe" || id === undefined) return;
      setTimeout(() => this.#tell({ id, success: true, data: source.subscribed(params), seq: source.seq }));
    }

    close(): void {
      source.listen(() => undefined);
    }

    #tell(frame: object): void {
      this.onmessage?.({ data: JSON.stringify(frame) } as never);
    }
  };
}
