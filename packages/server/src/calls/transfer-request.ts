import type { LegEndCause, LegId } from "@pbx-x/telephony";
import type { DecisionBuilder } from "./decision.ts";
import type { LegEvent } from "./leg-event.ts";
import { releaseLeg } from "./shared-leg.ts";

/** The phone that asked for the transfer hears what became of it, and is let go then ([C39]). */
export function settleRequest(builder: DecisionBuilder, outcome: "done" | LegEndCause): void {
  const { transfer } = builder.call;
  if (transfer?.request === undefined) return;
  const { request, ...rest } = transfer;
  const { transferRequestId, legId } = request;
  builder.perform(
    outcome === "done"
      ? { op: "acceptTransfer", transferRequestId, outcome }
      : { op: "rejectTransfer", transferRequestId, cause: outcome },
  );
  // It may be needed in another call, which it holds ([C35]).
  releaseLeg(builder, legId, "normal");
  builder.change({ transfer: rest });
}

/** It holds or resumes while it waits; true where it is that phone. */
export function noteRequestHold(
  builder: DecisionBuilder,
  { type, legId }: Extract<LegEvent, { type: "legHeld" | "legUnheld" }>,
): boolean {
  const { transfer } = builder.call;
  if (transfer?.request?.legId !== legId) return false;
  const request = { ...transfer.request, isHeldAtDevice: type === "legHeld" };
  builder.change({ transfer: { ...transfer, request } });
  return true;
}

/** It hung up before: it need not be told. */
export function forgetRequest(builder: DecisionBuilder, legId: LegId): boolean {
  const { transfer } = builder.call;
  if (transfer?.request?.legId !== legId) return false;
  const { request: _, ...rest } = transfer;
  builder.change({ transfer: rest });
  return true;
}
