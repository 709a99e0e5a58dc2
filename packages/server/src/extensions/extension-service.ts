import type { Database } from "../storage/open-database.ts";
import { createTurns } from "../storage/turns.ts";
import type { NewEvent } from "../event-log/event-log.ts";
import type { Cause } from "../calls/decision.ts";
import type { SettingChanges } from "./forwarding-check.ts";
import type { Extension, ExtensionChange, ExtensionDirectory, ExtensionSecret } from "./extension.ts";
import { defaultExtension } from "./default-extension.ts";
import { hashSipPassword } from "./sip-secret.ts";

export interface ExtensionServiceOptions {
  readonly db: Database;
  readonly realm: string;
  readonly now: () => number;
  /** Answers the position of the last event; undefined where none was taken. */
  readonly publish: (events: readonly NewEvent[]) => number | undefined;
}

/** An extension after a change; `seq` is the position of its event, where there was anything to tell. */
export interface ChangedExtension {
  readonly extension: Extension;
  readonly seq: number | undefined;
}

export interface ExtensionService extends ExtensionDirectory {
  /**
   * False: the number is taken. Told by an event only where somebody caused it; what a fresh database is filled with
   * needs none.
   */
  create(extension: Extension, sipPassword: string, cause?: Cause): Promise<boolean>;
  /** False: there is no such extension. */
  remove(id: string, cause: Cause): Promise<boolean>;
  /** Undefined: there is no such extension. Undefined values in `changes` remove the field. */
  update(
    id: string,
    changes: SettingChanges,
    cause: Cause,
    sipPassword?: string,
  ): Promise<ChangedExtension | undefined>;
}

/** The extensions: read from memory, written to the database first. */
export async function createExtensionService({
  db,
  realm,
  now,
  publish,
}: ExtensionServiceOptions): Promise<ExtensionService> {
  const byId = new Map<string, Extension>();
  const byNumber = new Map<string, Extension>();
  const secrets = new Map<string, ExtensionSecret>();
  const listeners = new Set<(change: ExtensionChange) => void>();
  const inTurn = createTurns();
  /** Until the next change; every log-in and every snapshot asks for it. */
  let inOrder: readonly Extension[] | undefined;
  const keep = (extension: Extension, secret: ExtensionSecret): void => {
    inOrder = undefined;
    byId.set(extension.id, extension);
    byNumber.set(extension.number, extension);
    secrets.set(extension.id, secret);
  };
  for (const { record_json, md5, sha256 } of await db.selectFrom("extensions").selectAll().execute()) {
    // Written by `save` below; settings that came later have their defaults.
    const kept = JSON.parse(record_json) as Extension;
    keep({ ...defaultExtension(kept.id, kept.number, kept.displayName), ...kept }, { md5, sha256 });
  }
  const save = async (extension: Extension, secret: ExtensionSecret): Promise<void> => {
    const row = {
      user_id: extension.userId ?? null,
      record_json: JSON.stringify(extension),
      ...secret,
      updated_at: now(),
    };
    await db
      .insertInto("extensions")
      .values({ id: extension.id, number: extension.number, ...row })
      .onConflict((conflict) => conflict.column("id").doUpdateSet(row))
      .execute();
    const before = byId.get(extension.id);
    const isSecretNew = secrets.get(extension.id) !== secret;
    keep(extension, secret);
    for (const listener of listeners) listener({ ...(before && { before }), after: extension, isSecretNew });
  };
  return {
    byId: (id) => byId.get(id),
    byNumber: (number) => byNumber.get(number),
    all: () => (inOrder ??= [...byId.values()].toSorted((a, b) => (a.number < b.number ? -1 : 1))),
    secretOf: (id) => secrets.get(id),
    onChanged: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    create: (extension, sipPassword, cause) =>
      inTurn(async () => {
        if (byNumber.has(extension.number)) return false;
        await save(extension, hashSipPassword(extension.number, realm, sipPassword));
        if (cause !== undefined) publish([statusChanged(extension, changedSettings(undefined, extension), cause)]);
        return true;
      }),
    remove: (id, cause) =>
      inTurn(async () => {
        const before = byId.get(id);
        if (before === undefined) return false;
        await db.deleteFrom("extensions").where("id", "=", id).execute();
        inOrder = undefined;
        byId.delete(id);
        byNumber.delete(before.number);
        secrets.delete(id);
        for (const listener of listeners) listener({ before });
        publish([statusChanged(before, { deleted: true }, cause)]);
        return true;
      }),
    update: (id, changes, cause, sipPassword) =>
      inTurn(async () => {
        const before = byId.get(id);
        const kept = secrets.get(id);
        if (before === undefined || kept === undefined) return undefined;
        const given = Object.entries(changes);
        const removed = new Set(given.flatMap(([name, value]) => (value === undefined ? [name] : [])));
        const merged = Object.entries({ ...before, ...changes }).filter(([name]) => !removed.has(name));
        // A record with optional fields replaced by values of their own types, or taken out.
        const after = Object.fromEntries(merged) as unknown as Extension;
        await save(after, sipPassword === undefined ? kept : hashSipPassword(before.number, realm, sipPassword));
        const told = changedSettings(before, after);
        const seq = Object.keys(told).length > 0 ? publish([statusChanged(after, told, cause)]) : undefined;
        return { extension: after, seq };
      }),
  };
}

const toldSettings = [
  "displayName",
  "department",
  "dndEnabled",
  "forwardUnconditionalEnabled",
  "forwardUnconditionalDestination",
  "forwardOnBusyEnabled",
  "forwardOnBusyDestination",
  "forwardOnNoAnswerEnabled",
  "forwardOnNoAnswerDestination",
  "forwardOnNoAnswerTimeout",
  "voicemailEnabled",
  "language",
  "callRecordingPolicy",
  "canRecordCalls",
  "maxConcurrentCalls",
  "holdMusicPromptId",
] as const satisfies readonly (keyof Extension)[];

/** The settings that differ and that everybody may know; null where a value was taken away. */
export function changedSettings(before: Extension | undefined, after: Extension): Readonly<Record<string, unknown>> {
  const changed = toldSettings.filter((name) => before?.[name] !== after[name]);
  return Object.fromEntries(changed.map((name) => [name, after[name] ?? null]));
}

function statusChanged(extension: Extension, changes: Readonly<Record<string, unknown>>, causedBy: Cause): NewEvent {
  const { id, number, userId } = extension;
  return {
    type: "EXTENSION_STATUS_CHANGED",
    audience: { extensions: [{ id, number }], ...(userId !== undefined && { userIds: [userId] }) },
    data: { extensionId: id, number, changes, causedBy },
  };
}
