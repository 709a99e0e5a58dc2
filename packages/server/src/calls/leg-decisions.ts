import type { BridgeId, LegId } from "@pbx-x/telephony";
import { whileInConference } from "../conferences/conference-leg.ts";
import { whileParked } from "../parking/parked-leg.ts";
import { whilePickingUp } from "../parking/pick-up-decisions.ts";
import { whileQueued } from "../queues/queued-leg.ts";
import { whileAtMailbox } from "../voicemail/mailbox-leg.ts";
import { type Call, type CallStage, type Fork, isHere } from "./call.ts";
import { connect } from "./connect.ts";
import { failOver, isTrunksFault } from "./dial-outside.ts";
import { type Decision, DecisionBuilder, type DecisionContext } from "./decision.ts";
import { dialDestination, forwardInstead, redirectInstead } from "./dial-destination.ts";
import { endCall } from "./end-call.ts";
import { forkOutcome } from "./hangup-cause.ts";
import { beginHold, endHold } from "./hold-decisions.ts";
import { endOf, type LegEnded, type LegEvent, type LegSurroundings } from "./leg-event.ts";
import { holdsAfter } from "./waiting-holds.ts";
import { isExhausted, stopRinging, updateLeg } from "./ring.ts";
import { emitRinging } from "./ringing.ts";
import { tellKey } from "./tell-key.ts";
import { forgetRequest, noteRequestHold } from "./transfer-request.ts";
import { unreachable } from "./unreachable.ts";

/** What a leg's event means for its call. An event that no longer fits the stage changes nothing. */
export function decideLegEvent(
  call: Call,
  event: LegEvent,
  around: LegSurroundings,
  context: DecisionContext,
): Decision {
  const builder = new DecisionBuilder(call, context);
  const { stage, pickUp } = call;
  if (pickUp?.fork.legs.some(({ legId }) => legId === event.legId) === true) {
    return whilePickingUp(call, pickUp, event, around, context);
  }
  switch (stage.at) {
    case "originating":
      whileOriginating(builder, stage, event, around);
      break;
    case "dialling":
      whileDialling(builder, stage, event, around);
      break;
    case "connected":
      whileConnected(builder, stage, event, around);
      break;
    case "parked":
      whileParked(builder, stage, event);
      break;
    case "conference":
      whileInConference(builder, stage, event);
      break;
    case "queued":
      whileQueued(builder, stage, event, around);
      break;
    case "mailbox":
      whileAtMailbox(builder, stage, event);
      break;
    case "ended":
      break;
  }
  return builder.build();
}

type Stage<At extends CallStage["at"]> = Extract<CallStage, { at: At }>;

function whileOriginating(
  builder: DecisionBuilder,
  stage: Stage<"originating">,
  event: LegEvent,
  around: LegSurroundings,
): void {
  switch (event.type) {
    case "legRinging":
      builder.change({ stage: { ...stage, fork: markRinging(stage.fork, event) } });
      return;
    case "legAnswered":
      stopRinging(builder, stage.fork, "answered_elsewhere", event.legId);
      builder.change({
        stage: {
          at: "dialling",
          callerLegId: event.legId,
          isCallerAnswered: true,
          fork: { extensionId: "", legs: [] },
          isRinging: false,
        },
      });
      dialDestination(builder, around.destination(stage.dialled), around, {
        callerLegId: event.legId,
        isCallerAnswered: true,
      });
      return;
    case "legEnded": {
      const fork = markEnded(stage.fork, event);
      builder.change({ stage: { ...stage, fork } });
      if (isGlobalRefusal(event) || isExhausted(fork)) {
        endCall(builder, { end: forkOutcome(fork), by: "caller", gone: event.legId });
      }
      return;
    }
    default:
      return;
  }
}

function whileDialling(
  builder: DecisionBuilder,
  stage: Stage<"dialling">,
  event: LegEvent,
  around: LegSurroundings,
): void {
  if (event.legId === stage.callerLegId) {
    if (event.type === "legHeld" || event.type === "legUnheld") {
      builder.change({ stage: { ...stage, holds: holdsAfter(stage.holds ?? [], event) } });
    }
    // Who has been talking before, and waits for whom the call was passed on to.
    if (event.type === "dtmfReceived" && stage.isRinging && builder.call.answeredAtMs !== undefined) {
      tellKey(builder, event.digit, "caller", "ringing");
    }
    if (event.type !== "legEnded") return;
    const isGone = event.cause === "normal" || event.by === "remote";
    const cause = !isGone ? event.cause : builder.call.answeredAtMs === undefined ? "cancelled" : "normal";
    endCall(builder, {
      end: { ...endOf(event), cause },
      by: event.by === "remote" ? "caller" : "system",
      gone: event.legId,
    });
    return;
  }
  if (event.type === "legEnded" && forgetRequest(builder, event.legId)) return;
  if ((event.type === "legHeld" || event.type === "legUnheld") && noteRequestHold(builder, event)) return;
  switch (event.type) {
    case "legRinging":
      builder.change({ stage: { ...stage, fork: markRinging(stage.fork, event) } });
      emitRinging(builder);
      return;
    case "legEarlyMedia":
      openEarlyMedia(builder, stage, event.legId);
      return;
    case "legAnswered":
      connect(builder, stage, event.legId, around);
      return;
    case "legEnded": {
      if (isTrunksFault(endOf(event)) && failOver(builder, stage, event.legId, around)) return;
      const fork = markEnded(stage.fork, event);
      builder.change({ stage: { ...stage, fork } });
      const { redirectTo, legId: gone } = event;
      if (redirectTo !== undefined && redirectInstead(builder, { redirectTo, gone }, around)) return;
      if (isGlobalRefusal(event) || isExhausted(fork)) {
        const end = isGlobalRefusal(event) ? endOf(event) : forkOutcome(fork);
        const by = event.cause === "engine_lost" ? "system" : "callee";
        const reason = redirectTo === undefined ? {} : { reason: "redirected_to_nowhere" };
        const ending = { end, by, gone, ...reason } as const;
        if (!forwardInstead(builder, ending, around)) unreachable(builder, ending, around);
      }
      return;
    }
    default:
      return;
  }
}

function whileConnected(
  builder: DecisionBuilder,
  stage: Stage<"connected">,
  event: LegEvent,
  around: LegSurroundings,
): void {
  const side = event.legId === stage.callerLegId ? "caller" : event.legId === stage.calleeLegId ? "callee" : undefined;
  if (side === undefined) return;
  switch (event.type) {
    case "legEnded":
      endCall(builder, {
        end: endOf(event),
        by: event.by === "remote" ? side : "system",
        gone: event.legId,
      });
      return;
    case "legHeld":
      beginHold(builder, { legId: event.legId, by: "device" }, around);
      return;
    case "legUnheld":
      endHold(builder, event.legId, around);
      return;
    case "dtmfReceived":
      tellKey(builder, event.digit, side, stage.holds.length > 0 ? "held" : "answered");
      return;
    default:
      return;
  }
}

/** Only a single device can be heard before the answer; of several none is preferred. */
function openEarlyMedia(builder: DecisionBuilder, stage: Stage<"dialling">, legId: LegId): void {
  emitRinging(builder);
  if (stage.fork.legs.length !== 1 || stage.bridgeId !== undefined) return;
  if (!isHere(builder.call, stage.callerLegId)) return;
  const bridgeId = builder.newId<BridgeId>();
  const now = builder.call.stage;
  if (now.at !== "dialling") return;
  if (now.ringbackId !== undefined) builder.perform({ op: "stopPlayback", playbackId: now.ringbackId });
  const { ringbackId: _, ...rest } = now;
  builder.perform(
    { op: "createBridge", bridgeId },
    { op: "join", bridgeId, legId, mode: "talk" },
    { op: "join", bridgeId, legId: stage.callerLegId, mode: "talk" },
  );
  if (!stage.isCallerAnswered) {
    builder.perform({ op: "progress", legId: stage.callerLegId, stage: "early_media" });
  }
  builder.change({ stage: { ...rest, bridgeId, fork: updateLeg(rest.fork, legId, { status: "early_media" }) } });
}

function markRinging(fork: Fork, event: Extract<LegEvent, { type: "legRinging" }>): Fork {
  return updateLeg(fork, event.legId, { status: "ringing", allowsRemoteAnswer: event.allowsRemoteAnswer });
}

function markEnded(fork: Fork, event: LegEnded): Fork {
  return updateLeg(fork, event.legId, { status: "ended", end: endOf(event) });
}

/** 6xx speaks for the person, not for one device (RFC 3261 §21.6). */
function isGlobalRefusal({ sipCode }: LegEnded): boolean {
  return sipCode !== undefined && sipCode >= 600;
}
