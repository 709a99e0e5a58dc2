import type { Party } from "@pbx-x/protocol/runtime";
import { usePbx, usePbxEvent } from "@pbx-x/client/react";
import { useEffect } from "react";
import { useMe } from "../session/me.ts";
import { createStore } from "../ui/store.ts";
import { showToast } from "../ui/toaster.tsx";
import { useWords } from "../words/use-words.ts";

/** An offer that ended because nobody took it here. */
export interface MissedOffer {
  readonly at: string;
  readonly queueName: string;
  readonly caller: Party | undefined;
  readonly outcome: "no_answer" | "busy" | "device_lost" | "failed";
}

/** The last one, until it is put away or an offer is taken. */
export const missedOffer = createStore<MissedOffer | undefined>(undefined);

/** Follows the own offers on whatever page: what ended without the agent's doing is told, what he let pass stays ([U40]). */
export function useMissedOffers(): void {
  const t = useWords();
  const client = usePbx();
  const { extensionId } = useMe();
  // The next one who logs in here is told nothing of the one before.
  useEffect(() => () => missedOffer.set(undefined), []);
  usePbxEvent("QUEUE_AGENT_NO_ANSWER", ({ data, timestamp }, { source }) => {
    if (source !== "live" || data.agent.extensionId !== extensionId) return;
    const { outcome, queueName, callId } = data;
    if (outcome === "no_answer" || outcome === "busy" || outcome === "device_lost" || outcome === "failed") {
      missedOffer.set({ at: timestamp, queueName, caller: client.state.call(callId)?.caller, outcome });
      return;
    }
    const text = t("agent.missedOffer", { name: queueName, outcome: t(`offer.${outcome}`) });
    showToast({ kind: "info", text, stays: 10_000 });
  });
  usePbxEvent("QUEUE_CALL_ANSWERED", ({ data }) => {
    if (data.agent.extensionId === extensionId) missedOffer.set(undefined);
  });
}
