import { createTurns } from "../storage/turns.ts";
import { type WebhookEndpoint, webhookLimits } from "./webhook.ts";
import type { WebhookStore } from "./webhook-store.ts";

export type WebhookOutcome =
  | { readonly ok: true; readonly endpoint: WebhookEndpoint }
  | { readonly ok: false; readonly reason: "no_such_webhook" | "too_many" };

/** The endpoints: read from memory, written to the database first. */
export interface WebhookBook {
  byId(id: string): WebhookEndpoint | undefined;
  /** The oldest first. */
  all(): readonly WebhookEndpoint[];
  create(endpoint: WebhookEndpoint): Promise<WebhookOutcome>;
  update(id: string, change: (before: WebhookEndpoint) => WebhookEndpoint): Promise<WebhookOutcome>;
  remove(id: string): Promise<WebhookOutcome>;
  onChanged(listener: () => void): () => void;
}

export async function createWebhookBook(
  store: Pick<WebhookStore, "endpoints" | "save" | "remove">,
): Promise<WebhookBook> {
  const inTurn = createTurns();
  const listeners = new Set<() => void>();
  const known = await store.endpoints();
  const byId = new Map(
    known.toSorted((a, b) => a.createdAtMs - b.createdAtMs).map((endpoint) => [endpoint.id, endpoint]),
  );
  const keep = async (endpoint: WebhookEndpoint): Promise<WebhookOutcome> => {
    await store.save(endpoint);
    byId.set(endpoint.id, endpoint);
    tell();
    return { ok: true, endpoint };
  };
  const tell = (): void => {
    for (const listener of listeners) listener();
  };
  return {
    byId: (id) => byId.get(id),
    all: () => [...byId.values()],
    onChanged: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    create: (endpoint) =>
      inTurn(async () => {
        if (byId.size >= webhookLimits.endpoints) return { ok: false, reason: "too_many" };
        return keep(endpoint);
      }),
    update: (id, change) =>
      inTurn(async () => {
        const before = byId.get(id);
        return before === undefined ? { ok: false, reason: "no_such_webhook" } : keep({ ...change(before), id });
      }),
    remove: (id) =>
      inTurn(async () => {
        const endpoint = byId.get(id);
        if (endpoint === undefined) return { ok: false, reason: "no_such_webhook" };
        byId.delete(id);
        // Nobody delivers to it any more before its progress is removed.
        tell();
        await store.remove(id);
        return { ok: true, endpoint };
      }),
  };
}
