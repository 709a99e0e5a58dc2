import type { Call } from "../calls/call.ts";
import { showParty } from "../calls/connected-line.ts";
import type { DecisionBuilder } from "../calls/decision.ts";
import type { DialSurroundings } from "../calls/dial-destination.ts";
import type { CallerSide } from "../calls/leave-destination.ts";
import { partyOf, withParty } from "../calls/parties.ts";
import { settleRequest } from "../calls/transfer-request.ts";
import { wireParty } from "../calls/wire-party.ts";
import type { Extension } from "../extensions/extension.ts";

/** Whether a call that nobody takes goes to the mailbox ([V30]): not one that came back, nor a consultation, nor a call to who is called back. */
export function takesMessages(
  { isRecall, consultFor, recallReason, queue }: Call,
  { voicemailEnabled }: Pick<Extension, "voicemailEnabled">,
): boolean {
  const isForPerson = consultFor !== undefined || queue?.callback !== undefined;
  return voicemailEnabled && !isRecall && !isForPerson && recallReason === undefined;
}

/** The mailbox takes the call in the name of its extension; what is said to it is the voicemail service's business. */
export function enterMailbox(
  builder: DecisionBuilder,
  extension: Extension,
  { limits }: Pick<DialSurroundings, "limits">,
  { callerLegId, isCallerAnswered, ringbackId }: CallerSide,
): void {
  const callee = partyOf(extension);
  if (ringbackId !== undefined) builder.perform({ op: "stopPlayback", playbackId: ringbackId });
  showParty(builder, callerLegId, callee);
  if (!isCallerAnswered) builder.perform({ op: "answer", legId: callerLegId });
  settleRequest(builder, "done");
  if (builder.call.answeredAtMs === undefined) builder.schedule("maximum_duration", limits.maximumDurationMs);
  builder
    .change({
      stage: { at: "mailbox", callerLegId, extensionId: extension.id },
      callee,
      participants: withParty(builder.call, callee),
      answeredAtMs: builder.call.answeredAtMs ?? builder.nowMs,
      transfer: undefined,
      isRecall: false,
      recallReason: undefined,
    })
    .enter("talk")
    .emit("CALL_ANSWERED", "answered", { answeredBy: wireParty(callee), voicemailBoxId: extension.id });
}
