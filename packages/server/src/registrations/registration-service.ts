import type { Binding, BindingId, BindingRemovedReason, TelephonyEngine, TelephonyEvent } from "@pbx-x/telephony";
import type { EventLog, NewEvent } from "../event-log/event-log.ts";
import type { ExtensionDirectory } from "../extensions/extension.ts";

/** Keeps registrations over a restart. */
export interface BindingStore {
  load(): Promise<readonly Binding[]>;
  /** Failures are the store's to log: a phone must not wait for the database. */
  save(binding: Binding): void;
  remove(bindingId: BindingId): void;
  /** Resolves when what was saved and removed before is on the disk. */
  flush(): Promise<void>;
}

export interface RegistrationServiceOptions {
  readonly engine: TelephonyEngine;
  readonly log: Pick<EventLog, "append">;
  readonly extensions: Pick<ExtensionDirectory, "byId">;
  readonly store: BindingStore;
  readonly onStoreError: (error: unknown) => void;
}

const reasons: Readonly<Record<BindingRemovedReason, "user_logout" | "timeout" | "admin_force">> = {
  unregistered: "user_logout",
  expired: "timeout",
  forced: "admin_force",
};

/**
 * Registered devices, as the engine tells them, and their events. A mere refresh is not an event: it changes only the
 * expiry, which REST shows ([E1]). A device that comes back from another address or with another contact is one ([E2]).
 */
export class RegistrationService {
  readonly #options: RegistrationServiceOptions;
  readonly #bindings = new Map<BindingId, Binding>();
  readonly #byExtension = new Map<string, Map<BindingId, Binding>>();
  /** Kept from before the restart and not yet confirmed by the engine. */
  #restoring: Map<BindingId, Binding> | undefined;

  constructor(options: RegistrationServiceOptions) {
    this.#options = options;
  }

  /** Gives the engine what was registered before the restart; what it does not take has timed out. */
  async restore(): Promise<void> {
    const { engine, store } = this.#options;
    const kept = await store.load();
    this.#restoring = new Map(kept.map((binding) => [binding.bindingId, binding]));
    if (engine.capabilities.restoreBindings && kept.length > 0) {
      await engine.perform({ op: "restoreBindings", bindings: kept });
    }
    const lost = [...this.#restoring.values()];
    this.#restoring = undefined;
    for (const binding of lost) {
      store.remove(binding.bindingId);
      this.#publish(this.#unregistered(binding, "expired"));
    }
  }

  onTelephony(event: TelephonyEvent): void {
    switch (event.type) {
      case "bindingAdded":
      case "bindingRefreshed":
        this.#onBinding(event.binding);
        return;
      case "bindingRemoved":
        this.#onRemoved(event.bindingId, event.reason);
        return;
      default:
        return;
    }
  }

  bindingsOf(extensionId: string): readonly Binding[] {
    return [...(this.#byExtension.get(extensionId)?.values() ?? [])];
  }

  all(): readonly Binding[] {
    return [...this.#bindings.values()];
  }

  /** Forced by an administrator ([R7]); false when there is no such registration. */
  async forceUnregister(bindingId: BindingId): Promise<boolean> {
    if (!this.#bindings.has(bindingId)) return false;
    const outcome = await this.#options.engine.perform({ op: "unregister", bindingId });
    return outcome.ok;
  }

  /** Nothing that was told waits to be written any more. */
  stop(): Promise<void> {
    return this.#options.store.flush();
  }

  #onBinding(binding: Binding): void {
    const wasKept = this.#restoring?.delete(binding.bindingId) ?? false;
    const before = this.#bindings.get(binding.bindingId);
    this.#keep(binding);
    this.#options.store.save(binding);
    if (wasKept || (before !== undefined && isSameDevice(before, binding))) return;
    const extension = this.#options.extensions.byId(binding.extensionId);
    if (extension === undefined) return;
    this.#publish({
      type: "EXTENSION_REGISTERED",
      audience: this.#audience(binding.extensionId),
      data: {
        extensionId: extension.id,
        number: extension.number,
        contactUri: binding.contactUri,
        userAgent: binding.userAgent,
        ipAddress: binding.ipAddress,
        transport: binding.transport,
        expiresAt: new Date(binding.expiresAtMs).toISOString(),
        bindingId: binding.bindingId,
        causedBy: { via: "phone" },
      },
    });
  }

  #keep(binding: Binding): void {
    this.#bindings.set(binding.bindingId, binding);
    const ofExtension = this.#byExtension.get(binding.extensionId) ?? new Map<BindingId, Binding>();
    this.#byExtension.set(binding.extensionId, ofExtension.set(binding.bindingId, binding));
  }

  #onRemoved(bindingId: BindingId, reason: BindingRemovedReason): void {
    const binding = this.#bindings.get(bindingId);
    this.#bindings.delete(bindingId);
    if (binding !== undefined) this.#byExtension.get(binding.extensionId)?.delete(bindingId);
    this.#options.store.remove(bindingId);
    if (binding !== undefined) this.#publish(this.#unregistered(binding, reason));
  }

  #unregistered(binding: Binding, reason: BindingRemovedReason): NewEvent {
    const number = this.#options.extensions.byId(binding.extensionId)?.number ?? "";
    return {
      type: "EXTENSION_UNREGISTERED",
      audience: this.#audience(binding.extensionId),
      data: {
        extensionId: binding.extensionId,
        number,
        reason: reasons[reason],
        bindingId: binding.bindingId,
        contactUri: binding.contactUri,
        remainingRegistrations: this.bindingsOf(binding.extensionId).length,
        causedBy: { via: reason === "unregistered" ? "phone" : reason === "forced" ? "admin" : "timer" },
      },
    };
  }

  #audience(extensionId: string): NewEvent["audience"] {
    const extension = this.#options.extensions.byId(extensionId);
    if (extension === undefined) return {};
    return {
      extensions: [{ id: extension.id, number: extension.number }],
      ...(extension.userId !== undefined && { userIds: [extension.userId] }),
    };
  }

  #publish(event: NewEvent): void {
    try {
      this.#options.log.append([event]).committed.catch(this.#options.onStoreError);
    } catch (error) {
      this.#options.onStoreError(error);
    }
  }
}

function isSameDevice(a: Binding, b: Binding): boolean {
  return (
    a.contactUri === b.contactUri &&
    a.ipAddress === b.ipAddress &&
    a.userAgent === b.userAgent &&
    a.transport === b.transport
  );
}
