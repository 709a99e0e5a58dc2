import { useCallback } from "react";
import { useRun } from "../live/use-run.ts";
import { useMe } from "../session/me.ts";
import { preferences } from "../settings/preferences.ts";
import { showToast } from "../ui/toaster.tsx";
import { currentWords } from "../words/use-words.ts";

/** Calls a number from the own phone; the call appears when the server tells of it ([U25]). */
export function useDial(): (number: string) => void {
  const run = useRun();
  const { number: own } = useMe();
  return useCallback(
    (number) => {
      if (own === undefined) {
        showToast({ kind: "error", text: currentWords()("user.noExtension") });
        return;
      }
      const { autoAnswer } = preferences.get();
      void run("originate", { from: own, to: number, ...(autoAnswer && { autoAnswer }) }, "me");
    },
    [run, own],
  );
}
