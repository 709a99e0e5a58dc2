import { isSameMessages, type TelephonyEngine, type WatchedMessages, type WatchedState } from "@pbx-x/telephony";
import type { Call } from "../calls/call.ts";
import type { Extension, ExtensionDirectory } from "../extensions/extension.ts";
import { stateOfExtension } from "./lamps.ts";
import type { Presence } from "./presence.ts";

export interface LampServiceOptions {
  readonly engine: Pick<TelephonyEngine, "capabilities" | "perform">;
  readonly extensions: Pick<ExtensionDirectory, "byId">;
  /** Calls that an extension is in now, the oldest first. */
  readonly callsOf: (extensionId: string) => readonly Call[];
  readonly presenceOf: (extensionId: string) => Presence;
  readonly messagesOf: (extension: Extension) => WatchedMessages | undefined;
  readonly onRefused: (number: string, detail: string) => void;
}

interface Seen {
  readonly extension: Extension;
  readonly calls: readonly Call[];
  readonly presence: Presence;
  readonly messages: WatchedMessages | undefined;
}

/** Keeps what phones are shown of each extension in step with its calls and presence ([L8], [P5]). */
export class LampService {
  readonly #options: LampServiceOptions;
  /** What was published last, as text, by number. */
  readonly #published = new Map<string, string>();
  /** What the state of an extension was made of last, by number: each of them is another one when it changes. */
  readonly #seen = new Map<string, Seen>();

  constructor(options: LampServiceOptions) {
    this.#options = options;
  }

  /** After something about an extension changed. */
  refresh(extensionId: string): void {
    const { extensions, callsOf, presenceOf, messagesOf } = this.#options;
    const extension = extensions.byId(extensionId);
    if (extension === undefined) return;
    const { number } = extension;
    const messages = messagesOf(extension);
    const seen: Seen = { extension, calls: callsOf(extensionId), presence: presenceOf(extensionId), messages };
    // One step of a call is told by the call and by the presence.
    if (isSame(seen, this.#seen.get(number)) && this.#published.has(number)) return;
    this.#seen.set(number, seen);
    this.publish(number, stateOfExtension(extension, seen.calls, seen.presence, messages));
  }

  /** Shows a number's state, where it is another than before; the number need not be an extension's. */
  publish(number: string, state: WatchedState): void {
    const text = JSON.stringify(state);
    if (!this.#options.engine.capabilities.watching || this.#published.get(number) === text) return;
    this.#published.set(number, text);
    void this.#perform({ op: "publishState", number, state });
  }

  /** The number is no more. */
  withdraw(number: string): void {
    this.#seen.delete(number);
    if (this.#published.delete(number)) void this.#perform({ op: "withdrawState", number });
  }

  async #perform(operation: Parameters<TelephonyEngine["perform"]>[0] & { readonly number: string }): Promise<void> {
    const outcome = await this.#options.engine.perform(operation);
    if (outcome.ok) return;
    // Not shown: the next change tells it whole.
    this.#published.delete(operation.number);
    this.#options.onRefused(operation.number, outcome.detail);
  }
}

function isSame(one: Seen, other: Seen | undefined): boolean {
  return (
    one.extension === other?.extension &&
    one.calls === other.calls &&
    one.presence === other.presence &&
    isSameMessages(one.messages, other.messages)
  );
}
