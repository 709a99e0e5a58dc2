import type { Database } from "../storage/open-database.ts";
import type { Prompt } from "./prompt.ts";

const defaultMusicKey = "hold_music";

/** Prompts, and which one is the music for who waits. */
export interface PromptStore {
  load(): Promise<{ readonly prompts: readonly Prompt[]; readonly defaultMusicId: string | undefined }>;
  save(prompt: Prompt): Promise<void>;
  remove(id: string): Promise<void>;
  setDefaultMusic(id: string | undefined): Promise<void>;
}

export function createPromptStore(db: Database): PromptStore {
  return {
    load: async () => {
      const rows = await db.selectFrom("prompts").selectAll().execute();
      const chosen = await db.selectFrom("meta").select("value").where("key", "=", defaultMusicKey).executeTakeFirst();
      // Written by `save` below.
      const prompts = rows.map(({ record_json }) => JSON.parse(record_json) as Prompt);
      return { prompts, defaultMusicId: chosen?.value };
    },
    save: async (prompt) => {
      const row = { record_json: JSON.stringify(prompt), created_at: prompt.createdAtMs };
      await db
        .insertInto("prompts")
        .values({ id: prompt.id, ...row })
        .onConflict((conflict) => conflict.column("id").doUpdateSet(row))
        .execute();
    },
    remove: async (id) => {
      await db.deleteFrom("prompts").where("id", "=", id).execute();
    },
    setDefaultMusic: async (id) => {
      if (id === undefined) {
        await db.deleteFrom("meta").where("key", "=", defaultMusicKey).execute();
        return;
      }
      await db
        .insertInto("meta")
        .values({ key: defaultMusicKey, value: id })
        .onConflict((conflict) => conflict.column("key").doUpdateSet({ value: id }))
        .execute();
    },
  };
}
