import { useCallback } from "react";
import { DragGrip } from "../drag/drag-grip.tsx";
import { DropZones } from "../drag/drop-zones.tsx";
import { drag } from "../drag/drag-store.ts";
import { useNameOf } from "../live/directory.tsx";
import { useSelector } from "@pbx-x/client/react";
import { sameList } from "../live/shallow.ts";
import { useIsStale } from "../live/stale.ts";
import { useOverlay, useRun } from "../live/use-run.ts";
import type { ParkingSlot } from "@pbx-x/protocol/runtime";
import { Countdown } from "../ui/elapsed.tsx";
import { Icon } from "../ui/icons.tsx";
import { useStore } from "../ui/store.ts";
import { useIsPaused } from "../live/use-live-channels.ts";
import { useWords } from "../words/use-words.ts";

/** Who is parked, how long still, and where a call is dropped to park it. */
export function ParkBar() {
  const t = useWords();
  const isPaused = useIsPaused("parking");
  const isDragging = useStore(drag, (now) => now !== undefined);
  const slots = useSelector(
    useCallback(
      (read) => [...read("parkingSlots").values()].toSorted((a, b) => a.parkingSlot.localeCompare(b.parkingSlot)),
      [],
    ),
    sameList,
  );
  return (
    <section
      aria-label={t("panel.park")}
      data-drop="park"
      className={`relative flex min-h-12 items-center gap-3 overflow-x-auto border-t border-line px-4 py-2 ${isDragging ? "min-h-16" : ""}`}
    >
      <h2 className="flex shrink-0 items-center gap-2">
        <Icon name="park" className="text-park" />
        {t("panel.park")}
      </h2>
      {slots.length === 0 && (
        <p className="text-sm text-muted">{t(isPaused ? "connection.pausedHere" : "panel.nobodyParked")}</p>
      )}
      {slots.map((slot) => (
        <SlotView key={slot.parkingSlot} slot={slot} />
      ))}
      <DropZones target="park" />
    </section>
  );
}

function SlotView({ slot }: { readonly slot: ParkingSlot }) {
  const t = useWords();
  const nameOf = useNameOf();
  const run = useRun();
  const isStale = useIsStale();
  const { parkingSlot, parkedParty, parkedBy, parkedAt, expiresAt, callId } = slot;
  const overlay = useOverlay(parkingSlot, "pickup");
  const call = useSelector(useCallback((read) => read("calls").get(callId), [callId]));
  const name = nameOf(parkedParty) ?? t("call.unknown");
  const isDisabled = isStale || overlay !== undefined;
  return (
    <div data-slot={parkingSlot} className="panel flex shrink-0 items-center gap-2 border-park py-1 pr-2 pl-1 text-sm">
      {call !== undefined && <DragGrip call={call} label={name} />}
      <span className="num font-semibold text-park">{parkingSlot}</span>
      <span className="max-w-40 truncate font-medium" title={t("panel.parkedBy", { name: nameOf(parkedBy) ?? "" })}>
        {name}
      </span>
      <Countdown until={expiresAt} from={parkedAt} label={t("call.parked")} />
      <button
        type="button"
        className="btn btn-sm"
        aria-disabled={isDisabled}
        aria-label={`${t("act.unpark")}: ${name}`}
        onClick={() => !isDisabled && void run("pickup", { parkingSlot }, parkingSlot)}
      >
        {t("act.unpark")}
      </button>
    </div>
  );
}
