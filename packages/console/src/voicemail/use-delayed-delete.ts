import { useEffect, useRef, useState } from "react";
import { showToast } from "../ui/toaster.tsx";
import { useWords } from "../words/use-words.ts";

const delayMs = 5000;

/** Deletes 5 s after the press; taken back, or the page left, nothing is sent. */
export function useDelayedDelete(
  text: string,
  run: () => void,
): { readonly isPending: boolean; readonly begin: () => void } {
  const t = useWords();
  const [isPending, setPending] = useState(false);
  const cancel = useRef<() => void>(() => undefined);
  useEffect(() => () => cancel.current(), []);
  const begin = (): void => {
    setPending(true);
    const timer = setTimeout(() => {
      cancel.current = () => undefined;
      run();
    }, delayMs);
    const closeToast = showToast({
      kind: "info",
      text,
      stays: delayMs,
      action: {
        label: t("common.undo"),
        run: () => {
          clearTimeout(timer);
          setPending(false);
        },
      },
    });
    cancel.current = () => {
      clearTimeout(timer);
      closeToast();
    };
  };
  return { isPending, begin };
}
