import type { SocketLike, WebSocketLike } from "../platform/web-socket.ts";
import { type Direction, type FrameFault, FramePath } from "./frame-faults.ts";

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
  /** Frames to the client move only with this, one at a time; false when none may. */
  flush(): boolean;
  /** Nothing more comes through, in either direction, and nobody is told. */
  goSilent(): void;
  /** What happens to the next frame of a direction. */
  addFault(direction: Direction, fault: FrameFault): void;
}

/** Makes sockets whose other ends are handed to `onLink`. */
export function createTestSockets(onLink: (link: TestLink) => void, now: () => number = () => 0): WebSocketLike {
  return class TestSocket implements SocketLike {
    readonly protocol = "pbx-x";
    onopen: SocketLike["onopen"] = null;
    onmessage: SocketLike["onmessage"] = null;
    onclose: SocketLike["onclose"] = null;
    onerror: SocketLike["onerror"] = null;
    #state: "connecting" | "open" | "closed" = "connecting";
    #isSilent = false;
    #hasOpened = false;
    #closing: number | undefined;
    readonly #down = new FramePath(now, (data) => tell(this.onmessage, { data }));
    readonly #up = new FramePath(now, (text) => this.#link.onText(text));
    readonly #link: TestLink;

    constructor(url: string, protocols: string[]) {
      const isOpen = (): boolean => this.#state === "open";
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
        },
        send: (text) => {
          if (isOpen()) this.#down.push(text);
        },
        close: (code) => {
          if (this.#state === "closed") return;
          this.#hasOpened ||= this.#state === "connecting";
          this.#state = "closed";
          this.#closing = code;
        },
        flush: () => !this.#isSilent && (this.#flushUp() || this.#flushDown()),
        goSilent: () => {
          this.#isSilent = true;
        },
        addFault: (direction, fault) => (direction === "toClient" ? this.#down : this.#up).add(fault),
      };
      onLink(this.#link);
    }

    send(text: string): void {
      if (this.#state !== "open" || this.#isSilent) return;
      this.#up.push(text);
      // Without a fault a frame is at the server at once.
      this.#flushUp();
    }

    close(): void {
      if (this.#state === "closed") return;
      this.#state = "closed";
      if (!this.#isSilent) this.#link.onClientClose();
    }

    #flushUp(): boolean {
      let hasMoved = false;
      while (this.#state === "open" && this.#up.flush()) hasMoved = true;
      return hasMoved;
    }

    #flushDown(): boolean {
      if (!this.#hasOpened) {
        if (this.#state === "connecting") return false;
        this.#hasOpened = true;
        tell(this.onopen, {});
        return true;
      }
      if (!this.#down.isEmpty) return this.#down.flush();
      if (this.#closing === undefined) return false;
      const code = this.#closing;
      this.#closing = undefined;
      tell(this.onclose, { code, reason: "" });
      return true;
    }
  };
}

function tell(handler: ((event: never) => void) | null, event: object): void {
  handler?.(event as never);
}
