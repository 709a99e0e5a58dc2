import type { CallState } from "./call-values.ts";
import type { ErrorCode } from "./error-codes.ts";
import type { Call } from "./model/entities.ts";
import type { Permission } from "./permissions.ts";

/** Commands on a call whose buttons depend on its state ([W46]). */
export const callActions = [
  "answer",
  "reject",
  "redirect",
  "attachData",
  "pickup",
  "hangup",
  "hold",
  "unhold",
  "mute",
  "unmute",
  "sendDtmf",
  "transferBlind",
  "transferAttended",
  "consult",
  "cancelTransfer",
  "swap",
  "conferenceMerge",
  "park",
  "recordStart",
  "recordStop",
  "recordPause",
  "recordResume",
  "monitor",
  "monitorStop",
] as const;
export type CallAction = (typeof callActions)[number];

/** Who asks. */
export interface Actor {
  readonly permissions: ReadonlySet<Permission>;
  readonly extensionId?: string;
  readonly extensionNumber?: string;
}

export type Allowance =
  | { readonly ok: true }
  | {
      readonly ok: false;
      readonly code: Extract<ErrorCode, "UNAUTHORIZED" | "INVALID_STATE">;
      readonly reason: ActionRefusal;
    };

/** Why an action is not possible; a word for a text in the user's language. */
export type ActionRefusal =
  | "not_a_party"
  | "no_permission"
  | "call_ended"
  | "not_ringing"
  | "not_ringing_here"
  | "not_answered"
  | "already_held"
  | "not_held"
  | "parked"
  | "already_recording"
  | "not_recording"
  | "recording_paused"
  | "recording_by_policy"
  | "not_monitoring"
  | "own_call"
  | "being_transferred"
  | "in_conference";

/** What of a call the judgement rests on. */
export type Judged = Pick<
  Call,
  "state" | "caller" | "callee" | "answeredBy" | "heldBy" | "recording" | "monitors" | "legs" | "conferenceId"
>;

export type AllowedActions = { readonly [Action in CallAction]: Allowance };

/** Which commands are possible on a call for this actor now, and why not where not ([W46]). Pure. */
export function allowedActions(call: Judged, who: Actor): AllowedActions {
  return Object.fromEntries(callActions.map((action) => [action, allowance(action, call, who)])) as AllowedActions;
}

const yes: Allowance = { ok: true };

/** Whether one command is possible now, and why not ([W46]). */
export function allowance(action: CallAction, call: Judged, who: Actor): Allowance {
  const denied = rightFor(action, call, who);
  if (denied !== undefined) return { ok: false, code: "UNAUTHORIZED", reason: denied };
  const reason = call.state === "ended" ? "call_ended" : stateAgainst(action, call, who);
  return reason === undefined ? yes : { ok: false, code: "INVALID_STATE", reason };
}

function rightFor(action: CallAction, call: Judged, who: Actor): ActionRefusal | undefined {
  const has = (permission: Permission): boolean => who.permissions.has(permission);
  const isOwn = sideOf(call, who) !== undefined;
  switch (action) {
    case "recordStart":
    case "recordStop":
    case "recordPause":
    case "recordResume":
      if (has("calls.record.others")) return undefined;
      if (!has("calls.record")) return "no_permission";
      return isOwn ? undefined : "not_a_party";
    case "monitor":
    case "monitorStop":
      return has("calls.monitor") ? undefined : "no_permission";
    case "pickup":
      return has("calls.control.own") || has("calls.control.all") ? undefined : "no_permission";
    default:
      if (has("calls.control.all")) return undefined;
      if (!has("calls.control.own")) return "no_permission";
      return isOwn ? undefined : "not_a_party";
  }
}

const talking: ReadonlySet<CallState> = new Set(["answered", "held"]);

function stateAgainst(action: CallAction, call: Judged, who: Actor): ActionRefusal | undefined {
  const isTalking = talking.has(call.state);
  switch (action) {
    case "hangup":
    case "attachData":
      return undefined;
    case "answer":
    case "reject":
    case "redirect": {
      // A call that was begun by command rings at its caller first ([W41]).
      if (action === "answer" && call.state === "initiated" && sideOf(call, who) === "caller") return undefined;
      if (call.state !== "ringing") return "not_ringing";
      const mayForOthers = who.permissions.has("calls.control.all");
      return sideOf(call, who) === "callee" || mayForOthers ? undefined : "not_ringing_here";
    }
    case "pickup":
      if (call.state !== "ringing" && call.state !== "parked") return "not_ringing";
      return sideOf(call, who) === undefined ? undefined : "own_call";
    case "unhold":
      return isHeldBy(call, who) ? undefined : "not_held";
    case "hold":
      if (!isTalking) return notTalking(call);
      if (call.conferenceId !== undefined) return "in_conference";
      return isHeldBy(call, who) && !who.permissions.has("calls.control.all") ? "already_held" : undefined;
    case "transferBlind":
    case "transferAttended":
    case "consult":
    case "mute":
    case "unmute":
    case "sendDtmf":
    case "park":
    case "cancelTransfer":
    case "swap":
      if (!isTalking) return notTalking(call);
      return call.conferenceId === undefined ? undefined : "in_conference";
    // One more comes into a conference that was made so.
    case "conferenceMerge":
    case "monitor":
      return isTalking ? undefined : notTalking(call);
    case "recordStart":
      if (!isTalking) return notTalking(call);
      return call.recording === undefined ? undefined : "already_recording";
    case "recordStop": {
      if (call.recording === undefined) return "not_recording";
      const mayForOthers = who.permissions.has("calls.record.others");
      return call.recording.isByPolicy === true && !mayForOthers ? "recording_by_policy" : undefined;
    }
    case "recordPause":
      if (call.recording === undefined) return "not_recording";
      return call.recording.state === "paused" ? "recording_paused" : undefined;
    case "recordResume":
      return call.recording?.state === "paused" ? undefined : "not_recording";
    case "monitorStop":
      return call.monitors.length > 0 ? undefined : "not_monitoring";
  }
}

function notTalking(call: Judged): ActionRefusal {
  if (call.state === "parked") return "parked";
  return call.state === "transferred" ? "being_transferred" : "not_answered";
}

function isHeldBy(call: Judged, who: Actor): boolean {
  return (
    call.heldBy.some((party) => isSame(party, who)) ||
    (who.permissions.has("calls.control.all") && call.heldBy.length > 0)
  );
}

/** The actor's present part in the call: `answeredBy` overrules the callee that was rung. */
function sideOf(call: Judged, who: Actor): "caller" | "callee" | undefined {
  const callee = call.state === "ringing" ? call.callee : (call.answeredBy ?? call.callee);
  if (callee !== undefined && isSame(callee, who)) return "callee";
  if (call.caller !== undefined && isSame(call.caller, who)) return "caller";
  const leg = call.legs.find(({ extensionId }) => extensionId !== undefined && extensionId === who.extensionId);
  return leg === undefined || leg.side === "monitor" ? undefined : leg.side;
}

function isSame(party: { readonly number: string; readonly extensionId?: string }, who: Actor): boolean {
  if (party.extensionId !== undefined && who.extensionId !== undefined) return party.extensionId === who.extensionId;
  return who.extensionNumber !== undefined && party.number === who.extensionNumber;
}
