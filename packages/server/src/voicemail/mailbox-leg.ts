import type { Call, CallStage } from "../calls/call.ts";
import { type Decision, DecisionBuilder, type DecisionContext } from "../calls/decision.ts";
import { endCall } from "../calls/end-call.ts";
import { endOf, type LegEvent } from "../calls/leg-event.ts";

/** What happens at a phone that speaks to a mailbox. Its keys are orders to the mailbox: the call's events never tell them. */
export function whileAtMailbox(
  builder: DecisionBuilder,
  { callerLegId }: Extract<CallStage, { at: "mailbox" }>,
  event: LegEvent,
): void {
  if (event.type !== "legEnded" || event.legId !== callerLegId) return;
  endCall(builder, { end: endOf(event), by: event.by === "remote" ? "caller" : "system", gone: event.legId });
}

/** The mailbox hangs up. */
export function decideMailboxDone(call: Call, context: DecisionContext): Decision {
  const builder = new DecisionBuilder(call, context);
  if (call.stage.at === "mailbox") endCall(builder, { end: { cause: "normal" }, by: "system" });
  return builder.build();
}
