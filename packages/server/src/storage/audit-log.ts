import type { NewId } from "../ids.ts";
import { contains } from "./contains.ts";
import type { Database } from "./open-database.ts";

/** A sensitive action ([R7], [W44]). Never holds a secret. */
export interface AuditEntry {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly userId: string | null;
  /** e.g. `user.create`. */
  readonly action: string;
  /** What it was done to: an id or a number. */
  readonly subject: string;
  readonly details: Readonly<Record<string, unknown>>;
}

export interface AuditLog {
  /** Failures are told by `onError`; an action is not undone because it could not be noted. */
  write(userId: string | undefined, action: string, subject: string, details?: AuditEntry["details"]): void;
  list(query: { readonly page: number; readonly limit: number; readonly search?: string | undefined }): Promise<{
    readonly entries: readonly AuditEntry[];
    readonly total: number;
  }>;
}

export interface AuditLogOptions {
  readonly now: () => number;
  /** Ids that grow with time: the oldest entry has the least. */
  readonly newId: NewId;
  readonly onError: (error: unknown) => void;
  /** Entries kept; older ones go. */
  readonly maxEntries?: number;
  /** Looked at after the first entry, and then after every so many. */
  readonly sweepEvery?: number;
}

export function createAuditLog(db: Database, options: AuditLogOptions): AuditLog {
  const { now, newId, onError, maxEntries = 100_000, sweepEvery = 1000 } = options;
  let written = 0;
  const sweep = async (): Promise<void> => {
    const oldest = await db
      .selectFrom("audit_log")
      .select("id")
      .orderBy("id", "desc")
      .offset(maxEntries)
      .limit(1)
      .execute();
    if (oldest[0] !== undefined) await db.deleteFrom("audit_log").where("id", "<=", oldest[0].id).execute();
  };
  return {
    write: (userId, action, subject, details = {}) => {
      const row = { id: newId(), at: now(), user_id: userId ?? null, action, subject };
      const stored = db
        .insertInto("audit_log")
        .values({ ...row, details_json: JSON.stringify(details) })
        .execute();
      const swept = written % sweepEvery === 0 ? stored.then(sweep) : stored;
      written += 1;
      swept.catch(onError);
    },
    list: async ({ page, limit, search }) => {
      const wanted = search ?? "";
      const matching = db
        .selectFrom("audit_log")
        .where((where) => where.or([contains(where.ref("action"), wanted), contains(where.ref("subject"), wanted)]));
      const { total } = await matching.select(({ fn }) => fn.countAll<number>().as("total")).executeTakeFirstOrThrow();
      const rows = await matching
        .selectAll()
        .orderBy("id", "desc")
        .offset((page - 1) * limit)
        .limit(limit)
        .execute();
      const entries = rows.map(({ id, at, user_id, action, subject, details_json }) => ({
        id,
        at,
        userId: user_id,
        action,
        subject,
        // Written by `write` above.
        details: JSON.parse(details_json) as AuditEntry["details"],
      }));
      return { entries, total: Number(total) };
    },
  };
}
