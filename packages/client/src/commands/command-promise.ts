import type { CallId, CommandId, CommandName, ResultOf } from "@pbx-x/protocol/runtime";
import { type FailureCodeOf, PbxError } from "./pbx-error.ts";

/** An answer as a value, for a switch over the codes. */
export type Outcome<Data, Code extends string> =
  | { readonly ok: true; readonly data: Data }
  | { readonly ok: false; readonly error: PbxError & { readonly code: Code } };

/** A command under way ([K1]). */
export interface CommandPromise<C extends CommandName> extends Promise<ResultOf<C>> {
  readonly commandId: CommandId;
  /** `originate` fixes the call's id before it is sent. */
  readonly callId: C extends "originate" ? CallId : undefined;
  /** Resolves when the events of its effect were delivered ([K7]). */
  visible(): Promise<ResultOf<C>>;
  /** Never rejects with a `PbxError`. */
  safe(): Promise<Outcome<ResultOf<C>, FailureCodeOf<C>>>;
}

export interface Answered {
  readonly data: object;
  readonly seq: number | undefined;
}

export interface PromiseParts<C extends CommandName> {
  readonly commandId: CommandId;
  readonly callId: CommandPromise<C>["callId"];
  readonly answered: Promise<Answered>;
  /** Waits until the position has reached the answer's. */
  readonly untilVisible: (seq: number | undefined) => Promise<void>;
}

export function commandPromise<C extends CommandName>(parts: PromiseParts<C>): CommandPromise<C> {
  // The server's answer to this very command, by the contract.
  const result = parts.answered.then(({ data }) => data as ResultOf<C>);
  return Object.assign(result, {
    commandId: parts.commandId,
    callId: parts.callId,
    visible: async () => {
      // Who waits for this promise is told by it; the other one needs nobody.
      result.catch(() => undefined);
      const { seq } = await parts.answered;
      await parts.untilVisible(seq);
      return result;
    },
    safe: async (): Promise<Outcome<ResultOf<C>, FailureCodeOf<C>>> => {
      try {
        return { ok: true, data: await result };
      } catch (error) {
        if (!(error instanceof PbxError)) throw error;
        // The command's own codes and the client's: the contract's closed list.
        return { ok: false, error: error as PbxError & { code: FailureCodeOf<C> } };
      }
    },
  });
}
