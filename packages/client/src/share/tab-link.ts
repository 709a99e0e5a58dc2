import type { SocketLike } from "../platform/web-socket.ts";
import type { DownMessage, UpMessage } from "./messages.ts";
import type { ChannelLike } from "./world.ts";

export interface TabLinkOptions {
  readonly name: string;
  readonly query: Readonly<Record<string, string>>;
  readonly channel: ChannelLike<UpMessage | DownMessage>;
  readonly onToken: (token: string) => void;
  readonly onGone: (link: TabLink) => void;
}

/** A tab's end of a link to the hub, as a socket: the client on it does not know the difference ([T2]). */
export class TabLink implements SocketLike {
  readonly protocol = "pbx-x";
  onopen: SocketLike["onopen"] = null;
  onmessage: SocketLike["onmessage"] = null;
  onclose: SocketLike["onclose"] = null;
  onerror: SocketLike["onerror"] = null;
  readonly name: string;
  readonly query: Readonly<Record<string, string>>;
  readonly #options: TabLinkOptions;
  /** The hub that it was opened to; undefined until there is one. */
  hub: string | undefined;
  #isOver = false;

  constructor(options: TabLinkOptions) {
    this.#options = options;
    this.name = options.name;
    this.query = options.query;
    options.channel.onMessage = (message) => this.#hear(message);
  }

  send(text: string): void {
    if (!this.#isOver) this.#options.channel.post({ is: "text", text });
  }

  close(): void {
    if (this.#isOver) return;
    this.#options.channel.post({ is: "close" });
    this.#isOver = true;
    this.#options.channel.close();
    this.#options.onGone(this);
  }

  end(code: number): void {
    if (this.#isOver) return;
    // Where the tab itself goes the hub does not know it yet.
    this.close();
    tell(this.onclose, { code, reason: "" });
  }

  #hear(message: UpMessage | DownMessage): void {
    if (this.#isOver) return;
    switch (message.is) {
      case "accept":
        this.#options.onToken(message.token);
        tell(this.onopen, {});
        return;
      case "batch":
        for (const data of message.frames) if (!this.#isOver) tell(this.onmessage, { data });
        if (!this.#isOver) this.#options.channel.post({ is: "read", count: message.frames.length });
        return;
      case "end":
        this.end(message.code);
        return;
      default:
    }
  }
}

function tell(handler: ((event: never) => void) | null, event: object): void {
  handler?.(event as never);
}
