import type { Call } from "@pbx-x/protocol/runtime";
import { type OwnParty, shownState, sideOf } from "../live/calls.ts";

export type DropTarget =
  | { readonly kind: "extension"; readonly number: string }
  | { readonly kind: "park" }
  | { readonly kind: "dock" };

/** What a drop does; each is a zone of the target. */
export type DropChoice = "consult" | "transferBlind" | "redirect" | "park" | "pickup";

/** What may be done by dropping a call there ([U34]); nothing on the call's own parties. */
export function dropChoices(
  call: Call,
  me: OwnParty,
  target: DropTarget,
  mayControlAll: boolean,
): readonly DropChoice[] {
  const isOwn = sideOf(call, me) !== undefined;
  const shown = shownState(call, me);
  if (target.kind === "extension") {
    const isParty = [call.caller, call.callee, call.answeredBy].some((party) => party?.number === target.number);
    if (isParty || target.number === me.number) return [];
    if (isOwn && (shown === "talking" || shown === "held" || shown === "held_by_other"))
      return ["consult", "transferBlind"];
    if (call.state === "ringing" && (shown === "incoming" || mayControlAll)) return ["redirect"];
    return [];
  }
  if (target.kind === "park") return isOwn && (call.state === "answered" || call.state === "held") ? ["park"] : [];
  return call.state === "parked" && !isOwn ? ["pickup"] : [];
}

/** `extension:201`, `park`, `dock` as they are written at the targets. */
export function parseTarget(text: string | undefined): DropTarget | undefined {
  if (text === "park" || text === "dock") return { kind: text };
  const number = /^extension:(.+)$/.exec(text ?? "")?.[1];
  return number === undefined ? undefined : { kind: "extension", number };
}
