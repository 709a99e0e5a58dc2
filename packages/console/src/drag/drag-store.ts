import type { Call } from "@pbx-x/protocol/runtime";
import { createStore } from "../ui/store.ts";
import { type DropChoice, type DropTarget, parseTarget } from "./drop-choices.ts";

/** A call in the hand ([U34]). */
export interface Drag {
  readonly callId: string;
  readonly label: string;
  readonly x: number;
  readonly y: number;
  /** The mark of the target below the pointer. */
  readonly over: string | undefined;
  /** The pointer has stayed over the target for 120 ms: its zones are shown. */
  readonly isOpen: boolean;
  readonly zone: DropChoice | undefined;
}

export const drag = createStore<Drag | undefined>(undefined);

const openAfterMs = 120;
const startDistance = 5;

/** Follows the pointer from a press on a grip; nothing happens but on a drop in a zone. */
export function beginDrag(
  start: { readonly clientX: number; readonly clientY: number },
  call: Pick<Call, "callId">,
  label: string,
  onDrop: (target: DropTarget, zone: DropChoice) => void,
): void {
  const ending = new AbortController();
  const { signal } = ending;
  let openTimer: ReturnType<typeof setTimeout> | undefined;
  const end = (): void => {
    clearTimeout(openTimer);
    drag.set(undefined);
    ending.abort();
  };
  const move = ({ clientX: x, clientY: y }: PointerEvent): void => {
    const now = drag.get();
    if (now === undefined && Math.hypot(x - start.clientX, y - start.clientY) < startDistance) return;
    const { over, zone } = whatIsAt(x, y);
    const isSame = now !== undefined && now.over === over;
    if (!isSame) {
      clearTimeout(openTimer);
      if (over !== undefined)
        openTimer = setTimeout(() => {
          const later = drag.get();
          if (later?.over === over) drag.set({ ...later, isOpen: true });
        }, openAfterMs);
    }
    drag.set({ callId: call.callId, label, x, y, over, zone, isOpen: isSame && now.isOpen });
    autoScroll(x, y);
  };
  const drop = (): void => {
    const now = drag.get();
    const target = parseTarget(now?.over);
    end();
    if (now?.zone !== undefined && target !== undefined) onDrop(target, now.zone);
  };
  addEventListener("pointermove", move, { signal });
  addEventListener("pointerup", drop, { signal });
  addEventListener("pointercancel", end, { signal });
  addEventListener("blur", end, { signal });
  addEventListener(
    "keydown",
    (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      end();
    },
    { signal, capture: true },
  );
}

function whatIsAt(x: number, y: number): { over: string | undefined; zone: DropChoice | undefined } {
  const element = document.elementFromPoint(x, y);
  const over = element?.closest<HTMLElement>("[data-drop]")?.dataset["drop"];
  // Zones are written by this program, with these words.
  const zone = element?.closest<HTMLElement>("[data-zone]")?.dataset["zone"] as DropChoice | undefined;
  return { over, zone };
}

function autoScroll(x: number, y: number): void {
  const list = document.elementFromPoint(x, y)?.closest<HTMLElement>("[data-scroll]");
  if (list === null || list === undefined) return;
  const { top, bottom } = list.getBoundingClientRect();
  if (y < top + 32) list.scrollTop -= 16;
  if (y > bottom - 32) list.scrollTop += 16;
}
