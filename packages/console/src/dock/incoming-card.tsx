import type { Call } from "@pbx-x/protocol/runtime";
import { useCallback, useState } from "react";
import { isPbxError } from "@pbx-x/client";
import { useNameOf } from "../live/directory.tsx";
import { usePbx } from "@pbx-x/client/react";
import { showFailure } from "../live/show-failure.ts";
import { beginOverlay, overlayKey } from "../live/pending.ts";
import { useOverlay } from "../live/use-run.ts";
import { useMe } from "../session/me.ts";
import { ActionButton, useRefusal } from "../ui/action-button.tsx";
import { Icon } from "../ui/icons.tsx";
import { Tip } from "../ui/tip.tsx";
import { formatElapsed } from "../live/format-time.ts";
import { useWords } from "../words/use-words.ts";
import { transferOpen } from "./dock-store.ts";
import { DockRow } from "./dock-row.tsx";

/** Phones that said that they cannot be made to pick up ([U33]); until the page is loaded again. */
const deafPhones = new Set<string>();

/** A call that rings here: Answer at the far left, Reject in words and apart ([U31]). */
export function IncomingCard({ call, index }: { readonly call: Call; readonly index: number }) {
  const t = useWords();
  const nameOf = useNameOf();
  const { callId } = call;
  const via = call.queue === undefined ? undefined : t("call.via", { queue: call.queue.name });
  const waited =
    call.queue === undefined ? undefined : t("call.waited", { time: formatElapsed(call.queue.waitSeconds * 1000) });
  const from =
    call.forwardedFrom === undefined ? undefined : t("call.forwardedFrom", { name: nameOf(call.forwardedFrom) ?? "" });
  return (
    <DockRow
      call={call}
      index={index}
      start={<AnswerButton call={call} />}
      note={[via, waited, from].filter((each) => each !== undefined).join(" · ") || undefined}
    >
      <button type="button" className="btn" onClick={() => transferOpen.set({ callId, does: "redirect" })}>
        <Icon name="transfer" />
        {t("act.redirect")}
      </button>
      <ActionButton command="reject" callId={callId} params={{ callId }} label={t("act.reject")} icon="minus" />
    </DockRow>
  );
}

function AnswerButton({ call }: { readonly call: Call }) {
  const t = useWords();
  const { extensionId = "" } = useMe();
  const answer = useAnswer();
  const [isDeaf, setDeaf] = useState(deafPhones.has(extensionId));
  const refusal = useRefusal(call.callId, "answer");
  const overlay = useOverlay(call.callId, "answer");
  const isDisabled = refusal !== undefined || overlay !== undefined || isDeaf;
  return (
    <Tip text={isDeaf ? t("error.device_cannot_answer_remotely") : refusal}>
      <button
        type="button"
        className="btn btn-ok min-h-10 px-4"
        aria-disabled={isDisabled}
        onClick={() => {
          if (!isDisabled) void answer(call.callId).then(() => setDeaf(deafPhones.has(extensionId)));
        }}
      >
        <Icon name="phone" />
        {isDeaf ? t("act.answerAtPhone") : t("act.answer")}
      </button>
    </Tip>
  );
}

/** Makes the own phone pick up; remembers where a phone cannot. */
export function useAnswer(): (callId: string) => Promise<void> {
  const client = usePbx();
  const { extensionId = "" } = useMe();
  return useCallback(
    async (callId) => {
      const end = beginOverlay(overlayKey(callId, "answer"));
      try {
        await client.call.answer({ callId }).visible();
      } catch (error) {
        if (isPbxError(error) && error.details?.["reason"] === "device_cannot_answer_remotely")
          deafPhones.add(extensionId);
        showFailure(error);
      } finally {
        end();
      }
    },
    [client, extensionId],
  );
}
