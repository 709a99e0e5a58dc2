import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Scheduler } from "@pbx-x/telephony";
import { type Alerts, createAlerts } from "./alerts/start-alerts.ts";
import type { Settings } from "./config/settings.ts";
import type { EventLog, NewEvent } from "./event-log/event-log.ts";
import { createSqliteEventLog } from "./event-log/sqlite-event-log.ts";
import type { NewId } from "./ids.ts";
import { type Database, openDatabase } from "./storage/open-database.ts";
import { createProbeWrite } from "./storage/probe-write.ts";

export interface StoresParts {
  readonly settings: Settings;
  readonly scheduler: Scheduler;
  readonly newId: NewId;
  readonly onError: (error: unknown) => void;
  readonly trunkName: (trunkId: string) => string | undefined;
}

export interface Stores {
  readonly db: Database;
  readonly log: EventLog;
  /** Appends to the log; what cannot be written is told to `onError`. @returns position of the last one */
  readonly publish: (events: readonly NewEvent[]) => number;
  /** They watch over the stores, and tell by the log. */
  readonly alerts: Alerts;
}

/** Opens database and event log in the data directory, which is made when missing. */
export async function openStores({ settings, scheduler, newId, onError, trunkName }: StoresParts): Promise<Stores> {
  const { dataDir, events } = settings;
  const now = (): number => scheduler.now();
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const db = await openDatabase(join(dataDir, "pbx-x.sqlite"));
  const alerts = createAlerts({
    scheduler,
    newId,
    publish: (told) => publish(told),
    trunkName,
    dataDir,
    probe: createProbeWrite(db, now),
    settings: settings.alerts,
  });
  const log = await createSqliteEventLog({
    path: join(dataDir, "events.sqlite"),
    newId,
    now,
    limits: { keepMs: events.keepMs, keepEvents: events.keepCount },
    onTrouble: onError,
    onWrite: alerts.onLogWrite,
  });
  const publish = (added: readonly NewEvent[]): number => {
    const { committed, lastSeq } = log.append(added);
    committed.catch(onError);
    return lastSeq;
  };
  return { db, log, publish, alerts };
}
