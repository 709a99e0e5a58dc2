import type { Call } from "./call.ts";
import { wireParty } from "./wire-party.ts";

/** The whole call for somebody who has not seen its beginning ([W49]). */
export function summaryOf(call: Call): Readonly<Record<string, unknown>> {
  const { direction, caller, callee, createdAtMs, answeredAtMs, forwardedFrom, transfer, isRecall, stage } = call;
  const holders =
    stage.at === "connected"
      ? [...new Set(stage.holds.map(({ legId }) => legId))].map((legId) =>
          wireParty(legId === stage.callerLegId ? caller : callee),
        )
      : [];
  return {
    direction,
    caller: wireParty(caller),
    callee: wireParty(callee),
    startedAt: new Date(createdAtMs).toISOString(),
    ...(answeredAtMs !== undefined && { answeredAt: new Date(answeredAtMs).toISOString() }),
    ...(forwardedFrom !== undefined && { forwardedFrom: wireParty(forwardedFrom) }),
    ...(transfer !== undefined && {
      transfer: {
        transferId: transfer.transferId,
        transferType: "blind",
        transferredBy: wireParty(transfer.by),
        transferTarget: wireParty(transfer.target),
      },
    }),
    isRecall,
    heldBy: holders,
  };
}
