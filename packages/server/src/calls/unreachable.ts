import type { TransferFailure } from "@pbx-x/protocol";
import type { LegEndCause } from "@pbx-x/telephony";
import type { DecisionBuilder } from "./decision.ts";
import type { DialSurroundings } from "./dial-destination.ts";
import { endCall, type Ending } from "./end-call.ts";
import { leaveDestination } from "./leave-destination.ts";
import { recall } from "./recall.ts";
import { settleRequest } from "./transfer-request.ts";
import { wireParty } from "./wire-party.ts";

/** Nobody took the call where it was dialled to: it ends, or comes back to the one who passed it on ([C31]). */
export function unreachable(builder: DecisionBuilder, ending: Ending, around: DialSurroundings): void {
  const { transfer, stage } = builder.call;
  if (transfer === undefined || stage.at !== "dialling") {
    const { recallReason } = builder.call;
    endCall(builder, recallReason === undefined ? ending : { ...ending, reason: recallReason });
    return;
  }
  const { transferId, type: transferType, by, target } = transfer;
  const { sipCode, cause } = ending.end;
  settleRequest(builder, cause);
  const caller = leaveDestination(builder, stage, ending.gone);
  builder.emit("CALL_TRANSFER_FAILED", "transferred", {
    transferType,
    transferredBy: wireParty(by),
    transferTarget: wireParty(target),
    transferId,
    reason: failures[cause],
    ...(sipCode !== undefined && { sipCode }),
  });
  recall(builder, by, caller, around, undefined);
}

const failures: Readonly<Record<LegEndCause, TransferFailure>> = {
  normal: "cancelled",
  busy: "busy",
  no_answer: "no_answer",
  unavailable: "offline",
  cancelled: "cancelled",
  rejected: "rejected",
  not_allowed: "rejected",
  answered_elsewhere: "cancelled",
  no_response: "no_answer",
  not_found: "not_found",
  media: "failed",
  media_timeout: "failed",
  failed: "failed",
  session_timeout: "failed",
  engine_lost: "failed",
};
