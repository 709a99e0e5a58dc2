import type { CommandError, CommandName, ParamsOf, ResultOf } from "@pbx-x/protocol";
import type { Identity } from "../auth/identity.ts";

/** Where a command comes from; the same handlers serve the socket and REST. */
export interface CommandContext {
  readonly identity: Identity;
  readonly via: "command" | "admin";
  readonly commandId: string;
  /** The session's id; absent for REST. */
  readonly sessionId?: string;
}

export type CommandOutcome<Result> =
  /** `seq`: position from which the effect is visible ([W3]). */
  | { readonly ok: true; readonly data: Result; readonly seq?: number }
  | { readonly ok: false; readonly error: CommandError };

export type CommandHandler<C extends CommandName> = (
  params: ParamsOf<C>,
  context: CommandContext,
) => Promise<CommandOutcome<ResultOf<C>>>;

/** What a slice contributes to the dispatch table. */
export type CommandHandlers = { readonly [C in CommandName]?: CommandHandler<C> };
