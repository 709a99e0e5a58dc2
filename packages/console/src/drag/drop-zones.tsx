import { useCallback } from "react";
import { useSelector } from "@pbx-x/client/react";
import { useMay, useMe } from "../session/me.ts";
import { useStore } from "../ui/store.ts";
import { useWords } from "../words/use-words.ts";
import type { WordKey } from "../words/words.ts";
import { drag } from "./drag-store.ts";
import { type DropChoice, dropChoices, parseTarget } from "./drop-choices.ts";

const zoneWords: Readonly<Record<DropChoice, WordKey>> = {
  consult: "act.consult",
  transferBlind: "act.transferNow",
  redirect: "act.redirect",
  park: "act.park",
  pickup: "act.unpark",
};

/** Over a target that a call is dragged to: what a drop there does, in halves; and what stands against it. */
export function DropZones({ target, warning }: { readonly target: string; readonly warning?: string | undefined }) {
  const isOpen = useStore(drag, (now) => now?.over === target && now.isOpen);
  return isOpen ? <OpenZones target={target} warning={warning} /> : null;
}

function OpenZones({ target, warning }: { readonly target: string; readonly warning: string | undefined }) {
  const t = useWords();
  const me = useMe();
  const mayControlAll = useMay("calls.control.all");
  const now = useStore(drag);
  const call = useSelector(useCallback((read) => read("calls").get(now?.callId ?? ""), [now?.callId]));
  const parsed = parseTarget(target);
  const choices = call === undefined || parsed === undefined ? [] : dropChoices(call, me, parsed, mayControlAll);
  if (choices.length === 0) return null;
  return (
    <div className="absolute inset-0 z-10 flex gap-1 rounded-md bg-base p-1">
      {choices.map((choice) => (
        <div
          key={choice}
          data-zone={choice}
          className={`flex flex-1 flex-col items-center justify-center rounded-sm border-2 border-dashed text-center text-xs font-semibold ${
            now?.zone === choice
              ? "border-accent bg-[color-mix(in_srgb,var(--accent)_20%,var(--base))] text-accent"
              : "border-control"
          }`}
        >
          {t(zoneWords[choice])}
          {warning !== undefined && <span className="font-normal text-amber">{warning}</span>}
        </div>
      ))}
    </div>
  );
}
