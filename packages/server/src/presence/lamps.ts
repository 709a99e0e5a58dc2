import type { WatchedDialog, WatchedMessages, WatchedState } from "@pbx-x/telephony";
import type { Call, Fork, Hold, Party } from "../calls/call.ts";
import type { Extension } from "../extensions/extension.ts";
import { offerTo } from "../queues/queue-entry.ts";
import type { Presence } from "./presence.ts";

/** Calls of one number that watchers are told; whoever has more is as busy as can be. */
const maxDialogs = 8;

/** A call from an extension's own point of view ([L8]); undefined where it has no part in it now. */
export function dialogOf(call: Call, extensionId: string): WatchedDialog | undefined {
  const { callId: dialogId, caller, callee, stage, pickUp } = call;
  const isCaller = caller.extensionId === extensionId;
  const offer = isCaller ? undefined : offerTo(call, extensionId);
  if (offer !== undefined) {
    // A call that waits in a queue rings at an agent ([L8]); who picks it up otherwise is the queue's business.
    const state = offer.isRinging ? "early" : "trying";
    return { dialogId, direction: "recipient", state, isHeld: false, ...remoteOf(caller) };
  }
  if (!isCaller && callee.extensionId !== extensionId) {
    // Its phones ring since its user wants the call: like a click-to-call.
    if (pickUp?.by.extensionId !== extensionId || stage.at === "ended") return undefined;
    return { dialogId, direction: "initiator", state: "trying", isHeld: false, ...remoteOf(caller) };
  }
  const sides = isCaller
    ? ({ dialogId, direction: "initiator", ...remoteOf(callee) } as const)
    : ({ dialogId, direction: "recipient", ...remoteOf(caller) } as const);
  switch (stage.at) {
    case "originating":
      // The caller's own phones ring, which nobody else is to pick up; the destination knows nothing yet.
      return isCaller ? { ...sides, state: "trying", isHeld: false } : undefined;
    case "dialling":
      // Many phones flash for any early call: one that is made is shown like one that is up.
      if (isCaller) return { ...sides, state: "confirmed", isHeld: isHeldBy(stage.holds, stage.callerLegId) };
      return stage.isRinging
        ? { ...sides, state: "early", isHeld: false, ...ringingLeg(stage.fork) }
        : { ...sides, state: "trying", isHeld: false };
    case "connected":
      return {
        ...sides,
        state: "confirmed",
        isHeld: isHeldBy(stage.holds, isCaller ? stage.callerLegId : stage.calleeLegId),
      };
    case "parked":
      return {
        ...sides,
        state: "confirmed",
        isHeld: isHeldBy(stage.holds, stage.callerLegId),
        remote: { number: stage.slot },
      };
    case "conference":
      return { ...sides, state: "confirmed", isHeld: isHeldBy(stage.holds, stage.callerLegId) };
    case "queued":
      return isCaller ? { ...sides, state: "confirmed", isHeld: isHeldBy(stage.holds, stage.callerLegId) } : undefined;
    case "mailbox":
      return isCaller ? { ...sides, state: "confirmed", isHeld: false } : undefined;
    case "ended":
      return undefined;
  }
}

/** Of several devices any will do: who takes its place takes the call. */
function ringingLeg({ legs }: Fork): Pick<WatchedDialog, "legId"> {
  const ringing = legs.find(({ status }) => status === "ringing" || status === "early_media");
  return ringing === undefined ? {} : { legId: ringing.legId };
}

function isHeldBy(holds: readonly Hold[] | undefined, legId: Hold["legId"]): boolean {
  return holds?.some((hold) => hold.legId === legId) ?? false;
}

/** What phones that watch an extension are shown. @param calls those that it is in, the oldest first */
export function stateOfExtension(
  { id, displayName }: Pick<Extension, "id" | "displayName">,
  calls: readonly Call[],
  { presenceStatus, statusMessage }: Presence,
  messages?: WatchedMessages,
): WatchedState {
  return {
    displayName,
    dialogs: dialogsOf(calls, id),
    presence: { status: presenceStatus, ...(statusMessage !== undefined && { note: statusMessage }) },
    ...(messages !== undefined && { messages }),
  };
}

function dialogsOf(calls: readonly Call[], extensionId: string): readonly WatchedDialog[] {
  const dialogs: WatchedDialog[] = [];
  for (const call of calls) {
    const dialog = dialogOf(call, extensionId);
    if (dialog !== undefined) dialogs.push(dialog);
    // Whoever has hundreds of calls is not looked at hundreds of times at each of their steps.
    if (dialogs.length === maxDialogs) break;
  }
  return dialogs;
}

/** Only extensions of this PBX are told to watchers, never a number from outside ([L9]). */
export function remoteOf({ extensionId, number, name }: Party): Pick<WatchedDialog, "remote"> {
  return extensionId === undefined ? {} : { remote: { number, ...(name !== undefined && { name }) } };
}
