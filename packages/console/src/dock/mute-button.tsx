import type { Call } from "@pbx-x/protocol/runtime";
import { isMutedIn } from "../live/calls.ts";
import { useMe } from "../session/me.ts";
import { ActionButton } from "../ui/action-button.tsx";
import { useWords } from "../words/use-words.ts";

/** Whether the other side hears oneself, with its word while it does not. */
export function MuteButton({ call }: { readonly call: Call }) {
  const t = useWords();
  const isMuted = isMutedIn(call, useMe());
  const { callId } = call;
  return (
    <span className="inline-flex items-center gap-2" data-muted={isMuted}>
      {isMuted && <span className="text-xs font-medium text-danger">{t("call.muted")}</span>}
      <ActionButton
        command={isMuted ? "unmute" : "mute"}
        callId={callId}
        params={{ callId }}
        label={t(isMuted ? "act.unmute" : "act.mute")}
        icon={isMuted ? "micOff" : "mic"}
        isIconOnly
        className={isMuted ? "text-danger" : ""}
      />
    </span>
  );
}
