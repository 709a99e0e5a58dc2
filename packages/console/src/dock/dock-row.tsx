import type { Call } from "@pbx-x/protocol/runtime";
import type { ReactNode } from "react";
import { useLocation } from "wouter";
import { otherParty } from "../live/calls.ts";
import { useNameOf } from "../live/directory.tsx";
import { useShown } from "../live/use-shown.ts";
import { waitWords } from "../live/wait-words.ts";
import { useMe } from "../session/me.ts";
import { useCallHref } from "../timeline/call-href.ts";
import { useStore } from "../ui/store.ts";
import { callMark } from "../ui/marks.ts";
import { StateMark, toneTint } from "../ui/state-mark.tsx";
import { Elapsed } from "../ui/elapsed.tsx";
import { useWords } from "../words/use-words.ts";
import { chosenCall } from "./dock-store.ts";

interface DockRowProps {
  readonly call: Call;
  readonly index?: number;
  /** At the far left: the grip, or Answer. */
  readonly start?: ReactNode;
  readonly children?: ReactNode;
  /** At the far right, alone: only ever the hang-up ([U31]). */
  readonly end?: ReactNode;
  readonly note?: ReactNode;
}

/** One own call: what it is, who it is, how long, and what can be done. */
export function DockRow({ call, index, start, children, end, note }: DockRowProps) {
  const t = useWords();
  const hrefOf = useCallHref();
  const me = useMe();
  const nameOf = useNameOf();
  const chosen = useStore(chosenCall);
  const [, navigate] = useLocation();
  const { shown, since, wait } = useShown(call);
  const mark = callMark(shown, call.isRecall);
  const other = wait === undefined ? otherParty(call, me) : undefined;
  const name = wait?.queueName ?? nameOf(other) ?? t("call.unknown");
  const said = wait === undefined ? note : waitWords(wait, t);
  const isChosen = chosen === call.callId;
  return (
    <article
      aria-label={`${t(mark.word)}: ${name}`}
      data-call={call.callId}
      data-state={shown}
      className={`panel flex flex-wrap items-center gap-x-3 gap-y-2 px-3 py-2 ${isChosen ? "border-accent" : ""} ${shown === "incoming" ? "ringing-pulse" : ""}`}
      style={toneTint(mark.tone)}
      onFocus={() => chosenCall.set(call.callId)}
    >
      {start}
      {index !== undefined && (
        <kbd className="num rounded-sm border border-line bg-base px-1.5 text-xs text-muted max-sm:hidden">
          {index + 1}
        </kbd>
      )}
      <button
        type="button"
        className="min-w-0 rounded-sm text-left"
        title={t("act.timeline")}
        onClick={() => navigate(hrefOf(call.callId))}
      >
        <span className="block max-w-64 truncate font-semibold">{name}</span>
        <span className="num block truncate text-xs text-muted">{name === other?.number ? "" : other?.number}</span>
      </button>
      <span className="flex items-center gap-2">
        <StateMark mark={mark} />
        <Elapsed since={since} label={t(mark.word)} className="min-w-12 text-sm font-medium" />
      </span>
      {said !== undefined && <span className="text-xs text-muted">{said}</span>}
      <div className="ml-auto flex flex-wrap items-center gap-2 max-sm:order-last max-sm:empty:hidden max-sm:ml-0 max-sm:w-full">
        {children}
      </div>
      <div className="ml-6 flex justify-end max-sm:ml-auto sm:w-[112px]">{end}</div>
    </article>
  );
}
