import type { Cause } from "../calls/decision.ts";
import type { EventLog, NewEvent } from "../event-log/event-log.ts";
import type { Extension, ExtensionChange, ExtensionDirectory } from "../extensions/extension.ts";
import { createTurns } from "../storage/turns.ts";
import { derivePresence, isSamePresence, type Presence, type PresenceSetting, unknownPresence } from "./presence.ts";
import type { PresenceStore } from "./presence-store.ts";
import { presenceToldIn } from "./told-presence.ts";

export interface PresenceServiceOptions {
  readonly log: Pick<EventLog, "append" | "read" | "head" | "oldest">;
  readonly extensions: Pick<ExtensionDirectory, "all" | "byId">;
  readonly store: PresenceStore;
  readonly isInCall: (extensionId: string) => boolean;
  readonly isRegistered: (extensionId: string) => boolean;
  readonly hasSession: (userId: string) => boolean;
  /** After each extension's presence changed. */
  readonly onChanged: (extensionId: string) => void;
  readonly onError: (error: unknown) => void;
}

const derived: Cause = { via: "system" };

/** Presence of users: kept in step with settings, calls, phones and sessions; each visible change is one event ([P3]). */
export class PresenceService {
  readonly #options: PresenceServiceOptions;
  readonly #settings = new Map<string, PresenceSetting>();
  /** What clients were told last. */
  readonly #told = new Map<string, Presence>();
  readonly #byUser = new Map<string, Set<string>>();
  readonly #inTurn = createTurns();

  constructor(options: PresenceServiceOptions) {
    this.#options = options;
  }

  /** What the last run left: settings, and what clients were told. */
  async load(): Promise<void> {
    const { store, log, extensions } = this.#options;
    for (const extension of extensions.all()) this.#assign(extension);
    for (const [userId, setting] of await store.settings()) this.#settings.set(userId, setting);
    for (const [extensionId, presence] of await store.told()) this.#told.set(extensionId, presence);
    // The store may lag behind a crash by a moment; the log does not.
    for (const [extensionId, presence] of await presenceToldIn(log)) this.#told.set(extensionId, presence);
    for (const extensionId of this.#told.keys()) {
      if (extensions.byId(extensionId) === undefined) this.#told.delete(extensionId);
    }
  }

  /** As it was told last. */
  of(extensionId: string): Presence {
    return this.#told.get(extensionId) ?? unknownPresence;
  }

  /** Undefined: nothing is set by hand. */
  settingOf(userId: string): PresenceSetting | undefined {
    return this.#settings.get(userId);
  }

  /** Tells what is different now. Returns the position of the last event, undefined where there is none. */
  refresh(extensionIds: Iterable<string>, cause: Cause = derived): number | undefined {
    const { extensions, onChanged, store } = this.#options;
    const ids = new Set([...extensionIds].flatMap((id) => this.#beside(id)));
    const changed = [...ids].flatMap((id) => {
      const extension = extensions.byId(id);
      const presence = extension === undefined ? undefined : this.#compute(extension);
      if (extension === undefined || presence === undefined || isSamePresence(presence, this.of(id))) return [];
      this.#told.set(id, presence);
      store.tell(id, presence);
      return [presenceUpdated(extension, presence, cause)];
    });
    if (changed.length === 0) return undefined;
    const seq = this.#append(changed);
    for (const { data } of changed) onChanged(String(data["extensionId"]));
    return seq;
  }

  refreshAll(): void {
    this.refresh(this.#options.extensions.all().map(({ id }) => id));
  }

  /** A user's first session began, or the last one is over. */
  refreshUser(userId: string): void {
    this.refresh(this.#byUser.get(userId) ?? []);
  }

  /** Sets a user's presence by hand, or gives it back to what follows from the rest; stored before it is told. */
  set(userId: string, setting: PresenceSetting | undefined, cause: Cause): Promise<number | undefined> {
    return this.#inTurn(async () => {
      await this.#options.store.set(userId, setting);
      if (setting === undefined) this.#settings.delete(userId);
      else this.#settings.set(userId, setting);
      return this.refresh(this.#byUser.get(userId) ?? [], cause);
    });
  }

  onExtension({ before, after }: ExtensionChange): void {
    const userIds = new Set([before?.userId, after?.userId].filter((userId) => userId !== undefined));
    if (before !== undefined && before.userId !== after?.userId) this.#release(before);
    if (after === undefined && before !== undefined) {
      this.#told.delete(before.id);
      this.#options.store.tell(before.id, undefined);
    }
    if (after !== undefined) this.#assign(after);
    const others = [...userIds].flatMap((userId) => [...(this.#byUser.get(userId) ?? [])]);
    this.refresh(after === undefined ? others : [after.id, ...others]);
  }

  #compute(extension: Extension): Presence {
    const { extensions, isInCall, isRegistered, hasSession } = this.#options;
    const { userId } = extension;
    const ids = this.#beside(extension.id);
    return derivePresence({
      setting: userId === undefined ? undefined : this.#settings.get(userId),
      isInCall: ids.some(isInCall),
      isDnd: ids.every((id) => extensions.byId(id)?.dndEnabled === true),
      isReachable: ids.some(isRegistered) || (userId !== undefined && hasSession(userId)),
    });
  }

  /** All extensions of the same user: presence is the user's. */
  #beside(extensionId: string): readonly string[] {
    const userId = this.#options.extensions.byId(extensionId)?.userId;
    return userId === undefined ? [extensionId] : [...(this.#byUser.get(userId) ?? [extensionId])];
  }

  #assign({ id, userId }: Extension): void {
    if (userId !== undefined) this.#byUser.set(userId, (this.#byUser.get(userId) ?? new Set()).add(id));
  }

  #release({ id, userId = "" }: Extension): void {
    const ids = this.#byUser.get(userId);
    ids?.delete(id);
    if (ids?.size === 0) this.#byUser.delete(userId);
  }

  #append(events: readonly NewEvent[]): number | undefined {
    const { log, onError } = this.#options;
    try {
      const receipt = log.append(events);
      receipt.committed.catch(onError);
      return receipt.lastSeq;
    } catch (error) {
      onError(error);
      return undefined;
    }
  }
}

/** The event that tells a presence; it holds the whole of it. */
export function presenceUpdated({ id, number, userId }: Extension, presence: Presence, causedBy: Cause): NewEvent {
  return {
    type: "PRESENCE_UPDATED",
    audience: { extensions: [{ id, number }], ...(userId !== undefined && { userIds: [userId] }) },
    data: { ...(userId !== undefined && { userId }), extensionId: id, number, ...presence, causedBy },
  };
}
