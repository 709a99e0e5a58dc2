import type { DownMessage, UpMessage } from "./messages.ts";
import type { ChannelLike } from "./world.ts";

export interface TabLinkEvents {
  onOpen(): void;
  onText(text: string): void;
  onEnd(code: number): void;
}

/** A tab's end of a link to the hub. */
export class TabLink {
  readonly name: string;
  readonly query: Readonly<Record<string, string>>;
  readonly #channel: ChannelLike<UpMessage | DownMessage>;
  readonly #events: TabLinkEvents;
  readonly #onToken: (token: string) => void;
  readonly #onGone: (link: TabLink) => void;
  /** The hub that it was opened to; undefined until there is one. */
  hub: string | undefined;
  #isOver = false;

  constructor(
    name: string,
    query: Readonly<Record<string, string>>,
    channel: ChannelLike<UpMessage | DownMessage>,
    handlers: {
      readonly events: TabLinkEvents;
      readonly onToken: (token: string) => void;
      readonly onGone: (link: TabLink) => void;
    },
  ) {
    this.name = name;
    this.query = query;
    this.#channel = channel;
    this.#events = handlers.events;
    this.#onToken = handlers.onToken;
    this.#onGone = handlers.onGone;
    channel.onMessage = (message) => this.#hear(message);
  }

  send(text: string): void {
    if (!this.#isOver) this.#channel.post({ is: "text", text });
  }

  close(): void {
    if (this.#isOver) return;
    this.#channel.post({ is: "close" });
    this.#finish();
  }

  end(code: number): void {
    if (this.#isOver) return;
    this.#finish();
    this.#events.onEnd(code);
  }

  #finish(): void {
    this.#isOver = true;
    this.#channel.close();
    this.#onGone(this);
  }

  #hear(message: UpMessage | DownMessage): void {
    if (this.#isOver) return;
    switch (message.is) {
      case "accept":
        this.#onToken(message.token);
        this.#events.onOpen();
        return;
      case "batch":
        for (const frame of message.frames) if (!this.#isOver) this.#events.onText(frame);
        if (!this.#isOver) this.#channel.post({ is: "read", count: message.frames.length });
        return;
      case "end":
        this.end(message.code);
        return;
      default:
    }
  }
}
