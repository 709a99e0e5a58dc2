import type { ExtensionDirectory } from "../extensions/extension.ts";
import type { GreetingBook } from "./greeting-book.ts";
import type { MailboxPins } from "./mailbox-pins.ts";

export interface ForgetOptions {
  readonly extensions: Pick<ExtensionDirectory, "onChanged">;
  readonly greetings: Pick<GreetingBook, "remove">;
  readonly pins: Pick<MailboxPins, "set">;
  readonly onError: (error: unknown) => void;
}

/** With an extension its greeting and PIN go; its messages stay until their time ([V39]). */
export function forgetWithExtension({ extensions, greetings, pins, onError }: ForgetOptions): void {
  extensions.onChanged(({ before, after }) => {
    if (before === undefined || after !== undefined) return;
    greetings.remove(before.id).catch(onError);
    pins.set(before.id, undefined).catch(onError);
  });
}
