import type { CommandPromise } from "@pbx-x/client";
import type { CommandName } from "@pbx-x/protocol/runtime";
import { textOf } from "../rest/text-of.ts";
import { createStore } from "../ui/store.ts";
import { serverNow } from "./server-clock.ts";

/** A command of this page; without its parameters, which may hold secrets. */
export interface SentCommand {
  readonly id: string;
  readonly command: string;
  /** By the server's clock, milliseconds since 1970. */
  readonly sentAt: number;
  readonly answer?: { readonly ms: number; readonly code: string | undefined };
}

const mostKept = 200;

/** The latest commands of this page, the newest first, so that its events can be told from others' ([U60]). */
export const sentCommands = createStore<readonly SentCommand[]>([]);

/** Notes a command as it is sent, and its answer as it comes. */
export function noteCommand<C extends CommandName>(command: C, sent: CommandPromise<C>): CommandPromise<C> {
  const began = performance.now();
  const id: string = sent.commandId;
  const noted: SentCommand = { id, command, sentAt: serverNow() };
  sentCommands.set([noted, ...sentCommands.get()].slice(0, mostKept));
  const answered = (code: string | undefined): void => {
    const answer = { ms: Math.round(performance.now() - began), code };
    sentCommands.set(sentCommands.get().map((each) => (each.id === id ? { ...noted, answer } : each)));
  };
  sent.then(
    () => answered(undefined),
    (error: unknown) =>
      answered(typeof error === "object" && error !== null && "code" in error ? textOf(error.code) : "error"),
  );
  return sent;
}
