import { memo, useCallback } from "react";
import { DragGrip } from "../drag/drag-grip.tsx";
import { DropZones } from "../drag/drop-zones.tsx";
import { useDial } from "../dial/use-dial.ts";
import { sideOf } from "../live/calls.ts";
import { type Entry, useNameOf } from "../live/directory.tsx";
import { useMe } from "../session/me.ts";
import { Elapsed } from "../ui/elapsed.tsx";
import { Icon } from "../ui/icons.tsx";
import { StateMark, toneText, toneTint } from "../ui/state-mark.tsx";
import { useWords } from "../words/use-words.ts";
import { useCardState } from "./use-card-state.ts";

interface ExtensionCardProps {
  readonly entry: Entry;
  readonly isActive: boolean;
  readonly onOpen: (number: string) => void;
}

/** One colleague: state, call, and what a call that is dragged here would do. A click opens, it never dials. */
export const ExtensionCard = memo(function ExtensionCard({ entry, isActive, onOpen }: ExtensionCardProps) {
  const t = useWords();
  const me = useMe();
  const nameOf = useNameOf();
  const dial = useDial();
  const { number, displayName, department } = entry;
  const { mark, call, since, other, queueName, isRinging, isOffline, forwardedTo } = useCardState(entry);
  const isSelf = number === me.number;
  const isOwnCall = call !== undefined && sideOf(call, me) !== undefined;
  const warning = isOffline
    ? t("panel.dropOffline")
    : mark.word === "presence.dnd"
      ? t("presence.dnd")
      : call === undefined
        ? undefined
        : t("panel.dropBusy");
  const open = useCallback(() => onOpen(number), [onOpen, number]);
  return (
    <div
      role="gridcell"
      id={`extension-${number}`}
      aria-selected={isActive}
      data-extension={number}
      data-drop={`extension:${number}`}
      data-state={mark.word}
      className={`group relative flex h-full cursor-pointer flex-col justify-center gap-0.5 rounded-md border px-3 ${isActive ? "border-accent" : "border-line"} ${isRinging ? "ringing-pulse" : ""}`}
      style={call === undefined ? undefined : toneTint(mark.tone)}
      onClick={open}
    >
      <div className="flex items-center gap-2">
        <StateMark mark={mark} isShort />
        <span className={`truncate font-semibold ${isOffline && call === undefined ? "text-muted" : ""}`}>
          {displayName}
        </span>
        {isSelf && (
          <span className="rounded-full border border-line px-1.5 text-[11px] leading-4 text-muted">
            {t("panel.you")}
          </span>
        )}
        <span className="num ml-auto text-xs text-muted">{number}</span>
      </div>
      <div className="flex h-6 items-center gap-2 text-xs text-muted">
        {call === undefined ? (
          <>
            <span className="truncate">
              {t(mark.word)}
              {forwardedTo !== undefined && ` · ↪ ${t("panel.forwarded", { number: forwardedTo })}`}
              {forwardedTo === undefined && department !== undefined && ` · ${department}`}
            </span>
            {!isSelf && (
              <button
                type="button"
                tabIndex={-1}
                className="btn btn-ghost btn-icon btn-sm ml-auto text-transparent group-hover:text-text focus:text-text [@media(hover:none)]:text-text"
                aria-label={t("act.dialName", { name: displayName })}
                title={t("act.dialName", { name: displayName })}
                onClick={(event) => {
                  event.stopPropagation();
                  dial(number);
                }}
                onDoubleClick={(event) => event.stopPropagation()}
              >
                <Icon name="phone" />
              </button>
            )}
          </>
        ) : (
          <>
            <span className={`min-w-0 truncate font-medium ${toneText(mark.tone)}`}>{t(mark.word)}</span>
            <Elapsed since={since} label={t(mark.word)} />
            <span className="truncate">{queueName ?? nameOf(other)}</span>
            {isOwnCall && !isSelf && call.state !== "ringing" && (
              <span className="ml-auto" onClick={(event) => event.stopPropagation()}>
                <DragGrip call={call} label={displayName} />
              </span>
            )}
          </>
        )}
      </div>
      <DropZones target={`extension:${number}`} warning={warning} />
    </div>
  );
});
