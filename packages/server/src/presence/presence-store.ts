import type { Scheduler } from "@pbx-x/telephony";
import type { Database } from "../storage/open-database.ts";
import { tellableMs, WriteBehind } from "../storage/write-behind.ts";
import type { Presence, PresenceSetting } from "./presence.ts";

/** What is kept of presence over a restart. */
export interface PresenceStore {
  /** By user. */
  settings(): Promise<ReadonlyMap<string, PresenceSetting>>;
  /** Resolves when it is on the disk. Undefined takes the setting away. */
  set(userId: string, setting: PresenceSetting | undefined): Promise<void>;
  /** What clients were told last, by extension. */
  told(): Promise<ReadonlyMap<string, Presence>>;
  /** May wait a moment. */
  tell(extensionId: string, presence: Presence | undefined): void;
  flush(): Promise<void>;
}

export interface PresenceStoreOptions {
  readonly db: Database;
  readonly scheduler: Scheduler;
  readonly onError: (error: unknown) => void;
}

export function createPresenceStore({ db, scheduler, onError }: PresenceStoreOptions): PresenceStore {
  const buffer = new WriteBehind<Presence>({
    scheduler,
    onError,
    delayMs: tellableMs,
    write: async (entries) => {
      const gone = entries.filter(([, presence]) => presence === undefined).map(([id]) => id);
      const kept = entries.flatMap(([extension_id, presence]) =>
        presence === undefined ? [] : [{ extension_id, record_json: JSON.stringify(presence) }],
      );
      if (gone.length > 0) await db.deleteFrom("presence_told").where("extension_id", "in", gone).execute();
      if (kept.length === 0) return;
      await db
        .insertInto("presence_told")
        .values(kept)
        .onConflict((conflict) =>
          conflict.column("extension_id").doUpdateSet((row) => ({ record_json: row.ref("excluded.record_json") })),
        )
        .execute();
    },
  });
  return {
    settings: async () => {
      const rows = await db.selectFrom("presence_settings").selectAll().execute();
      // Written by `set` below.
      return new Map(rows.map((row) => [row.user_id, JSON.parse(row.record_json) as PresenceSetting]));
    },
    set: async (user_id, setting) => {
      if (setting === undefined) {
        await db.deleteFrom("presence_settings").where("user_id", "=", user_id).execute();
        return;
      }
      const record_json = JSON.stringify(setting);
      await db
        .insertInto("presence_settings")
        .values({ user_id, record_json })
        .onConflict((conflict) => conflict.column("user_id").doUpdateSet({ record_json }))
        .execute();
    },
    told: async () => {
      const rows = await db.selectFrom("presence_told").selectAll().execute();
      // Written by the buffer above.
      return new Map(rows.map((row) => [row.extension_id, JSON.parse(row.record_json) as Presence]));
    },
    tell: (extensionId, presence) => buffer.put(extensionId, presence),
    flush: () => buffer.flush(),
  };
}
