import type { TelephonyEngine, TelephonyEvent } from "@pbx-x/telephony";
import type { Revocation } from "../auth/identity.ts";
import { type Call, extensionsIn } from "../calls/call.ts";
import type { CallService } from "../calls/call-service.ts";
import type { EventLog } from "../event-log/event-log.ts";
import type { ExtensionDirectory } from "../extensions/extension.ts";
import type { ParkingLots } from "../parking/parking-lots.ts";
import type { MailboxStates } from "../voicemail/mailbox-states.ts";
import { LampService } from "./lamp-service.ts";
import { dialogOf } from "./lamps.ts";
import { PresenceService } from "./presence-service.ts";
import type { PresenceStore } from "./presence-store.ts";
import { SlotLamps } from "./slot-lamps.ts";

export interface PresenceParts {
  readonly engine: Pick<TelephonyEngine, "capabilities" | "perform">;
  readonly log: Pick<EventLog, "append" | "read" | "head" | "oldest">;
  readonly extensions: Pick<ExtensionDirectory, "all" | "byId" | "byNumber" | "onChanged">;
  readonly calls: Pick<CallService, "registry" | "onChanged">;
  readonly lots: Pick<ParkingLots, "all" | "onChanged">;
  readonly mailboxes: Pick<MailboxStates, "shownOf" | "onChanged">;
  readonly isRegistered: (extensionId: string) => boolean;
  readonly hasSession: (userId: string) => boolean;
  readonly onRevoked: (listener: (revocation: Revocation) => void) => void;
  readonly store: PresenceStore;
  readonly logger: { warn(details: Readonly<Record<string, unknown>>, message: string): void };
  readonly onError: (error: unknown) => void;
}

export interface PresenceSlice {
  readonly service: PresenceService;
  readonly lamps: LampService;
  /** Before phones can reach the engine: what was told last is there to be watched. */
  load(): Promise<void>;
  /** After the registrations know of the event. */
  onTelephony(event: TelephonyEvent): void;
}

/** Presence and lamps, listening to everything that changes them. */
export function createPresence(parts: PresenceParts): PresenceSlice {
  const { engine, log, extensions, calls, lots, store, logger, onError } = parts;
  const callsOf = (extensionId: string): readonly Call[] => calls.registry.ofExtension(extensionId);
  const service = new PresenceService({
    log,
    extensions,
    store,
    isInCall: (id) => callsOf(id).some((call) => dialogOf(call, id)?.state === "confirmed"),
    isRegistered: parts.isRegistered,
    hasSession: parts.hasSession,
    onChanged: (extensionId) => lamps.refresh(extensionId),
    onError,
  });
  const lamps = new LampService({
    engine,
    extensions,
    callsOf,
    presenceOf: (extensionId) => service.of(extensionId),
    messagesOf: (extension) => parts.mailboxes.shownOf(extension),
    onRefused: (number, detail) => logger.warn({ number, detail }, "the engine does not show a number's state"),
  });
  const slots = new SlotLamps({
    lamps,
    lots: () => lots.all(),
    callIn: (slot) => calls.registry.inSlot(slot),
    isShadowed: (slot) => extensions.byNumber(slot) !== undefined,
  });
  parts.mailboxes.onChanged((boxId) => lamps.refresh(boxId));
  lots.onChanged(() => slots.refreshAll());
  const refresh = (ids: Iterable<string>): void => {
    service.refresh(ids);
    for (const id of ids) lamps.refresh(id);
  };
  calls.onChanged((before, after) => {
    refresh(new Set([...(before === undefined ? [] : extensionsIn(before)), ...extensionsIn(after)]));
    slots.onCall(before, after);
  });
  extensions.onChanged((change) => {
    service.onExtension(change);
    if (change.after !== undefined) lamps.refresh(change.after.id);
    else if (change.before !== undefined) lamps.withdraw(change.before.number);
    if (change.before === undefined || change.after === undefined) slots.refreshAll();
  });
  // Who may not come back has no wishes any more.
  parts.onRevoked(({ userId, kind }) => {
    if (kind === "ended") service.set(userId, undefined, { via: "admin" }).catch(onError);
  });
  return {
    service,
    lamps,
    load: async () => {
      await service.load();
      for (const { id } of extensions.all()) lamps.refresh(id);
      slots.refreshAll();
    },
    onTelephony: (event) => {
      if (event.type === "bindingAdded") service.refresh([event.binding.extensionId]);
      else if (event.type === "bindingRemoved") service.refresh([event.extensionId]);
    },
  };
}
