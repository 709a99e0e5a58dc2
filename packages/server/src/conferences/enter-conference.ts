import { showParty } from "../calls/connected-line.ts";
import type { CallStage, Party } from "../calls/call.ts";
import type { DecisionBuilder } from "../calls/decision.ts";
import type { DialSurroundings } from "../calls/dial-destination.ts";
import type { CallerSide } from "../calls/leave-destination.ts";
import { tellRinging } from "../calls/ringing.ts";
import { settleRequest } from "../calls/transfer-request.ts";
import { wireParty } from "../calls/wire-party.ts";
import type { ConferenceRoom } from "./conference-room.ts";

/** The conference takes the call, as a party would ([V2]); at its door the caller may be asked for a PIN. */
export function enterConference(
  builder: DecisionBuilder,
  room: ConferenceRoom,
  { limits }: DialSurroundings,
  { callerLegId, isCallerAnswered, ringbackId, holds = [] }: CallerSide,
): void {
  const callee = { number: room.number, name: room.name };
  tellRinging(builder);
  if (ringbackId !== undefined) builder.perform({ op: "stopPlayback", playbackId: ringbackId });
  showParty(builder, callerLegId, callee);
  if (!isCallerAnswered) builder.perform({ op: "answer", legId: callerLegId });
  settleRequest(builder, "done");
  if (builder.call.answeredAtMs === undefined) builder.schedule("maximum_duration", limits.maximumDurationMs);
  goIn(builder, callee, { at: "conference", callerLegId, conferenceId: room.id, holds });
}

/** The call is with the conference from now on, as its events tell it. */
export function goIn(builder: DecisionBuilder, callee: Party, stage: Extract<CallStage, { at: "conference" }>): void {
  builder
    .change({
      stage,
      callee,
      answeredAtMs: builder.call.answeredAtMs ?? builder.nowMs,
      transfer: undefined,
      isRecall: false,
      recallReason: undefined,
    })
    .enter("talk")
    .emit("CALL_ANSWERED", "answered", { answeredBy: wireParty(callee), conferenceId: stage.conferenceId });
}
