import type { CallState, CommandError, ErrorCode } from "@pbx-x/protocol";
import type { Identity } from "../auth/identity.ts";
import type { CommandContext, CommandOutcome } from "../realtime/command-handler.ts";
import type { OutsideRefusal } from "../routing/outside-guard.ts";
import type { Call } from "./call.ts";
import type { CallService } from "./call-service.ts";
import { sideOf } from "./command-decisions.ts";
import type { Cause } from "./decision.ts";

export type Refusal = { readonly ok: false; readonly error: CommandError };

export const notAParty = refuse("UNAUTHORIZED", "You are not a party of this call and may not act for others.");

/** The call, or the one that goes on in its place ([C5]). */
export function findCall(calls: CallService, callId: string): { readonly ok: true; readonly call: Call } | Refusal {
  const call = calls.registry.get(callId) ?? calls.registry.survivorOf(callId, calls.now());
  if (call !== undefined) return { ok: true, call };
  if (calls.registry.hasEnded(callId)) return refuse("INVALID_STATE", "This call is over.", { state: "ended" });
  return refuse("CALL_NOT_FOUND", "There is no such call.");
}

/** The extension that a command acts for ([W40]): the user's own, or the named one where the right is there. */
export function actingExtension(identity: Identity, call: Call, named: string | undefined): string | undefined {
  const extensionId =
    named ?? (sideOf(call, identity.extensionId) === undefined ? call.callee.extensionId : identity.extensionId);
  if (extensionId === undefined || sideOf(call, extensionId) === undefined) return undefined;
  return mayControl(identity, [extensionId]) ? extensionId : undefined;
}

export function mayControl(identity: Identity, extensionIds: readonly (string | undefined)[]): boolean {
  if (identity.permissions.has("calls.control.all")) return true;
  if (!identity.permissions.has("calls.control.own") || identity.extensionId === undefined) return false;
  return extensionIds.includes(identity.extensionId);
}

/** As the last event told it. */
export function stateOf({ state }: Call): CallState {
  return state;
}

export function causeOf({ via, identity, commandId }: CommandContext): Cause {
  return { via, userId: identity.userId, commandId };
}

export function refuse(code: ErrorCode, message: string, details?: Readonly<Record<string, unknown>>): Refusal {
  return { ok: false, error: { code, message, ...(details !== undefined && { details }) } };
}

/** The guard does not let it out ([G13]). */
export function refuseOutside({ reason, why, class: kind }: OutsideRefusal): Refusal {
  return refuse("NUMBER_NOT_REACHABLE", `The call may not go outside: ${why}.`, { reason, class: kind });
}

export function succeed<Result>(data: Result, seq: number | undefined): CommandOutcome<Result> {
  return { ok: true, data, ...(seq !== undefined && { seq }) };
}

export function shorten(text: string): string {
  return text.length > 32 ? `${text.slice(0, 32)}…` : text;
}
