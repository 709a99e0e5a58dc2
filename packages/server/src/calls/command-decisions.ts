import type { LegId } from "@pbx-x/telephony";
import type { Call, ForkLeg } from "./call.ts";
import { type Decision, DecisionBuilder, type DecisionContext } from "./decision.ts";
import type { DialSurroundings } from "./dial-destination.ts";
import { endCall } from "./end-call.ts";
import type { HangupBy } from "./hangup-cause.ts";
import { unreachable } from "./unreachable.ts";
import { offerTo } from "../queues/queue-entry.ts";

/** Side of a call that an extension is on now. */
export function sideOf(call: Call, extensionId: string | undefined): "caller" | "callee" | undefined {
  if (extensionId === undefined) return undefined;
  if (call.caller.extensionId === extensionId) return "caller";
  if (offerTo(call, extensionId) !== undefined) return "callee";
  return call.callee.extensionId === extensionId ? "callee" : undefined;
}

/** `hangup` for one side, or for neither (a supervisor). */
export function decideHangup(call: Call, side: "caller" | "callee" | undefined, context: DecisionContext): Decision {
  const builder = new DecisionBuilder(call, context);
  const by: HangupBy = side ?? "system";
  if (call.stage.at === "connected") endCall(builder, { end: { cause: "normal" }, by });
  else if (call.answeredAtMs !== undefined) endCall(builder, { end: { cause: "normal" }, by });
  else endCall(builder, { end: { cause: side === "callee" ? "rejected" : "cancelled" }, by });
  return builder.build();
}

export function decideReject(call: Call, around: DialSurroundings, context: DecisionContext): Decision {
  const builder = new DecisionBuilder(call, context);
  unreachable(builder, { end: { cause: "rejected" }, by: "callee" }, around);
  return builder.build();
}

export function decideMaximumDuration(call: Call, context: DecisionContext): Decision {
  const builder = new DecisionBuilder(call, context);
  endCall(builder, { end: { cause: "session_timeout" }, by: "system" });
  return builder.build();
}

/** The device that a remote `answer` goes to: one that lets itself be told, else the first that rings ([W42]). */
export function deviceToAnswer(call: Call, extensionId: string): LegId | undefined {
  const fork = ringingFork(call, extensionId);
  if (fork?.extensionId !== extensionId) return undefined;
  const ringing = fork.legs.filter((leg: ForkLeg) => leg.status === "ringing" || leg.status === "early_media");
  return (ringing.find((leg) => leg.allowsRemoteAnswer) ?? ringing[0])?.legId;
}

function ringingFork(call: Call, extensionId: string) {
  if (call.stage.at === "queued") return offerTo(call, extensionId)?.fork;
  return call.stage.at === "originating" || call.stage.at === "dialling" ? call.stage.fork : undefined;
}
