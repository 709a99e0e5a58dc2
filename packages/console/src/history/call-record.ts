import type { CallDirection, HangupCause, HangupParty, Party } from "@pbx-x/protocol/runtime";
import type { OwnParty } from "../live/calls.ts";

/** A past call as `GET /cdr` has it. */
export interface CallRecord {
  readonly callId: string;
  readonly threadId: string;
  readonly direction: CallDirection;
  readonly caller: Party;
  readonly callee: Party;
  readonly answeredBy?: Party;
  readonly startedAt: string;
  readonly answeredAt?: string;
  readonly endedAt: string;
  readonly durationSeconds: number;
  readonly hangupCause: HangupCause;
  readonly hangupBy: HangupParty;
  readonly mergedInto?: string;
  /** Milliseconds of each part of the call. */
  readonly phases?: Readonly<Record<string, number>>;
}

/** Seen from somebody: did they call, or were they called; without a part in it by the call's own direction. */
export function recordDirection({ caller, direction }: CallRecord, me: OwnParty): "in" | "out" {
  if (me.number !== undefined && caller.number === me.number) return "out";
  return me.number === undefined && direction === "outbound" ? "out" : "in";
}

/** Somebody called and nobody answered. */
export function isMissed(record: CallRecord, me: OwnParty): boolean {
  return recordDirection(record, me) === "in" && record.answeredAt === undefined;
}
