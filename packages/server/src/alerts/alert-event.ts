import type { AlertCategory, AlertSeverity } from "@pbx-x/protocol";
import type { NewEvent } from "../event-log/event-log.ts";

export interface Alert {
  /** The same at the beginning and the end of one trouble. */
  readonly alertId: string;
  readonly severity: AlertSeverity;
  readonly category: AlertCategory;
  /** For people; no secret. */
  readonly message: string;
  readonly trunkId?: string;
  readonly metrics?: Readonly<Record<string, number>>;
  readonly isOver?: boolean;
}

/** `SYSTEM_ALERT` (§3.8). */
export function systemAlert(alert: Alert): NewEvent {
  return { type: "SYSTEM_ALERT", audience: {}, data: { ...alert, causedBy: { via: "system" } } };
}
