import type { ExtensionDirectory } from "../extensions/extension.ts";
import type { Database } from "../storage/open-database.ts";
import { createTurns } from "../storage/turns.ts";
import { maximumQueues, type Queue, queueDefaults, type QueueDirectory } from "./queue.ts";

export type QueueChanges = Partial<Omit<Queue, "id">>;

export type QueueOutcome =
  | { readonly ok: true; readonly queue: Queue }
  | { readonly ok: false; readonly reason: "no_such_queue" | "number_taken" | "too_many" };

export interface QueueBookOptions {
  readonly db: Database;
  readonly now: () => number;
  /** Something else has this number. */
  readonly isTaken: (number: string) => boolean;
}

/** The queues: read from memory, written to the database first. */
export interface QueueBook extends QueueDirectory {
  create(queue: Queue): Promise<QueueOutcome>;
  /** In force at once; calls that wait go on waiting, by the new rules. */
  update(id: string, change: (before: Queue) => Queue): Promise<QueueOutcome>;
  /** Calls that wait in it end ([Q7]); its agents are logged out of it. */
  remove(id: string): Promise<QueueOutcome>;
}

export async function createQueueBook({ db, now, isTaken }: QueueBookOptions): Promise<QueueBook> {
  const inTurn = createTurns();
  const listeners = new Set<() => void>();
  const rows = await db.selectFrom("queues").select("record_json").execute();
  let byId = new Map<string, Queue>();
  let byNumber = new Map<string, Queue>();
  const keep = (queues: readonly Queue[]): void => {
    const sorted = queues.toSorted((a, b) => (a.extensionNumber < b.extensionNumber ? -1 : 1));
    byId = new Map(sorted.map((queue) => [queue.id, queue]));
    byNumber = new Map(sorted.map((queue) => [queue.extensionNumber, queue]));
  };
  // Written by `save` below, by an older version perhaps.
  keep(rows.map((row) => ({ ...queueDefaults, ...(JSON.parse(row.record_json) as Queue) })));
  const tell = (): void => {
    for (const listener of listeners) listener();
  };
  const save = async (queue: Queue): Promise<void> => {
    const row = {
      extension_number: queue.extensionNumber,
      record_json: JSON.stringify(queue),
      updated_at: now(),
    };
    await db
      .insertInto("queues")
      .values({ id: queue.id, ...row })
      .onConflict((conflict) => conflict.column("id").doUpdateSet(row))
      .execute();
    keep([...[...byId.values()].filter(({ id }) => id !== queue.id), queue]);
    tell();
  };
  return {
    byId: (id) => byId.get(id),
    byNumber: (number) => byNumber.get(number),
    all: () => [...byId.values()],
    onChanged: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    create: (queue) =>
      inTurn(async () => {
        const { extensionNumber } = queue;
        if (byNumber.has(extensionNumber) || isTaken(extensionNumber)) return { ok: false, reason: "number_taken" };
        if (byId.size >= maximumQueues) return { ok: false, reason: "too_many" };
        await save(queue);
        return { ok: true, queue };
      }),
    update: (id, change) =>
      inTurn(async () => {
        const before = byId.get(id);
        if (before === undefined) return { ok: false, reason: "no_such_queue" };
        const queue = { ...change(before), id };
        const { extensionNumber } = queue;
        const isNew = extensionNumber !== before.extensionNumber;
        if (isNew && (byNumber.has(extensionNumber) || isTaken(extensionNumber))) {
          return { ok: false, reason: "number_taken" };
        }
        await save(queue);
        return { ok: true, queue };
      }),
    remove: (id) =>
      inTurn(async () => {
        const queue = byId.get(id);
        if (queue === undefined) return { ok: false, reason: "no_such_queue" };
        await db.deleteFrom("queues").where("id", "=", id).execute();
        keep([...byId.values()].filter((one) => one.id !== id));
        tell();
        return { ok: true, queue };
      }),
  };
}

/** The queues that a user's extension is a member of now ([W24]): asked with each event, so worked out once per change. */
export function queuesOf(
  queues: Pick<QueueDirectory, "all" | "onChanged">,
  extensions: Pick<ExtensionDirectory, "byId" | "onChanged">,
): (userId: string) => readonly string[] {
  let byUser: ReadonlyMap<string, readonly string[]> | undefined;
  const forget = (): void => {
    byUser = undefined;
  };
  queues.onChanged(forget);
  extensions.onChanged(forget);
  const sort = (): ReadonlyMap<string, readonly string[]> => {
    const found = new Map<string, string[]>();
    for (const { id, members } of queues.all()) {
      for (const userId of new Set(members.map(({ extensionId }) => extensions.byId(extensionId)?.userId))) {
        if (userId === undefined) continue;
        const ids = found.get(userId);
        if (ids === undefined) found.set(userId, [id]);
        else ids.push(id);
      }
    }
    return found;
  };
  return (userId) => (byUser ??= sort()).get(userId) ?? [];
}
