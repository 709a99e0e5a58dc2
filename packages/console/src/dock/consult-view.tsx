import type { Call } from "@pbx-x/protocol/runtime";
import { otherParty } from "../live/calls.ts";
import { useNameOf } from "../live/directory.tsx";
import { useShown } from "../live/use-shown.ts";
import { useMe } from "../session/me.ts";
import { ActionButton } from "../ui/action-button.tsx";
import { Elapsed } from "../ui/elapsed.tsx";
import { showToast } from "../ui/toaster.tsx";
import { callMark } from "../ui/marks.ts";
import { StateMark, toneTint } from "../ui/state-mark.tsx";
import { useWords } from "../words/use-words.ts";
import { MuteButton } from "./mute-button.tsx";
import { HangupButton } from "./hangup-button.tsx";

/** One view for every consultation, whoever began it; the buttons are named by their result ([U32]). */
export function ConsultView({ held, consult }: { readonly held: Call; readonly consult: Call }) {
  const t = useWords();
  const me = useMe();
  const nameOf = useNameOf();
  const first = nameOf(otherParty(held, me)) ?? t("call.unknown");
  const second = nameOf(otherParty(consult, me)) ?? t("call.unknown");
  const pair = { callId: held.callId, consultCallId: consult.callId };
  return (
    <article
      aria-label={t("dock.consultation")}
      data-consultation
      className="panel flex flex-col gap-2 border-hold px-3 py-2"
      style={toneTint("hold")}
    >
      <div className="flex flex-wrap items-center gap-2">
        <h2 className="mr-auto">{t("dock.consultation")}</h2>
        <ActionButton
          command="transferAttended"
          callId={held.callId}
          params={pair}
          label={t("act.connect", { first, second })}
          icon="transfer"
          className="btn-primary"
        />
        <ActionButton
          command="cancelTransfer"
          callId={held.callId}
          params={pair}
          label={t("act.back", { name: first })}
          icon="returned"
          onDone={(result) => {
            if (result?.status === "held") showToast({ kind: "info", text: t("note.backAtPhone", { name: first }) });
          }}
        />
        <ActionButton command="swap" callId={held.callId} params={pair} label={t("act.swap")} icon="swap" />
      </div>
      <PartyRow call={held} name={first} />
      <PartyRow call={consult} name={second} />
    </article>
  );
}

function PartyRow({ call, name }: { readonly call: Call; readonly name: string }) {
  const t = useWords();
  const { shown, since } = useShown(call);
  const mark = callMark(shown);
  return (
    <div className="flex flex-wrap items-center gap-3" data-call={call.callId} data-state={shown}>
      <span className="min-w-40 font-semibold">{name}</span>
      <StateMark mark={mark} />
      <Elapsed since={since} label={t(mark.word)} className="text-sm" />
      <span className="ml-auto flex items-center gap-6">
        {shown === "talking" && <MuteButton call={call} />}
        <HangupButton callId={call.callId} name={name} />
      </span>
    </div>
  );
}
