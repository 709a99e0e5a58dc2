import type { Binding, Scheduler, TelephonyEngine } from "@pbx-x/telephony";
import type { Logger } from "pino";
import { CallService } from "./calls/call-service.ts";
import { createAnnouncementBook, withAnnouncements } from "./announcements/announcement-book.ts";
import type { Settings } from "./config/settings.ts";
import type { NewId } from "./ids.ts";
import type { Directory } from "./open-directory.ts";
import type { Stores } from "./open-stores.ts";
import { createPromptLibrary } from "./prompts/prompt-library.ts";
import { createPromptStore } from "./prompts/prompt-store.ts";
import { RegistrationService } from "./registrations/registration-service.ts";
import type { OutsideCalls } from "./routing/outside-calls.ts";
import { type BlobStore, createFileBlobStore } from "./storage/blob-store.ts";
import { createBindingStore } from "./storage/record-stores.ts";

export interface TelephonyParts {
  readonly settings: Settings;
  readonly stores: Stores;
  readonly directory: Directory;
  readonly engine: TelephonyEngine;
  readonly outside: OutsideCalls;
  readonly scheduler: Scheduler;
  readonly newId: NewId;
  readonly logger: Logger;
  readonly onError: (error: unknown) => void;
}

export type Telephony = Awaited<ReturnType<typeof startTelephony>>;

/** Phones, what they hear, and their calls. */
export async function startTelephony({
  settings,
  stores: { db, log, alerts },
  directory: { extensions, lots, rooms, queues },
  engine: bare,
  outside,
  scheduler,
  newId,
  logger,
  onError,
}: TelephonyParts) {
  const blobs: BlobStore = createFileBlobStore(settings.dataDir);
  const now = (): number => scheduler.now();
  const announcements = await createAnnouncementBook({ db, blobs, engine: bare, newId, now });
  const engine = withAnnouncements(bare, announcements.fileFor);
  const registrations = new RegistrationService({
    engine,
    log,
    extensions,
    store: createBindingStore({ db, scheduler, onError, onWrite: alerts.onDatabaseWrite }),
    onStoreError: onError,
  });
  const prompts = await createPromptLibrary({ store: createPromptStore(db), blobs, engine, extensions, newId, now });
  const bindingsOf = (extensionId: string): readonly Binding[] => registrations.bindingsOf(extensionId);
  const calls: CallService = new CallService({
    engine,
    log,
    extensions,
    bindingsOf,
    numbers: {
      conferenceByNumber: (number) => (engine.capabilities.conferencing ? rooms.byNumber(number) : undefined),
      queueByNumber: (number) => queues.byNumber(number),
      // A call stays where it is parked when its lot is changed.
      isParkingSlot: (number) => lots.isSlot(number) || calls.registry.inSlot(number) !== undefined,
    },
    outside,
    holdMusicFile: (extensionId) => prompts.musicOf(extensionId),
    scheduler,
    newId,
    logger,
    limits: { ringTimeoutMs: settings.sip.ringTimeoutSeconds * 1000, maximumDurationMs: 4 * 3600_000 },
  });
  return { engine, registrations, blobs, announcements, prompts, bindingsOf, calls };
}
