import type { AllowedActions, CallId, CommandName, ParamsOf, ResultOf } from "@pbx-x/protocol/runtime";
import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import type { CommandOptions, PendingCommand } from "../commands/commander.ts";
import type { CommandPromise } from "../commands/command-promise.ts";
import { PbxError } from "../commands/pbx-error.ts";
import { usePbx } from "./provider.ts";
import { empty, useReadable } from "./use-readable.ts";

/** A command for a button: `run`, whether it is under way, and what became of the last one. */
export interface CommandHook<C extends CommandName> {
  /** The client's promise; a failure is also in `error`, so a click may leave it unhandled. */
  readonly run: (params: ParamsOf<C>, options?: CommandOptions) => CommandPromise<C>;
  readonly isPending: boolean;
  readonly error: PbxError | undefined;
  readonly result: ResultOf<C> | undefined;
  /** Forgets error and result. */
  readonly reset: () => void;
}

interface Last<C extends CommandName> {
  readonly pending: number;
  readonly error?: PbxError;
  readonly result?: ResultOf<C>;
}

export function useCommand<C extends CommandName>(name: C): CommandHook<C> {
  const client = usePbx();
  const [last, setLast] = useState<Last<C>>({ pending: 0 });
  /** Only the newest run tells what became of it. */
  const newest = useRef(0);
  const run = useCallback(
    (params: ParamsOf<C>, options?: CommandOptions) => {
      newest.current += 1;
      const round = newest.current;
      const promise = client.command(name, params, options);
      const settle = (outcome: Pick<Last<C>, "error" | "result">): void =>
        setLast(({ pending, ...before }) => ({
          ...(round === newest.current ? outcome : before),
          pending: pending - 1,
        }));
      setLast(({ pending }) => ({ pending: pending + 1 }));
      promise.then(
        (result) => settle({ result }),
        (error: unknown) => settle(error instanceof PbxError ? { error } : {}),
      );
      return promise;
    },
    [client, name],
  );
  const reset = useCallback(() => setLast(({ pending }) => ({ pending })), []);
  const { pending, error, result } = last;
  return { run, isPending: pending > 0, error, result, reset };
}

/** Which commands are possible on a call now, and why not where not ([K8]). */
export function useAllowed(callId: CallId): AllowedActions | undefined {
  const { state } = usePbx();
  return useReadable(
    useMemo(() => state.allowedActions(callId), [state, callId]),
    undefined,
  );
}

/** Commands that are not answered yet, of one call or of all: also those that other components gave. */
export function usePending(callId?: CallId): readonly PendingCommand[] {
  const client = usePbx();
  const get = useCallback(
    () => (callId === undefined ? client.pending.get() : client.state.pending(callId)),
    [client, callId],
  );
  return useSyncExternalStore(client.pending.subscribe, get, () => empty);
}

/** The newest of something, for a callback that outlives the render. */
export function useLatest<T>(value: T): { readonly current: T } {
  const latest = useRef(value);
  useEffect(() => {
    latest.current = value;
  });
  return latest;
}
