import type { LegId } from "@pbx-x/telephony";
import type { Call } from "./call.ts";
import type { CallService } from "./call-service.ts";
import type { Cause } from "./decision.ts";
import { isHolding } from "./hold-decisions.ts";

export interface ResumedDevice {
  readonly callId: string;
  readonly legId: LegId;
  readonly cause: Cause;
  /** How long it has, once it has obeyed. */
  readonly waitMs?: number;
  /** Its other line has ended: many phones then resume without being told. */
  readonly mayResumeItself?: boolean;
}

/**
 * Tells a phone that holds by itself to resume ([C21]).
 * @returns the call as it is then; undefined where the phone cannot, or does not
 */
export async function resumeAtDevice(
  calls: CallService,
  { callId, legId, cause, waitMs = 3000, mayResumeItself = false }: ResumedDevice,
): Promise<{ readonly call: Call; readonly seq: number | undefined } | undefined> {
  const resumed = calls.when(callId, ({ stage }) => stage.at !== "connected" || !isHolding(stage, legId), waitMs);
  const outcome = await calls.devices.resume(legId, { cause, staysHeld: false });
  const result = outcome.ok || mayResumeItself ? await resumed : undefined;
  return result?.call.stage.at === "connected" ? result : undefined;
}
