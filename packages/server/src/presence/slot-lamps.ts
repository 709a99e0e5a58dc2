import type { WatchedState } from "@pbx-x/telephony";
import type { Call } from "../calls/call.ts";
import { lotOf, type ParkingLot } from "../parking/parking-lot.ts";
import type { LampService } from "./lamp-service.ts";
import { remoteOf } from "./lamps.ts";

export interface SlotLampsOptions {
  readonly lamps: Pick<LampService, "publish" | "withdraw">;
  readonly lots: () => readonly ParkingLot[];
  /** The call that waits in a slot. */
  readonly callIn: (slot: string) => Call | undefined;
  /** An extension has this number. */
  readonly isShadowed: (slot: string) => boolean;
}

/** What phones that watch a parking slot are shown ([L10]). @param call the one that waits there */
export function stateOfSlot(slot: string, call: Call | undefined): WatchedState {
  const dialogs =
    call === undefined
      ? []
      : [
          {
            dialogId: call.callId,
            direction: "recipient",
            state: "confirmed",
            isHeld: false,
            ...remoteOf(call.caller),
          } as const,
        ];
  return { displayName: slot, dialogs, presence: { status: call === undefined ? "available" : "busy" } };
}

/** Keeps the lamps of the parking slots in step with what is parked, and with the lots. */
export class SlotLamps {
  readonly #options: SlotLampsOptions;
  readonly #shown = new Set<string>();

  constructor(options: SlotLampsOptions) {
    this.#options = options;
  }

  /** After lots or extensions changed. */
  refreshAll(): void {
    const slots = this.#options.lots().flatMap(slotsOf);
    for (const slot of new Set([...this.#shown, ...slots])) this.#refresh(slot);
  }

  /** After a call changed. */
  onCall(before: Call | undefined, after: Call): void {
    for (const call of [before, after]) if (call?.stage.at === "parked") this.#refresh(call.stage.slot);
  }

  #refresh(slot: string): void {
    const { lamps, lots, callIn, isShadowed } = this.#options;
    const call = callIn(slot);
    // A number that an extension has is the extension's to show.
    if (isShadowed(slot)) this.#shown.delete(slot);
    else if (call !== undefined || lotOf(lots(), slot) !== undefined) {
      this.#shown.add(slot);
      lamps.publish(slot, stateOfSlot(slot, call));
    } else if (this.#shown.delete(slot)) lamps.withdraw(slot);
  }
}

function slotsOf({ firstSlot, lastSlot }: ParkingLot): readonly string[] {
  return Array.from({ length: lastSlot - firstSlot + 1 }, (_, index) => String(firstSlot + index));
}
