import { useEffect, useRef, useState } from "react";

const delayMs = 5000;

export interface DelayedDelete {
  readonly isPending: boolean;
  /** Nothing has been sent yet. */
  readonly canUndo: boolean;
  readonly begin: () => void;
  readonly undo: () => void;
}

/** Deletes 5 s after the press; taken back, or the page left, nothing is sent. What was refused is there again. */
export function useDelayedDelete(run: () => Promise<object | undefined>): DelayedDelete {
  const [step, setStep] = useState<"none" | "waits" | "sent">("none");
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const undo = (): void => {
    clearTimeout(timer.current);
    setStep("none");
  };
  const begin = (): void => {
    setStep("waits");
    timer.current = setTimeout(() => {
      setStep("sent");
      void run().then((done) => done === undefined && setStep("none"));
    }, delayMs);
  };
  return { isPending: step !== "none", canUndo: step === "waits", begin, undo };
}
