import { useWords } from "../words/use-words.ts";
import { ActionButton } from "../ui/action-button.tsx";
import { isLayoutSettled } from "./dock-store.ts";

/** The only hang-up there is: one press ends the own call, and a press right after a change is dropped ([U31]). */
export function HangupButton({ callId, name }: { readonly callId: string; readonly name?: string | undefined }) {
  const t = useWords();
  return (
    <ActionButton
      command="hangup"
      callId={callId}
      params={{ callId }}
      label={name === undefined ? t("act.hangup") : t("act.hangupName", { name })}
      icon="hangup"
      className="btn-danger"
      guard={isLayoutSettled}
    />
  );
}
