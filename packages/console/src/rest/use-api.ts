import { useCallback, useEffect, useRef, useState } from "react";
import { api } from "./api.ts";
import { ApiError } from "./api-error.ts";

export interface Loaded<T> {
  readonly data: T | undefined;
  readonly error: ApiError | undefined;
  readonly isLoading: boolean;
  readonly reload: () => void;
}

/** Reads a path, again when it changes; the last data stays on view meanwhile. `undefined`: nothing to read. */
export function useApi<T>(path: string | undefined, read: (path: string) => Promise<T> = api<T>): Loaded<T> {
  const [state, setState] = useState<{ path?: string; data?: T; error?: ApiError; isLoading: boolean }>({
    isLoading: path !== undefined,
  });
  const [round, setRound] = useState(0);
  const reader = useRef(read);
  reader.current = read;
  useEffect(() => {
    if (path === undefined) return undefined;
    let isCurrent = true;
    setState((before) => ({ ...before, isLoading: true }));
    reader.current(path).then(
      (data) => isCurrent && setState({ path, data, isLoading: false }),
      (error: unknown) => {
        if (!isCurrent) return;
        const problem = error instanceof ApiError ? error : new ApiError(0, String(error));
        setState((before) => ({ ...before, error: problem, isLoading: false }));
      },
    );
    return () => {
      isCurrent = false;
    };
  }, [path, round]);
  const reload = useCallback(() => setRound((before) => before + 1), []);
  return { data: state.data, error: state.error, isLoading: state.isLoading, reload };
}
