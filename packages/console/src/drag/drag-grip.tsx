import type { Call } from "@pbx-x/protocol/runtime";
import { transferOpen } from "../dock/dock-store.ts";
import { Icon } from "../ui/icons.tsx";
import { useWords } from "../words/use-words.ts";
import { beginDrag } from "./drag-store.ts";
import { useDrop } from "./use-drop.ts";

/** Where a call is taken hold of; with the keyboard it opens the transfer field, which does the same ([U4]). */
export function DragGrip({ call, label }: { readonly call: Call; readonly label: string }) {
  const t = useWords();
  const drop = useDrop();
  const { callId } = call;
  return (
    <button
      type="button"
      data-grip={callId}
      title={t("act.drag")}
      aria-label={`${t("act.transfer")}: ${label}`}
      className="flex h-9 w-7 shrink-0 cursor-grab touch-none items-center justify-center rounded-sm text-muted hover:bg-line active:cursor-grabbing"
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.preventDefault();
        event.stopPropagation();
        beginDrag(event, call, label, (target, choice) => drop(callId, target, choice));
      }}
      onKeyDown={({ key }) => {
        if ((key === "Enter" || key === " ") && call.state !== "parked") transferOpen.set({ callId, does: "transfer" });
      }}
    >
      <Icon name="grip" />
    </button>
  );
}
