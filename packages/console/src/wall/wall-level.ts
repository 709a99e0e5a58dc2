import type { QueueStats } from "@pbx-x/protocol/runtime";

export type Level = "ok" | "warning" | "critical";

/** How a queue stands: by its longest wait, its service level against the goal, and whether anybody is there to answer. */
export function wallLevel(
  stats: Pick<
    QueueStats,
    "waitingCalls" | "longestWaitSeconds" | "availableAgents" | "busyAgents" | "serviceLevelPercent"
  >,
  goalPercent = 80,
): Level {
  const { waitingCalls, longestWaitSeconds, availableAgents, busyAgents, serviceLevelPercent = 100 } = stats;
  const isUnattended = waitingCalls > 0 && availableAgents + busyAgents === 0;
  if (isUnattended || longestWaitSeconds >= 120 || serviceLevelPercent < goalPercent - 20) return "critical";
  if (longestWaitSeconds >= 60 || serviceLevelPercent < goalPercent) return "warning";
  return "ok";
}

/** The level that is shown: another one must have lasted for 10 s ([U50]). */
export function steadyLevel(
  shown: { readonly level: Level; readonly pending?: { readonly level: Level; readonly since: number } },
  fresh: Level,
  now: number,
): { readonly level: Level; readonly pending?: { readonly level: Level; readonly since: number } } {
  if (fresh === shown.level) return { level: shown.level };
  if (shown.pending?.level !== fresh) return { level: shown.level, pending: { level: fresh, since: now } };
  return now - shown.pending.since >= 10_000 ? { level: fresh } : shown;
}
