import { type ConferenceBook, createConferenceBook } from "./conferences/conference-book.ts";
import { seedConferences } from "./conferences/seed-conferences.ts";
import type { Settings } from "./config/settings.ts";
import type { NewEvent } from "./event-log/event-log.ts";
import { createExtensionService } from "./extensions/extension-service.ts";
import type { NewId } from "./ids.ts";
import { createParkingLots } from "./parking/parking-lots.ts";
import { createQueueBook, type QueueBook } from "./queues/queue-book.ts";
import { seedQueues } from "./queues/seed-queues.ts";
import type { Database } from "./storage/open-database.ts";
import { createTrunkService } from "./trunks/trunk-service.ts";
import { seed } from "./users/seed.ts";
import { createUserStore } from "./users/user-store.ts";

export interface DirectoryParts {
  readonly settings: Settings;
  readonly db: Database;
  readonly now: () => number;
  readonly newId: NewId;
  readonly publish: (events: readonly NewEvent[]) => number;
}

export type Directory = Awaited<ReturnType<typeof openDirectory>>;

/** Everything that has a number, and the users; a new installation gets its seed ([R12]). */
export async function openDirectory({ settings, db, now, newId, publish }: DirectoryParts) {
  const extensions = await createExtensionService({ db, realm: settings.sip.realm, now, publish });
  const trunks = await createTrunkService({ db, now, publish });
  const users = createUserStore(db, now);
  const { dataDir, admin } = settings;
  const firstStart = await seed({ kind: settings.seed, dataDir, admin, users, extensions, trunks, newId });
  const lots = await createParkingLots({
    db,
    newId,
    now,
    extensionNumbers: () => extensions.all().map(({ number }) => number),
  });
  const isTaken = (number: string): boolean =>
    [extensions, rooms, queues].some((numbers) => numbers.byNumber(number) !== undefined) || lots.isSlot(number);
  const rooms: ConferenceBook = await createConferenceBook({ db, now, isTaken });
  const queues: QueueBook = await createQueueBook({ db, now, isTaken });
  if (firstStart !== undefined && settings.seed === "demo") {
    await seedConferences({ rooms, extensions, newId });
    await seedQueues({ queues, extensions, newId });
  }
  return { extensions, trunks, users, lots, rooms, queues, firstStart };
}
