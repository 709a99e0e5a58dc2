import type { CommandPromise } from "@pbx-x/client";
import type { CommandName, ParamsOf, ResultOf } from "@pbx-x/protocol/runtime";
import { useCallback } from "react";
import { useStore } from "../ui/store.ts";
import { showToast } from "../ui/toaster.tsx";
import { currentWords } from "../words/use-words.ts";
import { showFailure } from "./show-failure.ts";
import { usePbx } from "@pbx-x/client/react";
import { noteCommand } from "./sent-commands.ts";
import { beginOverlay, overlayKey, overlays } from "./pending.ts";

export type Run = <C extends CommandName>(
  command: C,
  params: ParamsOf<C>,
  entity: string,
) => Promise<ResultOf<C> | undefined>;

/**
 * Sends a command for a press. The press stays marked until the command's events are in the model or it was refused;
 * a refusal is told in words, and answers undefined ([U25]).
 */
export function useRun(): Run {
  const client = usePbx();
  return useCallback(
    async (command, params, entity) => {
      const end = beginOverlay(overlayKey(entity, command));
      const waiting = setTimeout(() => showToast({ kind: "info", text: currentWords()("error.stillWaiting") }), 5000);
      try {
        const sent: CommandPromise<typeof command> = noteCommand(command, client.command(command, params));
        return await sent.visible();
      } catch (error) {
        showFailure(error);
        return undefined;
      } finally {
        clearTimeout(waiting);
        end();
      }
    },
    [client],
  );
}

/** Whether a press waits for its confirmation, and how long already. */
export function useOverlay(entity: string, command: CommandName): "sent" | "slow" | undefined {
  const key = overlayKey(entity, command);
  return useStore(overlays, (all) => all.get(key));
}
