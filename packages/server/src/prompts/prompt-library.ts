import type { AudioImportError, TelephonyEngine } from "@pbx-x/telephony";
import type { ExtensionDirectory } from "../extensions/extension.ts";
import type { NewId } from "../ids.ts";
import type { BlobStore } from "../storage/blob-store.ts";
import { importSound } from "../storage/import-sound.ts";
import { createTurns } from "../storage/turns.ts";
import { blobKeyOf, maximumPromptMs, maximumPrompts, type Prompt } from "./prompt.ts";
import type { PromptStore } from "./prompt-store.ts";

export interface PromptLibraryOptions {
  readonly store: PromptStore;
  readonly blobs: Pick<BlobStore, "pathFor" | "size" | "remove">;
  readonly engine: Pick<TelephonyEngine, "importAudio">;
  readonly extensions: Pick<ExtensionDirectory, "all" | "byId">;
  readonly newId: NewId;
  readonly now: () => number;
}

export type AddOutcome =
  | { readonly ok: true; readonly prompt: Prompt }
  | { readonly ok: false; readonly error: AudioImportError | "too_many" | "name_taken" };

export type RemoveOutcome =
  | { readonly ok: true; readonly prompt: Prompt }
  | { readonly ok: false; readonly error: "unknown" }
  /** Where it is played; it has to be taken away there first. */
  | { readonly ok: false; readonly error: "in_use"; readonly usedBy: readonly string[] };

/** Uploaded sound: in memory to choose from, on the disk to be played ([C24]). */
export interface PromptLibrary {
  all(): readonly Prompt[];
  byId(id: string): Prompt | undefined;
  /** @param sound as it was uploaded */
  add(name: string, sound: Uint8Array): Promise<AddOutcome>;
  /** Undefined: there is none; false: another one has the name. */
  rename(id: string, name: string): Promise<Prompt | false | undefined>;
  remove(id: string): Promise<RemoveOutcome>;
  readonly defaultMusicId: string | undefined;
  /** False: there is no such prompt. Undefined: the music that the PBX has by itself. */
  setDefaultMusic(id: string | undefined): Promise<boolean>;
  /** File that a party hears whom this extension holds; undefined for the PBX's own music. */
  musicOf(extensionId: string | undefined): string | undefined;
}

export async function createPromptLibrary(options: PromptLibraryOptions): Promise<PromptLibrary> {
  const { store, blobs, extensions, newId, now } = options;
  const kept = await store.load();
  const prompts = new Map(kept.prompts.map((prompt) => [prompt.id, prompt]));
  const paths = new Map<string, string>();
  for (const { id } of prompts.values()) paths.set(id, await blobs.pathFor(blobKeyOf(id)));
  let defaultMusicId = kept.defaultMusicId;
  const inTurn = createTurns();
  const isTaken = (name: string, except?: string): boolean =>
    [...prompts.values()].some((prompt) => prompt.name === name && prompt.id !== except);
  return {
    all: () => [...prompts.values()].toSorted((a, b) => a.name.localeCompare(b.name)),
    byId: (id) => prompts.get(id),
    add: (name, sound) =>
      inTurn(async () => {
        if (isTaken(name)) return { ok: false, error: "name_taken" };
        if (prompts.size >= maximumPrompts) return { ok: false, error: "too_many" };
        const id = newId();
        const [blobKey, uploadKey] = [blobKeyOf(id), `prompts/upload-${id}.wav`];
        const imported = await importSound(options, { sound, blobKey, uploadKey, maxMs: maximumPromptMs });
        if (!imported.ok) return imported;
        const { durationMs, bytes } = imported;
        const prompt = { id, name, durationMs, bytes, createdAtMs: now() };
        try {
          await store.save(prompt);
        } catch (error) {
          await blobs.remove(blobKey);
          throw error;
        }
        prompts.set(id, prompt);
        paths.set(id, await blobs.pathFor(blobKey));
        return { ok: true, prompt };
      }),
    rename: (id, name) =>
      inTurn(async () => {
        const prompt = prompts.get(id);
        if (prompt === undefined) return undefined;
        if (isTaken(name, id)) return false;
        const renamed = { ...prompt, name };
        await store.save(renamed);
        prompts.set(id, renamed);
        return renamed;
      }),
    remove: (id) =>
      inTurn(async () => {
        const prompt = prompts.get(id);
        if (prompt === undefined) return { ok: false, error: "unknown" };
        const users = extensions.all().filter(({ holdMusicPromptId }) => holdMusicPromptId === id);
        const usedBy = [
          ...(defaultMusicId === id ? ["the music on hold"] : []),
          ...users.map(({ number }) => `extension ${number}`),
        ];
        if (usedBy.length > 0) return { ok: false, error: "in_use", usedBy };
        await store.remove(id);
        prompts.delete(id);
        paths.delete(id);
        await blobs.remove(blobKeyOf(id));
        return { ok: true, prompt };
      }),
    get defaultMusicId() {
      return defaultMusicId;
    },
    setDefaultMusic: (id) =>
      inTurn(async () => {
        if (id !== undefined && !prompts.has(id)) return false;
        await store.setDefaultMusic(id);
        defaultMusicId = id;
        return true;
      }),
    musicOf: (extensionId) => {
      const own = extensionId === undefined ? undefined : extensions.byId(extensionId)?.holdMusicPromptId;
      return paths.get(own ?? "") ?? paths.get(defaultMusicId ?? "");
    },
  };
}
