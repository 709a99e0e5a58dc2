import { Dialog } from "radix-ui";
import { useNavigate } from "../ui/use-navigate.ts";
import { useDial } from "../dial/use-dial.ts";
import { useOwnCalls } from "../dock/use-own-calls.ts";
import { otherParty, shownState } from "../live/calls.ts";
import { type Entry, useDirectory, useNameOf } from "../live/directory.tsx";
import { useRun } from "../live/use-run.ts";
import { useMay, useMe } from "../session/me.ts";
import { Elapsed } from "../ui/elapsed.tsx";
import { Icon } from "../ui/icons.tsx";
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
  return (
    <Dialog.Root open={entry !== undefined} onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-black/30" />
        <Dialog.Content
          aria-describedby={undefined}
          className="layer fixed top-[18vh] left-1/2 z-40 w-[min(440px,calc(100vw-32px))] -translate-x-1/2 p-5"
        >
          {entry !== undefined && <Body entry={entry} onClose={onClose} />}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
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
  const { number, displayName, department } = entry;
  const { mark, call, other, isRinging, isOffline, forwardedTo } = useCardState(entry);
  const current = own.findLast((each) => ["talking", "held", "held_by_other"].includes(shownState(each, me)));
  const isSelf = number === me.number;
  const then = (act: () => void) => () => {
    onClose();
    act();
  };
  return (
    <>
      <div className="flex items-center gap-3">
        <Dialog.Title className="text-lg font-semibold text-text">{displayName}</Dialog.Title>
        <span className="num text-muted">{number}</span>
        <Dialog.Close className="btn btn-ghost btn-icon ml-auto" aria-label={t("common.close")}>
          <Icon name="cross" />
        </Dialog.Close>
      </div>
      <p className="mt-1 flex flex-wrap items-center gap-2 text-sm text-muted">
        <StateMark mark={mark} />
        {call !== undefined && <Elapsed since={call.answeredAt ?? call.startedAt} label={t(mark.word)} />}
        {other !== undefined && <span>{t("panel.with", { name: nameOf(other) ?? "" })}</span>}
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
          <button type="button" className="btn" onClick={then(() => navigate(`?call=${call.callId}`))}>
            <Icon name="pulse" />
            {t("act.timeline")}
          </button>
        )}
      </div>
    </>
  );
}
