import type { MonitorMode } from "@pbx-x/protocol";
import type { Party } from "./call.ts";
import type { DecisionBuilder } from "./decision.ts";
import { wireParty } from "./wire-party.ts";

/** Somebody who listens to a call, as it was told ([W50]). */
export interface CallMonitor {
  readonly monitorId: string;
  readonly mode: MonitorMode;
  readonly by: Party;
}

/** Exactly once for whoever began ([C70]). */
export function stopMonitor(builder: DecisionBuilder, monitorId: string): void {
  const { monitors, state } = builder.call;
  const monitor = monitors.find((other) => other.monitorId === monitorId);
  if (monitor === undefined) return;
  builder
    .change({ monitors: monitors.filter((other) => other !== monitor) })
    .emit("CALL_MONITOR_STOPPED", state, { monitorId, monitoredBy: wireParty(monitor.by) });
}

/** The call is over, and so is all listening to it. */
export function stopMonitors(builder: DecisionBuilder): void {
  for (const { monitorId } of builder.call.monitors) stopMonitor(builder, monitorId);
}
