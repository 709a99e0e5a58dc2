import type { NewEvent } from "../event-log/event-log.ts";
import type { Extension } from "../extensions/extension.ts";
import type { AuditLog } from "../storage/audit-log.ts";
import { maskNumber } from "./mask-number.ts";
import type { GuardReason, OutsideRefusal } from "./outside-guard.ts";

export interface RefusalReportOptions {
  readonly now: () => number;
  readonly extension: (id: string) => Extension | undefined;
  readonly audit: Pick<AuditLog, "write">;
  readonly publish: (events: readonly NewEvent[]) => void;
  readonly logger: { warn(details: Readonly<Record<string, unknown>>, message: string): void };
}

/** An alert of one reason per minute ([V3]); an entry of one extension and reason per 10 s, so that a mad phone cannot flood. */
const alertEveryMs = 60_000;
const auditEveryMs = 10_000;
const maximumKeys = 1000;

/** Tells of outside calls that were not let out: audit log, log, `SYSTEM_ALERT` ([G13]); never the whole number. */
export function createRefusalReport(options: RefusalReportOptions): (refusal: OutsideRefusal) => void {
  const { now, extension, audit, publish, logger } = options;
  const alerts = new Pace<GuardReason>(alertEveryMs, now);
  const entries = new Pace<string>(auditEveryMs, now);
  return ({ reason, why, class: kind, number, payerId, callId }) => {
    const payer = payerId === undefined ? undefined : extension(payerId);
    const who = payer?.number ?? "inbound rules";
    const refused = entries.due(`${who} ${reason}`);
    if (refused !== undefined) {
      const told = {
        reason,
        class: kind,
        number: maskNumber(number),
        refused,
        ...(callId !== undefined && { callId }),
      };
      audit.write(payer?.userId, "outside-call.refused", who, told);
      logger.warn({ extension: who, why, ...told }, "an outside call was refused");
    }
    const refusals = alerts.due(reason);
    if (refusals === undefined) return;
    publish([
      {
        type: "SYSTEM_ALERT",
        audience: {},
        data: {
          severity: "warning",
          category: "trunk",
          message: `Outside call of ${who === "inbound rules" ? "an inbound rule" : `extension ${who}`} refused: ${why}`,
          metrics: { refusals },
          causedBy: { via: "system" },
        },
      },
    ]);
  };
}

/** Lets one of a kind through per time, and counts those that were held back. */
class Pace<Key> {
  readonly #everyMs: number;
  readonly #now: () => number;
  readonly #seen = new Map<Key, { readonly atMs: number; held: number }>();

  constructor(everyMs: number, now: () => number) {
    this.#everyMs = everyMs;
    this.#now = now;
  }

  /** How many there were since the last one that was let through, this one included; undefined: too soon. */
  due(key: Key): number | undefined {
    const last = this.#seen.get(key);
    if (last !== undefined && this.#now() < last.atMs + this.#everyMs) {
      last.held += 1;
      return undefined;
    }
    this.#seen.delete(key);
    this.#seen.set(key, { atMs: this.#now(), held: 0 });
    for (const oldest of this.#seen.keys()) {
      if (this.#seen.size <= maximumKeys) break;
      this.#seen.delete(oldest);
    }
    return 1 + (last?.held ?? 0);
  }
}
