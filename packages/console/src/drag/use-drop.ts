import { useCallback } from "react";
import { usePbx } from "@pbx-x/client/react";
import { useRun } from "../live/use-run.ts";
import { showToast } from "../ui/toaster.tsx";
import { currentWords } from "../words/use-words.ts";
import type { DropChoice, DropTarget } from "./drop-choices.ts";

/** Does what a drop means, if the call as it is now still allows it. */
export function useDrop(): (callId: string, target: DropTarget, choice: DropChoice) => void {
  const client = usePbx();
  const run = useRun();
  return useCallback(
    (callId, target, choice) => {
      if (client.state.allowed(callId)?.[choice].ok !== true) {
        showToast({ kind: "error", text: currentWords()("note.dropChanged") });
        return;
      }
      const number = target.kind === "extension" ? target.number : "";
      const call = client.state.call(callId);
      switch (choice) {
        case "consult":
          void run("consult", { callId, to: number }, callId);
          return;
        case "transferBlind":
        case "redirect":
          void run(choice, { callId, destination: number }, callId);
          return;
        case "park":
          void run("park", { callId }, callId);
          return;
        case "pickup":
          if (call?.parkingSlot !== undefined) void run("pickup", { parkingSlot: call.parkingSlot }, callId);
      }
    },
    [client, run],
  );
}
