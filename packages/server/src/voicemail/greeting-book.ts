import { readFile } from "node:fs/promises";
import { type ImportedSound, importSound, type SoundBookOptions } from "../storage/import-sound.ts";
import { createTurns } from "../storage/turns.ts";

/** What callers hear of a mailbox in place of the general words. */
export interface Greeting {
  readonly blobKey: string;
  readonly durationMs: number;
  readonly bytes: number;
  readonly createdAtMs: number;
}

/** Own greetings of mailboxes ([V35]): known in memory, the sound on the disk. */
export interface GreetingBook {
  of(boxId: string): Greeting | undefined;
  /** Undefined: the general one is used. */
  pathOf(boxId: string): Promise<string | undefined>;
  set(boxId: string, sound: Uint8Array): Promise<ImportedSound>;
  /** False where there was none. */
  remove(boxId: string): Promise<boolean>;
  /** Where a phone records one that is not kept yet; of each mailbox one at most. */
  draftPath(boxId: string): Promise<string>;
  keepDraft(boxId: string): Promise<ImportedSound>;
  dropDraft(boxId: string): Promise<void>;
}

export const maximumGreetingMs = 60_000;

export async function createGreetingBook(options: SoundBookOptions): Promise<GreetingBook> {
  const { db, blobs, newId, now } = options;
  const inTurn = createTurns();
  const rows = await db.selectFrom("voicemail_greetings").selectAll().execute();
  // Written by `set` below.
  const greetings = new Map(rows.map(({ box_id, record_json }) => [box_id, JSON.parse(record_json) as Greeting]));
  const draftKey = (boxId: string): string => `voicemail/greetings/draft-${boxId}.wav`;
  const set = (boxId: string, sound: Uint8Array): Promise<ImportedSound> =>
    inTurn(async () => {
      const id = newId();
      const blobKey = `voicemail/greetings/${id}.wav`;
      const uploadKey = `voicemail/greetings/upload-${id}.wav`;
      // What a phone recorded is a little longer than it was told to be.
      const imported = await importSound(options, { sound, blobKey, uploadKey, maxMs: maximumGreetingMs + 2000 });
      if (!imported.ok) return imported;
      const { durationMs, bytes } = imported;
      const greeting = { blobKey, durationMs, bytes, createdAtMs: now() };
      const row = { record_json: JSON.stringify(greeting) };
      await db
        .insertInto("voicemail_greetings")
        .values({ box_id: boxId, ...row })
        .onConflict((conflict) => conflict.column("box_id").doUpdateSet(row))
        .execute();
      const former = greetings.get(boxId);
      greetings.set(boxId, greeting);
      if (former !== undefined) await blobs.remove(former.blobKey);
      return imported;
    });
  return {
    of: (boxId) => greetings.get(boxId),
    pathOf: async (boxId) => {
      const greeting = greetings.get(boxId);
      // A file that was lost is no reason for silence.
      if (greeting === undefined || (await blobs.size(greeting.blobKey)) === undefined) return undefined;
      return blobs.pathFor(greeting.blobKey);
    },
    set,
    remove: (boxId) =>
      inTurn(async () => {
        const greeting = greetings.get(boxId);
        if (greeting === undefined) return false;
        await db.deleteFrom("voicemail_greetings").where("box_id", "=", boxId).execute();
        greetings.delete(boxId);
        await blobs.remove(greeting.blobKey);
        return true;
      }),
    draftPath: (boxId) => blobs.pathFor(draftKey(boxId)),
    keepDraft: async (boxId) => {
      const kept = await set(boxId, await readFile(await blobs.pathFor(draftKey(boxId))));
      await blobs.remove(draftKey(boxId));
      return kept;
    },
    dropDraft: (boxId) => blobs.remove(draftKey(boxId)),
  };
}
