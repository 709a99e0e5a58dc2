import { createStore } from "../ui/store.ts";

/** The call that keys act on, where there are several. */
export const chosenCall = createStore<string | undefined>(undefined);

/** The call whose transfer field is open, and what picking somebody there does. */
export const transferOpen = createStore<
  { readonly callId: string; readonly does: "transfer" | "redirect" } | undefined
>(undefined);

let changedAt = 0;
const shownSince = new Map<string, number>();

/** The dock's layout changed now: hang-up is not pressed for a moment, and no key means what has just come. */
export function noteLayoutChange(ids: readonly string[]): void {
  changedAt = performance.now();
  for (const id of shownSince.keys()) if (!ids.includes(id)) shownSince.delete(id);
  for (const id of ids) if (!shownSince.has(id)) shownSince.set(id, changedAt);
}

/** False within 700 ms of a change of the layout ([U31]). */
export function isLayoutSettled(): boolean {
  return performance.now() - changedAt >= 700;
}

/** Whether a call has been on view long enough that a key can be meant for it. */
export function isShownFor(callId: string, ms: number): boolean {
  const since = shownSince.get(callId);
  return since !== undefined && performance.now() - since >= ms;
}
