import { useEffect, useRef, useState } from "react";

const delayMs = 5000;

export interface DelayedDelete {
  readonly isPending: boolean;
  readonly begin: () => void;
  readonly undo: () => void;
}

/** Deletes 5 s after the press; taken back, or the page left, nothing is sent. What was refused is there again. */
export function useDelayedDelete(run: () => Promise<object | undefined>): DelayedDelete {
  const [isPending, setPending] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const undo = (): void => {
    clearTimeout(timer.current);
    setPending(false);
  };
  const begin = (): void => {
    setPending(true);
    timer.current = setTimeout(() => void run().then((done) => done === undefined && setPending(false)), delayMs);
  };
  return { isPending, begin, undo };
}
