import { parseReplaces, type SipRequest } from "@pbx-x/sip";
import type { LegId } from "@pbx-x/telephony";
import { DialledLeg } from "./legs/dialled-leg.ts";
import type { LegTable } from "./legs/leg-table.ts";

export type Replaced =
  /** The request asks for no replacement. */
  | { readonly kind: "none" }
  | { readonly kind: "leg"; readonly legId: LegId }
  | { readonly kind: "refused"; readonly status: number };

const refused = (status: number): Replaced => ({ kind: "refused", status });

/**
 * Which leg an INVITE wants to take the place of (RFC 3891 §3, [C34]). Refused are 400 malformed or several, 481 no such
 * dialog or a call that is still being made, 603 one that has ended, 486 an answered one where only an early one is wanted.
 */
export function replacedLeg({ headers }: SipRequest, legs: LegTable): Replaced {
  const [value, ...others] = headers.getAll("Replaces");
  if (value === undefined) return { kind: "none" };
  const replaces = others.length > 0 ? undefined : parseReplaces(value);
  if (replaces === undefined) return refused(400);
  const leg = legs.ofDialog(replaces.dialog);
  if (leg === undefined) return refused(legs.hasEnded(replaces.dialog) ? 603 : 481);
  if (leg.isAnswered) return replaces.earlyOnly ? refused(486) : { kind: "leg", legId: leg.legId };
  // An early dialog may be replaced only by who began it: here, where the PBX rings a device.
  return leg instanceof DialledLeg ? { kind: "leg", legId: leg.legId } : refused(481);
}
