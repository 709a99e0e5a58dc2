import { useNavigate } from "../ui/use-navigate.ts";
import { useDial } from "../dial/use-dial.ts";
import { useOwnCalls } from "../dock/use-own-calls.ts";
import { otherParty, shownState } from "../live/calls.ts";
import { type Entry, useDirectory, useNameOf } from "../live/directory.tsx";
import { useRun } from "../live/use-run.ts";
import { useMay, useMe } from "../session/me.ts";
import { callHref } from "../timeline/call-href.ts";
import { Elapsed } from "../ui/elapsed.tsx";
import { Icon } from "../ui/icons.tsx";
import { Modal } from "../ui/modal.tsx";
import { StateMark } from "../ui/state-mark.tsx";
import { useWords } from "../words/use-words.ts";
import { useCardState } from "./use-card-state.ts";

interface ExtensionDialogProps {
  readonly number: string | undefined;
  readonly onClose: () => void;
}

/** One colleague, and all that can be done there without a drag. */
export function ExtensionDialog({ number, onClose }: ExtensionDialogProps) {
  const entry = useDirectory().byNumber.get(number ?? "");
  if (entry === undefined) return null;
  return (
    <Modal title={entry.displayName} titleNote={entry.number} width="narrow" place="top" isOpen onClose={onClose}>
      <Body entry={entry} onClose={onClose} />
    </Modal>
  );
}

function Body({ entry, onClose }: { readonly entry: Entry; readonly onClose: () => void }) {
  const t = useWords();
  const me = useMe();
  const nameOf = useNameOf();
  const dial = useDial();
  const run = useRun();
  const navigate = useNavigate();
  const own = useOwnCalls();
  const mayControlAll = useMay("calls.control.all");
  const { number, department } = entry;
  const { mark, call, since, other, queueName, isRinging, isOffline, forwardedTo } = useCardState(entry);
  const current = own.findLast((each) => ["talking", "held", "held_by_other"].includes(shownState(each, me)));
  const isSelf = number === me.number;
  const then = (act: () => void) => () => {
    onClose();
    act();
  };
  return (
    <>
      <p className="flex flex-wrap items-center gap-2 text-sm text-muted">
        <StateMark mark={mark} />
        {call !== undefined && <Elapsed since={since} label={t(mark.word)} />}
        {queueName !== undefined && <span>{t("call.via", { queue: queueName })}</span>}
        {queueName === undefined && other !== undefined && (
          <span>{t("panel.with", { name: nameOf(other) ?? "" })}</span>
        )}
        {isOffline && call === undefined && mark.word !== "panel.noPhone" && <span>{t("panel.noPhone")}</span>}
        {forwardedTo !== undefined && <span>{t("panel.forwarded", { number: forwardedTo })}</span>}
        {department !== undefined && <span>{department}</span>}
      </p>
      <div className="mt-5 flex flex-wrap gap-2">
        {!isSelf && current === undefined && (
          <button type="button" className="btn btn-primary" onClick={then(() => dial(number))}>
            <Icon name="phone" />
            {t("act.dial")}
          </button>
        )}
        {!isSelf && current !== undefined && (
          <>
            <button
              type="button"
              className="btn btn-primary"
              onClick={then(() => void run("consult", { callId: current.callId, to: number }, current.callId))}
            >
              <Icon name="consult" />
              {t("act.consult")}: {nameOf(otherParty(current, me))}
            </button>
            <button
              type="button"
              className="btn"
              onClick={then(
                () => void run("transferBlind", { callId: current.callId, destination: number }, current.callId),
              )}
            >
              <Icon name="transfer" />
              {t("act.transferNow")}
            </button>
          </>
        )}
        {isRinging && !isSelf && call !== undefined && (
          <button
            type="button"
            className="btn"
            onClick={then(() => void run("pickup", { callId: call.callId }, call.callId))}
          >
            <Icon name="returned" />
            {t("act.pickup")}
          </button>
        )}
        {call !== undefined && (mayControlAll || own.includes(call)) && (
          <button type="button" className="btn" onClick={then(() => navigate(callHref(location.search, call.callId)))}>
            <Icon name="pulse" />
            {t("act.timeline")}
          </button>
        )}
      </div>
    </>
  );
}
