import { Icon } from "../ui/icons.tsx";
import { useStore } from "../ui/store.ts";
import { drag } from "./drag-store.ts";

/** The chip at the pointer that repeats what is in the hand. */
export function DragLayer() {
  const now = useStore(drag);
  if (now === undefined) return null;
  return (
    <div
      aria-hidden="true"
      className="layer pointer-events-none fixed z-50 flex items-center gap-2 px-3 py-1.5 text-sm font-semibold"
      style={{ left: now.x + 14, top: now.y + 14 }}
    >
      <Icon name="phone" className="text-talk" />
      {now.label}
      <Icon name="transfer" className="text-muted" />
    </div>
  );
}
