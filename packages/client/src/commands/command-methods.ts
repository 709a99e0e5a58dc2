import type { CommandName, ParamsOf } from "@pbx-x/protocol/runtime";
import type { CommandOptions } from "./commander.ts";
import { type CommandGroups, commandGroups, type CommandOf, commandOf } from "./command-lists.ts";
import type { CommandPromise } from "./command-promise.ts";

/** One method per command of a group, e.g. `client.call.hold({ callId })` ([K1]). */
export type CommandMethods<Group extends keyof CommandGroups> = {
  readonly [Method in CommandGroups[Group][number]]: CommandOf<Group, Method> extends infer C extends CommandName
    ? (params: ParamsOf<C>, options?: CommandOptions) => CommandPromise<C>
    : never;
};

type Run = (name: never, params: never, options?: CommandOptions) => unknown;

export function commandMethods(run: Run): { readonly [Group in keyof CommandGroups]: CommandMethods<Group> } {
  const groups = Object.entries(commandGroups).map(([group, methods]) => [
    group,
    Object.fromEntries(
      methods.map((method) => [
        method,
        (params: unknown, options?: CommandOptions) => run(commandOf(group, method) as never, params as never, options),
      ]),
    ),
  ]);
  // One method per name of each group, which is how the type is made.
  return Object.fromEntries(groups) as { readonly [Group in keyof CommandGroups]: CommandMethods<Group> };
}
