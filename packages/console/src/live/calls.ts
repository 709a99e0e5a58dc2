import type { Call, Party, QueueEntry } from "@pbx-x/protocol/runtime";

/** Whose calls are meant. */
export interface OwnParty {
  readonly extensionId: string | undefined;
  readonly number: string | undefined;
}

function isSame(party: Party | undefined, { extensionId, number }: OwnParty): boolean {
  if (party === undefined) return false;
  if (party.extensionId !== undefined && extensionId !== undefined) return party.extensionId === extensionId;
  return number !== undefined && party.number === number;
}

/** Which part somebody has in a call now; undefined where none ([U30]). */
export function sideOf(call: Call, who: OwnParty): "caller" | "callee" | undefined {
  const callee = call.state === "ringing" ? call.callee : (call.answeredBy ?? call.callee);
  if (isSame(callee, who)) return "callee";
  if (isSame(call.caller, who)) return "caller";
  const leg = call.legs.find(({ extensionId }) => extensionId !== undefined && extensionId === who.extensionId);
  return leg === undefined || leg.side === "monitor" ? undefined : leg.side;
}

/** Whether the other side does not hear somebody because of `mute`. */
export function isMutedIn(call: Call, { extensionId }: OwnParty): boolean {
  return call.legs.some(
    (leg) => leg.isMuted === true && leg.extensionId !== undefined && leg.extensionId === extensionId,
  );
}

/** The party at the other end. */
export function otherParty(call: Call, who: OwnParty): Party | undefined {
  return sideOf(call, who) === "callee" ? call.caller : (call.answeredBy ?? call.callee);
}

/** In order of arrival ([U20]). */
export function byArrival(a: Call, b: Call): number {
  return (a.startedAt ?? "").localeCompare(b.startedAt ?? "") || a.callId.localeCompare(b.callId);
}

/** What a call is for one of its parties; the one answer for card, dock and list ([U5]). */
export type Shown =
  | "incoming"
  | "outgoing"
  | "own_ringing"
  | "waiting"
  | "talking"
  | "held"
  | "held_by_other"
  | "transferred"
  | "parked"
  | "ended";

/** @param entry its place in a queue, where it has one */
export function shownState(call: Call, who: OwnParty, entry?: QueueEntry): Shown {
  const side = sideOf(call, who);
  if (side === "caller" && waits(call, entry)) return "waiting";
  switch (call.state) {
    case "ringing":
      return side === "callee" ? "incoming" : "outgoing";
    case "initiated":
      return side === "caller" &&
        call.legs.some((leg) => leg.side === "caller" && (leg.state === "ringing" || leg.state === "dialling"))
        ? "own_ringing"
        : "outgoing";
    case "answered":
      return "talking";
    case "held":
      return call.heldBy.some((party) => isSame(party, who)) ? "held" : "held_by_other";
    case "transferred":
    case "parked":
    case "ended":
      return call.state;
  }
}

/** Whether the caller is in a queue and has nobody to talk to yet, whoever is rung for him. */
export function waits({ state }: Call, entry: QueueEntry | undefined): boolean {
  return entry !== undefined && (state === "initiated" || state === "ringing" || state === "transferred");
}

/** When the phase that is shown began ([U24]): each has a timer of its own. */
export function phaseSince(call: Call, shown: Shown, entry?: QueueEntry): string | undefined {
  switch (shown) {
    case "waiting":
      return entry?.enteredAt ?? call.startedAt;
    case "talking":
      return call.talkSince ?? call.answeredAt ?? call.startedAt;
    case "outgoing":
    case "own_ringing":
      return call.startedAt;
    default:
      return call.stateSince ?? call.answeredAt ?? call.startedAt;
  }
}

export interface Consultation {
  readonly held: Call;
  readonly consult: Call;
}

/** The call that a consultation was begun for, and the consultation, where both are own ones ([U32]). */
export function consultationOf(call: Call, own: readonly Call[], who: OwnParty): Consultation | undefined {
  if (call.consultFor !== undefined) {
    const held = own.find(({ callId }) => callId === call.consultFor);
    return held === undefined ? undefined : { held, consult: call };
  }
  const consult = own.find(({ consultFor }) => consultFor === call.callId);
  if (consult !== undefined) return { held: call, consult };
  const pair = begunAtPhone(own, who);
  return call === pair?.held || call === pair?.consult ? pair : undefined;
}

/** A phone with two lines holds the call on one and has called somebody on the other; later it may hold either. */
function begunAtPhone(own: readonly Call[], who: OwnParty): Consultation | undefined {
  const linked = new Set(
    own.flatMap(({ callId, consultFor }) => (consultFor === undefined ? [] : [callId, consultFor])),
  );
  const free = own.filter(({ callId }) => !linked.has(callId)).toSorted(byArrival);
  const consult = free.findLast(
    (call) =>
      sideOf(call, who) === "caller" &&
      ["outgoing", "talking", "held", "held_by_other"].includes(shownState(call, who)),
  );
  if (consult === undefined) return undefined;
  const held = free.slice(0, free.indexOf(consult)).findLast(({ state }) => state === "answered" || state === "held");
  const isHolding = [held, consult].some((call) => call !== undefined && shownState(call, who) === "held");
  return held === undefined || !isHolding ? undefined : { held, consult };
}
