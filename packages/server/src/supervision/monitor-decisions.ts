import type { MonitorMode } from "@pbx-x/protocol";
import type { BridgeId, LegId } from "@pbx-x/telephony";
import type { Call } from "../calls/call.ts";
import { type CallMonitor, stopMonitor } from "../calls/call-monitor.ts";
import { sideOf } from "../calls/command-decisions.ts";
import { stateOf } from "../calls/command-tools.ts";
import { type Decision, DecisionBuilder, type DecisionContext } from "../calls/decision.ts";
import { soundOf } from "../calls/sound.ts";
import { wireParty } from "../calls/wire-party.ts";

/** How somebody is in a call's bridge. */
export interface MonitorPlace {
  readonly bridgeId: BridgeId;
  readonly mode: "listen" | "whisper" | "talk";
  readonly whisperTo?: LegId;
}

/** Whom a whisper is for where nobody is named: the one who was called, else the caller; one of our own extensions. */
export function agentOf({ callee, caller }: Call): string | undefined {
  return callee.extensionId ?? caller.extensionId;
}

/**
 * Where a monitor's leg belongs now ([C71]); undefined while nobody talks. Who whispers only listens while the one it is for
 * is not in the talk: nobody else may hear it.
 */
export function monitorPlace(call: Call, mode: MonitorMode, monitoredId: string | undefined): MonitorPlace | undefined {
  const { stage } = call;
  if (stage.at !== "connected" && stage.at !== "conference") return undefined;
  const { bridgeId } = stage;
  // At the door of a conference there is nothing to be heard.
  if (bridgeId === undefined) return undefined;
  if (mode === "barge") return { bridgeId, mode: "talk" };
  const side = mode === "whisper" ? sideOf(call, monitoredId) : undefined;
  if (side === undefined) return { bridgeId, mode: "listen" };
  if (stage.at === "conference") {
    return side === "caller"
      ? { bridgeId, mode: "whisper", whisperTo: stage.callerLegId }
      : { bridgeId, mode: "listen" };
  }
  const whisperTo = side === "caller" ? stage.callerLegId : stage.calleeLegId;
  const isThere = soundOf(call).get(whisperTo)?.bridgeId === bridgeId;
  return isThere ? { bridgeId, mode: "whisper", whisperTo } : { bridgeId, mode: "listen" };
}

/** Somebody listens from now on, or does it in another way ([C70]). */
export function decideMonitorStarted(
  call: Call,
  monitor: CallMonitor,
  monitoredId: string | undefined,
  context: DecisionContext,
): Decision {
  const { monitorId, mode, by } = monitor;
  const side = sideOf(call, monitoredId);
  return new DecisionBuilder(call, context)
    .change({ monitors: [...call.monitors.filter((other) => other.monitorId !== monitorId), monitor] })
    .emit("CALL_MONITOR_STARTED", stateOf(call), {
      monitorId,
      mode,
      monitoredBy: wireParty(by),
      ...(side !== undefined && { monitored: wireParty(call[side]) }),
    })
    .build();
}

/** Nothing where that was told already. */
export function decideMonitorStopped(call: Call, monitorId: string, context: DecisionContext): Decision {
  const builder = new DecisionBuilder(call, context);
  stopMonitor(builder, monitorId);
  return builder.build();
}
