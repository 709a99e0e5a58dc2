import type { Scheduler, TelephonyEvent } from "@pbx-x/telephony";
import type { NewEvent } from "../event-log/event-log.ts";
import type { WriteOutcome } from "../storage/write-outcome.ts";
import { AlertDesk } from "./alert-desk.ts";
import { BlockWatch } from "./block-watch.ts";
import { DatabaseProbe } from "./database-probe.ts";
import { DatabaseWatch } from "./database-watch.ts";
import { RegistrationWatch } from "./registration-watch.ts";
import { ServiceWatch } from "./service-watch.ts";
import { readDiskSpace, type StorageLimits, StorageWatch } from "./storage-watch.ts";
import { TrunkQuality, type TrunkQualityLimits } from "./trunk-quality.ts";

export interface AlertSettings extends StorageLimits, TrunkQualityLimits {
  /** Time between two alerts of one kind. */
  readonly intervalMs: number;
  /** Time between two looks at the disk and the database. */
  readonly checkMs: number;
  /** A write to a database that takes so long is slow. */
  readonly slowWriteMs: number;
  /** Registrations a second from which on it is a storm. */
  readonly registrationsPerSecond: number;
}

export interface AlertParts {
  readonly scheduler: Scheduler;
  readonly newId: () => string;
  readonly publish: (events: readonly NewEvent[]) => void;
  readonly trunkName: (trunkId: string) => string | undefined;
  readonly dataDir: string;
  /** Writes something small to the database. */
  readonly probe: () => Promise<void>;
  readonly settings: AlertSettings;
}

/** All that watches and tells by `SYSTEM_ALERT` ([V3]). */
export interface Alerts {
  readonly desk: AlertDesk;
  readonly onTelephony: (event: TelephonyEvent) => void;
  /** A write to the database, and to the event log. */
  readonly onDatabaseWrite: (outcome: WriteOutcome) => void;
  readonly onLogWrite: (outcome: WriteOutcome) => void;
  /** Looks at the disk and the database from now on. */
  readonly start: () => void;
  readonly stop: () => void;
}

export function createAlerts(parts: AlertParts): Alerts {
  const { scheduler, newId, publish, trunkName, dataDir, probe, settings } = parts;
  const { intervalMs, checkMs: everyMs, slowWriteMs: slowMs } = settings;
  const desk = new AlertDesk({ scheduler, newId, publish, intervalMs });
  const trunks = new TrunkQuality({ scheduler, desk, trunkName, limits: settings });
  const service = new ServiceWatch(desk);
  const blocks = new BlockWatch({ scheduler, desk });
  const registrations = new RegistrationWatch({ scheduler, desk, perSecond: settings.registrationsPerSecond });
  const readSpace = () => readDiskSpace(dataDir);
  const storage = new StorageWatch({ scheduler, desk, readSpace, limits: settings, everyMs });
  const database = new DatabaseWatch({ scheduler, desk, name: "The database", slowMs });
  const eventLog = new DatabaseWatch({ scheduler, desk, name: "The event log", slowMs });
  const onDatabaseWrite = (outcome: WriteOutcome): void => database.onWrite(outcome);
  const prober = new DatabaseProbe({ scheduler, write: probe, onWrite: onDatabaseWrite, everyMs });
  return {
    desk,
    onTelephony: (event) => {
      trunks.onTelephony(event);
      service.onTelephony(event);
      blocks.onTelephony(event);
      registrations.onTelephony(event);
    },
    onDatabaseWrite,
    onLogWrite: (outcome) => eventLog.onWrite(outcome),
    start: () => {
      void storage.start();
      prober.start();
    },
    stop: () => {
      for (const part of [storage, prober, trunks, blocks, registrations, desk]) part.stop();
    },
  };
}
