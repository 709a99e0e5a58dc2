import type { Scheduler, TelephonyEvent } from "@pbx-x/telephony";
import type { Logger } from "pino";
import { startConferences } from "./conferences/start-conferences.ts";
import type { Settings } from "./config/settings.ts";
import { createControlCommands } from "./control-commands.ts";
import { createExtensionCommands } from "./extensions/extension-commands.ts";
import { createExtensionSettings } from "./extensions/extension-settings.ts";
import { FeatureCodeService } from "./extensions/feature-code-service.ts";
import type { NewId } from "./ids.ts";
import type { Directory } from "./open-directory.ts";
import type { Stores } from "./open-stores.ts";
import { ParkingService } from "./parking/parking-service.ts";
import { createAcdStore } from "./queues/acd-store.ts";
import type { QueueParts } from "./queues/start-queues.ts";
import { startQueues } from "./queues/start-queues.ts";
import { startRecordings } from "./recordings/start-recordings.ts";
import type { Telephony } from "./start-telephony.ts";
import type { AuditLog } from "./storage/audit-log.ts";
import { createMonitorCommands } from "./supervision/monitor-commands.ts";
import { MonitorService } from "./supervision/monitor-service.ts";
import { startVoicemail } from "./voicemail/start-voicemail.ts";

export interface FeatureParts {
  readonly settings: Settings;
  readonly stores: Stores;
  readonly directory: Directory;
  readonly telephony: Telephony;
  readonly audit: AuditLog;
  readonly scheduler: Scheduler;
  readonly newId: NewId;
  readonly logger: Logger;
  readonly onError: (error: unknown) => void;
  readonly watchers: QueueParts["watchers"];
}

export type Features = Awaited<ReturnType<typeof startFeatures>>;

/** What can be done with a call beyond speaking: recording, mailboxes, parking, rooms, queues, supervision. */
export async function startFeatures({
  settings,
  stores: { db, log, publish, alerts },
  directory: { extensions, users, lots, rooms, queues: queueBook },
  telephony: { engine, calls, blobs, bindingsOf },
  audit,
  scheduler,
  newId,
  logger,
  onError,
  watchers,
}: FeatureParts) {
  const recordings = await startRecordings({
    db,
    blobs,
    log,
    engine,
    calls,
    extensions,
    audit,
    scheduler,
    settings: settings.recordings,
    onError,
    publish,
    conferences: () => conferences.service,
  });
  const { recovered } = recordings;
  if (recovered > 0) logger.warn({ recordings: recovered }, "recordings of the last run were ended");
  const voicemail = await startVoicemail({
    db,
    blobs,
    log,
    engine,
    calls,
    extensions,
    scheduler,
    settings: { ...settings.voicemail, minFreeBytes: settings.recordings.minFreeBytes },
    mail: { settings: settings.mail, users, alertDesk: alerts.desk, logger },
    onError,
  });
  const conferences = startConferences({
    calls,
    rooms,
    extensions,
    publish,
    scheduler,
    audit,
    watchers,
    recordings: recordings.rooms,
  });
  const queues = await startQueues({
    calls,
    queues: queueBook,
    extensions,
    bindingsOf,
    publish,
    scheduler,
    random: Math.random,
    log,
    store: createAcdStore(db),
    onError,
    watchers,
  });
  const extensionSettings = createExtensionSettings({ extensions, audit, route: (dialled) => calls.route(dialled) });
  const featureCodes = new FeatureCodeService({
    settings: extensionSettings,
    agents: (extension, action) => queues.dialled(extension, action),
    perform: (operation) => engine.perform(operation),
    scheduler,
    newId,
    onError,
  });
  calls.services.add("feature_code", (offered, { code }) => void featureCodes.offered(offered, code));
  const monitors = new MonitorService({ engine, calls });
  const parking = new ParkingService({ calls, lots: () => lots.all() });
  const callCommands = {
    ...createControlCommands({ calls, parking, extensions, bindingsOf, audit }),
    ...createMonitorCommands({ calls, monitors, extensions, bindingsOf, audit, scheduler }),
  };
  return {
    recordings,
    voicemail,
    conferences,
    queues,
    monitors,
    extensionSettings,
    callCommands,
    commands: {
      ...callCommands,
      ...queues.commands,
      ...recordings.commands,
      ...voicemail.commands,
      ...conferences.commands,
      ...createExtensionCommands({ settings: extensionSettings }),
    },
    /** In this order: a room hears of a leg before its call does. */
    onTelephony(event: TelephonyEvent): void {
      conferences.onTelephony(event);
      calls.onTelephony(event);
      queues.onTelephony(event);
      recordings.service.onTelephony(event);
      voicemail.onTelephony(event);
      featureCodes.onTelephony(event);
      monitors.onTelephony(event);
    },
  };
}
