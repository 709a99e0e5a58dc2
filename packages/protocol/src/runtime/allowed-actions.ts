import type { ErrorCode } from "./error-codes.ts";
import type { Call } from "./model/entities.ts";
import type { Permission } from "./permissions.ts";

export type CallAction = keyof typeof rules;

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
  const [right, against] = rules[action];
  const denied = right(call, who);
  if (denied !== undefined) return { ok: false, code: "UNAUTHORIZED", reason: denied };
  const reason = call.state === "ended" ? "call_ended" : against(call, who);
  return reason === undefined ? yes : { ok: false, code: "INVALID_STATE", reason };
}

type Rule = (call: Judged, who: Actor) => ActionRefusal | undefined;

const needs =
  (all: Permission, own?: Permission): Rule =>
  (call, who) => {
    if (who.permissions.has(all)) return undefined;
    if (own === undefined || !who.permissions.has(own)) return "no_permission";
    return sideOf(call, who) === undefined ? "not_a_party" : undefined;
  };
const control = needs("calls.control.all", "calls.control.own");
const record = needs("calls.record.others", "calls.record");
const monitor = needs("calls.monitor");

const always: Rule = () => undefined;

const ringing: Rule = (call, who) => {
  if (call.state !== "ringing") return "not_ringing";
  return sideOf(call, who) === "callee" || mayForOthers(who) ? undefined : "not_ringing_here";
};

const talking: Rule = ({ state }) => {
  if (state === "answered" || state === "held") return undefined;
  if (state === "parked") return "parked";
  return state === "transferred" ? "being_transferred" : "not_answered";
};

const talkingAlone: Rule = (call, who) =>
  talking(call, who) ?? (call.conferenceId === undefined ? undefined : "in_conference");

/** Whose right an action needs, and what of the call's state speaks against it. */
const rules = {
  // A call that was begun by command rings at its caller first ([W41]).
  answer: [
    control,
    (call, who) => (call.state === "initiated" && sideOf(call, who) === "caller" ? undefined : ringing(call, who)),
  ],
  reject: [control, ringing],
  redirect: [control, ringing],
  attachData: [control, always],
  pickup: [
    (_, who) => (mayForOthers(who) || who.permissions.has("calls.control.own") ? undefined : "no_permission"),
    (call, who) => {
      if (call.state !== "ringing" && call.state !== "parked") return "not_ringing";
      return sideOf(call, who) === undefined ? undefined : "own_call";
    },
  ],
  hangup: [control, always],
  hold: [
    control,
    (call, who) => talkingAlone(call, who) ?? (isHeldBy(call, who) && !mayForOthers(who) ? "already_held" : undefined),
  ],
  unhold: [control, (call, who) => (isHeldBy(call, who) ? undefined : "not_held")],
  mute: [control, talkingAlone],
  unmute: [control, talkingAlone],
  sendDtmf: [control, talkingAlone],
  transferBlind: [control, talkingAlone],
  transferAttended: [control, talkingAlone],
  consult: [control, talkingAlone],
  cancelTransfer: [control, talkingAlone],
  swap: [control, talkingAlone],
  // One more comes into a conference that was made so.
  conferenceMerge: [control, talking],
  park: [control, talkingAlone],
  recordStart: [
    record,
    (call, who) => talking(call, who) ?? (call.recording === undefined ? undefined : "already_recording"),
  ],
  recordStop: [
    record,
    ({ recording }, who) => {
      if (recording === undefined) return "not_recording";
      return recording.isByPolicy === true && !who.permissions.has("calls.record.others")
        ? "recording_by_policy"
        : undefined;
    },
  ],
  recordPause: [
    record,
    ({ recording }) => {
      if (recording === undefined) return "not_recording";
      return recording.state === "paused" ? "recording_paused" : undefined;
    },
  ],
  recordResume: [record, ({ recording }) => (recording?.state === "paused" ? undefined : "not_recording")],
  monitor: [monitor, talking],
  monitorStop: [monitor, ({ monitors }) => (monitors.length > 0 ? undefined : "not_monitoring")],
} satisfies Readonly<Record<string, readonly [right: Rule, against: Rule]>>;

/** Commands on a call whose buttons depend on its state ([W46]). */
export const callActions = Object.keys(rules) as readonly CallAction[];

function mayForOthers({ permissions }: Actor): boolean {
  return permissions.has("calls.control.all");
}

function isHeldBy(call: Judged, who: Actor): boolean {
  return call.heldBy.some((party) => isSame(party, who)) || (mayForOthers(who) && call.heldBy.length > 0);
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
