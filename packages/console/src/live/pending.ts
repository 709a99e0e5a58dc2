import { createStore } from "../ui/store.ts";

/** What was pressed and is not confirmed yet ([U25]): `<entity> <intent>` → whether it takes long. */
export type Overlays = ReadonlyMap<string, "sent" | "slow">;

export const overlays = createStore<Overlays>(new Map());

export function overlayKey(entity: string, intent: string): string {
  return `${entity} ${intent}`;
}

/** Marks a press until the returned function is called; after 150 ms it shows that it waits. */
export function beginOverlay(key: string): () => void {
  put(key, "sent");
  const slow = setTimeout(() => put(key, "slow"), 150);
  return () => {
    clearTimeout(slow);
    const rest = new Map(overlays.get());
    rest.delete(key);
    overlays.set(rest);
  };
}

function put(key: string, value: "sent" | "slow"): void {
  overlays.set(new Map(overlays.get()).set(key, value));
}
