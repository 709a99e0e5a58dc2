import { createCallTestbench } from "../calls/call-testbench.ts";
import { createMemoryEventLog } from "../event-log/memory-event-log.ts";
import type { EventLog } from "../event-log/event-log.ts";
import type { Extension, ExtensionChange } from "../extensions/extension.ts";
import type { Revocation } from "../auth/identity.ts";
import type { ParkingLot } from "../parking/parking-lot.ts";
import { MailboxStates } from "../voicemail/mailbox-states.ts";
import { createPresence } from "./create-presence.ts";
import type { Presence, PresenceSetting } from "./presence.ts";
import type { PresenceStore } from "./presence-store.ts";

export type MemoryPresenceStore = PresenceStore & {
  readonly kept: { readonly settings: Map<string, PresenceSetting>; readonly told: Map<string, Presence> };
};

export function createMemoryPresenceStore(): MemoryPresenceStore {
  const settings = new Map<string, PresenceSetting>();
  const told = new Map<string, Presence>();
  return {
    kept: { settings, told },
    settings: async () => settings,
    set: async (userId, setting) => {
      if (setting === undefined) settings.delete(userId);
      else settings.set(userId, setting);
    },
    told: async () => told,
    tell: (extensionId, presence) => {
      if (presence === undefined) told.delete(extensionId);
      else told.set(extensionId, presence);
    },
    flush: async () => undefined,
  };
}

export interface PresenceBenchOptions {
  /** From a run before. */
  readonly store?: MemoryPresenceStore;
  readonly log?: EventLog;
}

/** Presence and lamps of 200, 201 and 202, with calls on the fake engine. */
export async function createPresenceBench(options: PresenceBenchOptions = {}) {
  const bench = await createCallTestbench();
  let ids = 0;
  const newId = (): string => `event-${(ids += 1)}`;
  const log = options.log ?? createMemoryEventLog({ newId, now: () => bench.scheduler.now() });
  const store = options.store ?? createMemoryPresenceStore();
  const sessions = new Set<string>();
  const changed = new Map<string, Extension>();
  const removed = new Set<string>();
  const listeners = new Set<(change: ExtensionChange) => void>();
  const lotListeners = new Set<() => void>();
  const revocations = new Set<(revocation: Revocation) => void>();
  const byId = (id: string): Extension | undefined =>
    removed.has(id) ? undefined : (changed.get(id) ?? bench.extensions.byId(id));
  const all = (): readonly Extension[] =>
    [...bench.extensions.all().map(({ id }) => id), ...changed.keys()].flatMap((id) => byId(id) ?? []);
  const mailboxes = new MailboxStates(new Map());
  const presence = createPresence({
    engine: bench.engine,
    log,
    extensions: {
      byId,
      byNumber: (number) => all().find((extension) => extension.number === number),
      all,
      onChanged: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    calls: bench.calls,
    lots: { all: () => bench.lots, onChanged: (listener) => void lotListeners.add(listener) },
    mailboxes,
    isRegistered: (id) => bench.registrations.bindingsOf(id).length > 0,
    hasSession: (userId) => sessions.has(userId),
    onRevoked: (listener) => void revocations.add(listener),
    store,
    logger: { warn: () => undefined },
    onError: (error) => {
      throw error;
    },
  });
  bench.engine.subscribe((event) => presence.onTelephony(event));
  await presence.load();
  presence.service.refreshAll();
  const idOf = (number: string): string => bench.extensions.byNumber(number)?.id ?? "";
  return {
    ...bench,
    log,
    store,
    mailboxes,
    presence,
    idOf,
    /** In words: `busy In a call`. */
    shown: (number: string): string => {
      const { presenceStatus, statusMessage, isManual } = presence.service.of(idOf(number));
      return [presenceStatus, ...(isManual ? ["(manual)"] : []), ...(statusMessage ? [statusMessage] : [])].join(" ");
    },
    /** What was told, as `number status`, oldest first. */
    told: async (): Promise<readonly string[]> => {
      await bench.settle();
      const events = await log.read({ after: 0, limit: 1000 });
      return events.map(({ json }) => {
        const { data } = JSON.parse(json) as { data: { number: string; presenceStatus: string } };
        return `${data.number} ${data.presenceStatus}`;
      });
    },
    setSession: (userId: string, isThere: boolean): void => {
      if (isThere) sessions.add(userId);
      else sessions.delete(userId);
      presence.service.refreshUser(userId);
    },
    /** Undefined removes it. */
    changeExtension: (id: string, changes: Partial<Extension> | undefined): void => {
      const before = byId(id);
      const base = before ?? bench.extensions.all()[0];
      if (base === undefined) throw new Error("there are no extensions");
      const after = changes === undefined ? undefined : { ...base, id, ...changes };
      if (after === undefined) removed.add(id);
      else changed.set(id, after);
      for (const listener of listeners) {
        listener({ ...(before !== undefined && { before }), ...(after !== undefined && { after }) });
      }
    },
    /** Replaces all parking lots. */
    changeLots: (...lots: readonly ParkingLot[]): void => {
      bench.lots.splice(0, bench.lots.length, ...lots);
      for (const listener of lotListeners) listener();
    },
    revoke: (revocation: Revocation): void => {
      for (const listener of revocations) listener(revocation);
    },
  };
}
