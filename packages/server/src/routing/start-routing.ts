import type { NewEvent } from "../event-log/event-log.ts";
import type { ConferenceDirectory } from "../conferences/conference-room.ts";
import type { ExtensionDirectory } from "../extensions/extension.ts";
import type { QueueDirectory } from "../queues/queue.ts";
import type { AuditLog } from "../storage/audit-log.ts";
import type { Database } from "../storage/open-database.ts";
import type { UserStore } from "../users/user-store.ts";
import type { NumberingPlan } from "./numbering-plan.ts";
import { createOutsideCalls, type OutsideCalls } from "./outside-calls.ts";
import { createPayerRights } from "./payer-rights.ts";
import { createRefusalReport } from "./refusal-report.ts";
import { createRoutingStore } from "./routing-store.ts";
import type { RoutingTrunks } from "./routing-trunk.ts";
import { createRuleBook } from "./rule-book.ts";

export interface RoutingParts {
  readonly db: Database;
  readonly trunks: RoutingTrunks;
  readonly extensions: Pick<ExtensionDirectory, "byId">;
  readonly queues: Pick<QueueDirectory, "byId">;
  readonly rooms: Pick<ConferenceDirectory, "byId">;
  readonly users: Pick<UserStore, "all" | "onChanged">;
  readonly audit: Pick<AuditLog, "write">;
  readonly plan: NumberingPlan;
  readonly now: () => number;
  readonly publish: (events: readonly NewEvent[]) => void;
  readonly logger: { warn(details: Readonly<Record<string, unknown>>, message: string): void };
}

/** Reads rules, time profiles and guards, and puts routing together. */
export async function startRouting(parts: RoutingParts): Promise<OutsideCalls> {
  const { db, trunks, extensions, queues, rooms, users, audit, plan, now, publish, logger } = parts;
  return createOutsideCalls({
    rules: await createRuleBook(createRoutingStore(db, now)),
    trunks,
    extensions,
    queues,
    rooms,
    rightsOf: await createPayerRights(users),
    plan,
    now,
    onRefused: createRefusalReport({ now, extension: (id) => extensions.byId(id), audit, publish, logger }),
  });
}
