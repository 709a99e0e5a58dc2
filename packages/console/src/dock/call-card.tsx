import type { Call } from "@pbx-x/protocol/runtime";
import { useNameOf } from "../live/directory.tsx";
import { otherParty, shownState } from "../live/calls.ts";
import { useMe } from "../session/me.ts";
import { DragGrip } from "../drag/drag-grip.tsx";
import { ActionButton, useRefusal } from "../ui/action-button.tsx";
import { Icon } from "../ui/icons.tsx";
import { Tip } from "../ui/tip.tsx";
import { useWords } from "../words/use-words.ts";
import { AnswerOwnButton } from "./answer-own-button.tsx";
import { DockRow } from "./dock-row.tsx";
import { transferOpen } from "./dock-store.ts";
import { HangupButton } from "./hangup-button.tsx";
import { Keypad } from "./keypad.tsx";
import { MuteButton } from "./mute-button.tsx";
import { RecordButtons } from "./record-buttons.tsx";

/** An own call that is up or being dialled. */
export function CallCard({ call, index }: { readonly call: Call; readonly index: number }) {
  const t = useWords();
  const me = useMe();
  const nameOf = useNameOf();
  const { callId } = call;
  const shown = shownState(call, me);
  const name = nameOf(otherParty(call, me)) ?? t("call.unknown");
  const isUp = shown === "talking" || shown === "held" || shown === "held_by_other";
  return (
    <DockRow
      call={call}
      index={index}
      start={
        isUp ? (
          <DragGrip call={call} label={name} />
        ) : shown === "own_ringing" ? (
          <AnswerOwnButton callId={callId} />
        ) : undefined
      }
      note={call.queue === undefined ? undefined : t("call.via", { queue: call.queue.name })}
      end={<HangupButton callId={callId} />}
    >
      {isUp && (
        <>
          {shown === "held" ? (
            <ActionButton command="unhold" callId={callId} params={{ callId }} label={t("act.unhold")} icon="play" />
          ) : (
            <ActionButton command="hold" callId={callId} params={{ callId }} label={t("act.hold")} icon="pause" />
          )}
          <MuteButton call={call} />
          <TransferButton callId={callId} />
          <ActionButton command="park" callId={callId} params={{ callId }} label={t("act.park")} icon="park" />
          <RecordButtons call={call} />
          <Keypad callId={callId} />
        </>
      )}
    </DockRow>
  );
}

function TransferButton({ callId }: { readonly callId: string }) {
  const t = useWords();
  const refusal = useRefusal(callId, "transferBlind");
  return (
    <Tip text={refusal}>
      <button
        type="button"
        className="btn"
        aria-disabled={refusal !== undefined}
        onClick={() => refusal === undefined && transferOpen.set({ callId, does: "transfer" })}
      >
        <Icon name="transfer" />
        {t("act.transfer")}
      </button>
    </Tip>
  );
}
