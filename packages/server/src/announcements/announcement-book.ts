import type { TelephonyEngine } from "@pbx-x/telephony";
import { type ImportedSound, importSound, type SoundBookOptions } from "../storage/import-sound.ts";
import { createTurns } from "../storage/turns.ts";
import { announcementFile } from "./announcement-library.ts";
import type { AnnouncementId, AnnouncementLanguage } from "./announcement-texts.ts";

/** Sound that was uploaded in place of an announcement. */
export interface OwnAnnouncement {
  readonly blobKey: string;
  readonly durationMs: number;
  readonly bytes: number;
  readonly createdAtMs: number;
}

/** What the PBX says, as it came with it or as it was uploaded ([V38]). */
export interface AnnouncementBook {
  /** Undefined: as it came. */
  ownOf(id: AnnouncementId, language: AnnouncementLanguage): OwnAnnouncement | undefined;
  /** From the next time on that it is said. */
  replace(id: AnnouncementId, language: AnnouncementLanguage, sound: Uint8Array): Promise<ImportedSound>;
  /** Back to how it came; false where it is so. */
  reset(id: AnnouncementId, language: AnnouncementLanguage): Promise<boolean>;
  /** What is played in place of a file; the file itself where nothing is. */
  readonly fileFor: (path: string) => string;
}

/** Nobody listens to more before the call goes on. */
export const maximumAnnouncementMs = 120_000;

export async function createAnnouncementBook(options: SoundBookOptions): Promise<AnnouncementBook> {
  const { db, blobs, newId, now } = options;
  const inTurn = createTurns();
  const known = new Map<string, OwnAnnouncement>();
  const paths = new Map<string, string>();
  const keyOf = (id: AnnouncementId, language: AnnouncementLanguage): string => announcementFile(id, language);
  for (const { id, language, record_json } of await db.selectFrom("announcements").selectAll().execute()) {
    // Written by `replace` below.
    const own = JSON.parse(record_json) as OwnAnnouncement;
    const key = keyOf(id as AnnouncementId, language as AnnouncementLanguage);
    known.set(key, own);
    paths.set(key, await blobs.pathFor(own.blobKey));
  }
  return {
    ownOf: (id, language) => known.get(keyOf(id, language)),
    fileFor: (path) => paths.get(path) ?? path,
    replace: (id, language, sound) =>
      inTurn(async () => {
        const key = keyOf(id, language);
        const name = `${id}-${newId()}`;
        const blobKey = `announcements/${language}/${name}.wav`;
        const uploadKey = `announcements/upload-${name}.wav`;
        const imported = await importSound(options, { sound, blobKey, uploadKey, maxMs: maximumAnnouncementMs });
        if (!imported.ok) return imported;
        const { durationMs, bytes } = imported;
        const own = { blobKey, durationMs, bytes, createdAtMs: now() };
        const row = { record_json: JSON.stringify(own) };
        await db
          .insertInto("announcements")
          .values({ id, language, ...row })
          .onConflict((conflict) => conflict.columns(["id", "language"]).doUpdateSet(row))
          .execute();
        const former = known.get(key);
        known.set(key, own);
        paths.set(key, await blobs.pathFor(blobKey));
        if (former !== undefined) await blobs.remove(former.blobKey);
        return imported;
      }),
    reset: (id, language) =>
      inTurn(async () => {
        const key = keyOf(id, language);
        const own = known.get(key);
        if (own === undefined) return false;
        await db.deleteFrom("announcements").where("id", "=", id).where("language", "=", language).execute();
        known.delete(key);
        paths.delete(key);
        await blobs.remove(own.blobKey);
        return true;
      }),
  };
}

/** The engine, with uploaded announcements in place of those that came with the PBX, wherever one is played. */
export function withAnnouncements(engine: TelephonyEngine, fileFor: AnnouncementBook["fileFor"]): TelephonyEngine {
  return {
    name: engine.name,
    capabilities: engine.capabilities,
    subscribe: (listener) => engine.subscribe(listener),
    start: () => engine.start(),
    perform: (operation) => {
      if (operation.op !== "play" || operation.source.kind !== "file") return engine.perform(operation);
      const { source } = operation;
      return engine.perform({ ...operation, source: { ...source, path: fileFor(source.path) } });
    },
    importAudio: (audio) => engine.importAudio(audio),
    usage: () => engine.usage(),
    stop: () => engine.stop(),
  };
}
