import {
  type ActionRefusal,
  allowance,
  type CallAction,
  type ConferenceId,
  type ExtensionId,
  type Judged,
} from "@pbx-x/protocol";
import type { Identity } from "../auth/identity.ts";
import { offerTo } from "../queues/queue-entry.ts";
import type { Call, Party } from "./call.ts";
import { holdersOf } from "./holders.ts";
import { notAParty, type Refusal, refuse } from "./command-tools.ts";

/**
 * Why a command on a call is not possible for this user now; undefined where it is. The one judgement that snapshots, REST
 * and consoles show, too ([W46]). @param named another party that the command is for ([W40])
 */
export function permit(action: CallAction, call: Call, identity: Identity, named?: string): Refusal | undefined {
  const { permissions, extensionId } = identity;
  if (named !== undefined && named !== extensionId && !permissions.has("calls.control.all")) return notAParty;
  const who = named === undefined ? identity : { permissions, extensionId: named };
  const verdict = allowance(action, judgedFor(call, who.extensionId), who);
  if (verdict.ok) return undefined;
  if (verdict.reason === "not_a_party") return notAParty;
  return refuse(verdict.code, texts[verdict.reason], { state: call.state, reason: verdict.reason });
}

/** Of several agents who are rung each one is the callee, as the `CALL_RINGING` for him tells it. */
function judgedFor(call: Call, extensionId: string | undefined): Judged {
  const offer = extensionId === undefined ? undefined : offerTo(call, extensionId);
  return judgedOf(offer === undefined ? call : { ...call, callee: offer.agent });
}

/** The call as its events tell it. */
export function judgedOf(call: Call): Judged {
  const { state, caller, callee, stage, recording, monitors } = call;
  return {
    state,
    caller: partyOf(caller),
    callee: partyOf(callee),
    ...(stage.at === "connected" && { answeredBy: partyOf(callee) }),
    heldBy: holdersOf(call).map((party) => partyOf({ number: "", ...party })),
    ...(recording !== undefined && {
      recording: {
        recordingId: recording.recordingId as NonNullable<Judged["recording"]>["recordingId"],
        state: recording.isPaused ? "paused" : "recording",
        isByPolicy: recording.isByPolicy,
      },
    }),
    monitors: monitors.map(({ monitorId, mode, by }) => ({ monitorId, mode, monitoredBy: partyOf(by) })),
    legs: [],
    ...(stage.at === "conference" && { conferenceId: stage.conferenceId as ConferenceId }),
  };
}

function partyOf({ number, extensionId }: Party): NonNullable<Judged["caller"]> {
  return { number, ...(extensionId !== undefined && { extensionId: extensionId as ExtensionId }) };
}

const texts: Readonly<Record<ActionRefusal, string>> = {
  not_a_party: "You are not a party of this call and may not act for others.",
  no_permission: "You have not the right to do that.",
  call_ended: "This call is over.",
  not_ringing: "The call does not ring.",
  not_ringing_here: "The call does not ring at this extension.",
  not_answered: "The call is not answered.",
  already_held: "This party holds the call already.",
  not_held: "This party does not hold the call.",
  parked: "The call is parked.",
  already_recording: "This call is being recorded already.",
  not_recording: "Nothing of this call is being recorded.",
  recording_paused: "The recording is paused already.",
  recording_by_policy: "The policy of an extension wants this call recorded; only supervisors may stop it.",
  not_monitoring: "Nobody listens to this call.",
  own_call: "This is your own call.",
  being_transferred: "The call is being passed on.",
  in_conference:
    "This call is in a conference, where it cannot be held, passed on or parked: mute yourself there (conferenceMute), hold at the phone, or hang up to leave.",
};
