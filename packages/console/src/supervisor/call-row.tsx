import type { Call } from "@pbx-x/protocol/runtime";
import { useEntity } from "@pbx-x/client/react";
import { Link } from "wouter";
import { useNameOf } from "../live/directory.tsx";
import { phaseSince, type Shown, sideOf, waits } from "../live/calls.ts";
import { useRun } from "../live/use-run.ts";
import { useMe } from "../session/me.ts";
import { useCallHref } from "../timeline/call-href.ts";
import { useRefusal } from "../ui/action-button.tsx";
import { ask } from "../ui/ask.tsx";
import { Elapsed } from "../ui/elapsed.tsx";
import { Icon } from "../ui/icons.tsx";
import { callMark } from "../ui/marks.ts";
import { StateMark } from "../ui/state-mark.tsx";
import { Tip } from "../ui/tip.tsx";
import { useWords } from "../words/use-words.ts";

/** Which extension a supervisor listens with: who answered, else the caller where he is of the house. */
export function monitoredExtension({ answeredBy, callee, caller }: Call): string | undefined {
  return answeredBy?.extensionId ?? callee?.extensionId ?? caller?.extensionId;
}

/** A call as somebody sees it who is not in it. */
const fromOutside: Readonly<Record<Call["state"], Shown>> = {
  initiated: "outgoing",
  ringing: "incoming",
  answered: "talking",
  held: "held",
  transferred: "transferred",
  parked: "parked",
  ended: "ended",
};

export function CallRow({ call }: { readonly call: Call }) {
  const t = useWords();
  const hrefOf = useCallHref();
  const me = useMe();
  const nameOf = useNameOf();
  const run = useRun();
  const { callId } = call;
  const refusal = useRefusal(callId, "monitor");
  const caller = nameOf(call.caller) ?? t("call.unknown");
  const callee = nameOf(call.answeredBy ?? call.callee) ?? t("call.unknown");
  const isOwn = sideOf(call, me) !== undefined;
  const isWatched = call.monitors.some(({ monitoredBy }) => monitoredBy.extensionId === me.extensionId);
  const entry = useEntity("queueEntries", callId);
  const shown = waits(call, entry) ? "waiting" : fromOutside[call.state];
  const mark = callMark(shown);
  const extensionId = monitoredExtension(call);
  return (
    <li data-call={callId} className="flex flex-wrap items-center gap-3 border-b border-line px-4 py-2 last:border-0">
      <Link href={hrefOf(callId)} className="min-w-40 flex-1 truncate rounded-sm font-medium">
        {caller} <span className="text-muted">→</span> {callee}
        {call.queue !== undefined && <span className="block text-xs font-normal text-muted">{call.queue.name}</span>}
      </Link>
      <StateMark mark={mark} />
      <Elapsed since={phaseSince(call, shown, entry)} label={t(mark.word)} className="w-14 text-right text-sm" />
      {!isOwn && !isWatched && (
        <Tip text={refusal}>
          <button
            type="button"
            className="btn btn-sm"
            aria-label={`${t("supervisor.listen")}: ${caller}, ${callee}`}
            aria-disabled={refusal !== undefined}
            onClick={() =>
              refusal === undefined &&
              void run("monitor", { callId, mode: "listen", ...(extensionId !== undefined && { extensionId }) }, callId)
            }
          >
            <Icon name="ear" size={14} />
            {t("supervisor.listen")}
          </button>
        </Tip>
      )}
      {!isOwn && (
        <button
          type="button"
          className="btn btn-ghost btn-icon btn-sm text-danger"
          aria-label={`${t("act.hangup")}: ${caller}, ${callee}`}
          onClick={() =>
            ask({
              title: t("act.hangup"),
              text: t("supervisor.askHangup", { caller, callee }),
              run: () => void run("hangup", { callId }, callId),
            })
          }
        >
          <Icon name="hangup" />
        </button>
      )}
    </li>
  );
}
