import type { AlertSeverity } from "@pbx-x/protocol";

/** What was told of one kind of trouble; `info` where all is well. */
export interface Told {
  readonly severity: AlertSeverity;
  readonly atMs?: number;
}

export type Telling = "nothing" | "now" | { readonly waitMs: number };

/** Whether a change is told: at most one of a kind per interval ([U1]); what is the same again meanwhile is not told at all. */
export function judgeTelling(told: Told, severity: AlertSeverity, nowMs: number, intervalMs: number): Telling {
  if (told.severity === severity) return "nothing";
  const waitMs = told.atMs === undefined ? 0 : told.atMs + intervalMs - nowMs;
  return waitMs > 0 ? { waitMs } : "now";
}
