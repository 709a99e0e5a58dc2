import type { SocketLike, WebSocketLike } from "../platform/web-socket.ts";

/** The server's side of a test connection. */
export interface TestLink {
  readonly url: URL;
  readonly protocols: readonly string[];
  /** Frames of the client, as they arrive. */
  onText: (text: string) => void;
  onClientClose: () => void;
  readonly isOpen: boolean;
  accept(): void;
  send(text: string): void;
  close(code: number): void;
  /** Frames move only with this, one at a time; false when none waits. */
  flush(): boolean;
  /** Nothing more comes through, in either direction, and nobody is told. */
  goSilent(): void;
  /** The next frame to the client is lost. */
  dropNext(): void;
}

/** Makes sockets whose other ends are handed to `onLink`. */
export function createTestSockets(onLink: (link: TestLink) => void): WebSocketLike {
  return class TestSocket implements SocketLike {
    readonly protocol = "pbx-x";
    onopen: SocketLike["onopen"] = null;
    onmessage: SocketLike["onmessage"] = null;
    onclose: SocketLike["onclose"] = null;
    onerror: SocketLike["onerror"] = null;
    #state: "connecting" | "open" | "closed" = "connecting";
    #isSilent = false;
    #isDropping = false;
    readonly #queue: (() => void)[] = [];
    readonly #link: TestLink;

    constructor(url: string, protocols: string[]) {
      const isOpen = (): boolean => this.#state === "open";
      const tell = (handler: ((event: never) => void) | null, event: object): void => handler?.(event as never);
      this.#link = {
        url: new URL(url),
        protocols,
        onText: () => undefined,
        onClientClose: () => undefined,
        get isOpen() {
          return isOpen();
        },
        accept: () => {
          this.#state = "open";
          this.#queue.push(() => tell(this.onopen, {}));
        },
        send: (text) => {
          if (!isOpen()) return;
          if (this.#isDropping) this.#isDropping = false;
          else this.#queue.push(() => tell(this.onmessage, { data: text }));
        },
        close: (code) => {
          if (this.#state === "closed") return;
          this.#state = "closed";
          this.#queue.push(() => tell(this.onclose, { code, reason: "" }));
        },
        flush: () => {
          if (this.#isSilent) return false;
          const move = this.#queue.shift();
          move?.();
          return move !== undefined;
        },
        goSilent: () => {
          this.#isSilent = true;
        },
        dropNext: () => {
          this.#isDropping = true;
        },
      };
      onLink(this.#link);
    }

    send(text: string): void {
      if (this.#state === "open" && !this.#isSilent) this.#link.onText(text);
    }

    close(): void {
      if (this.#state === "closed") return;
      this.#state = "closed";
      if (!this.#isSilent) this.#link.onClientClose();
    }
  };
}
