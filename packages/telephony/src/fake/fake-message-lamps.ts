import type { BindingId } from "../ids.ts";
import { isSameMessages, type WatchedMessages } from "../watched-state.ts";

/** `unread/read (urgent unread/urgent read)`. */
export function describeMessages(messages: WatchedMessages | undefined): string {
  const { unread = 0, read = 0, urgentUnread = 0, urgentRead = 0 } = messages ?? {};
  return `${unread}/${read} (${urgentUnread}/${urgentRead})`;
}

/** What registered devices are told of their mailboxes without having asked ([L11]). */
export class FakeMessageLamps {
  readonly #messages = new Map<string, WatchedMessages>();
  readonly #told = new Map<BindingId, string[]>();

  /** @param devices those of the number that did not ask for it */
  publish(number: string, messages: WatchedMessages | undefined, devices: readonly BindingId[]): void {
    const before = this.#messages.get(number);
    if (messages === undefined) this.#messages.delete(number);
    else this.#messages.set(number, messages);
    if (isSameMessages(before, messages)) return;
    for (const bindingId of devices) this.#tell(bindingId, messages);
  }

  registered(number: string, bindingId: BindingId): void {
    const messages = this.#messages.get(number);
    if (messages !== undefined) this.#tell(bindingId, messages);
  }

  toldTo(bindingId: BindingId): readonly string[] {
    return this.#told.get(bindingId) ?? [];
  }

  forget(bindingId: BindingId): void {
    this.#told.delete(bindingId);
  }

  #tell(bindingId: BindingId, messages: WatchedMessages | undefined): void {
    this.#told.set(bindingId, [...this.toldTo(bindingId), describeMessages(messages)]);
  }
}
