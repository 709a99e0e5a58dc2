import type { LegEndCause } from "@pbx-x/telephony";

const statusOfCause: Readonly<Record<LegEndCause, number>> = {
  normal: 603,
  busy: 486,
  no_answer: 480,
  unavailable: 480,
  cancelled: 487,
  rejected: 603,
  not_allowed: 403,
  answered_elsewhere: 603,
  no_response: 408,
  not_found: 404,
  media: 488,
  media_timeout: 500,
  failed: 500,
  session_timeout: 480,
  engine_lost: 503,
};

/** What an unanswered caller is told. */
export function sipStatusOf(cause: LegEndCause): number {
  return statusOfCause[cause];
}

/** What a device's refusal means. @param hasRung 408 after ringing is nobody's answer, before it is silence */
export function causeOfStatus(status: number, hasRung: boolean): LegEndCause {
  switch (status) {
    case 486:
    case 600:
      return "busy";
    case 480:
      return "no_answer";
    case 408:
      return hasRung ? "no_answer" : "no_response";
    case 603:
    case 403:
      return "rejected";
    case 404:
    case 410:
    case 484:
    case 604:
      return "not_found";
    case 415:
    case 488:
    case 606:
      return "media";
    case 487:
      return "cancelled";
    default:
      return "failed";
  }
}

/** Q.850 cause for `Reason` on BYE and CANCEL (RFC 3326). */
const q850: Partial<Readonly<Record<LegEndCause, number>>> = {
  normal: 16,
  busy: 17,
  no_answer: 19,
  unavailable: 20,
  rejected: 21,
  not_allowed: 21,
  not_found: 1,
  media: 88,
  media_timeout: 41,
  failed: 41,
  session_timeout: 102,
  engine_lost: 41,
};

interface Header {
  readonly name: string;
  readonly value: string;
}

/** What the person at the phone may read of a refusal (RFC 3261 §20.43); 399 is for any text. */
export function warningHeaders(explanation: string | undefined): readonly Header[] {
  if (explanation === undefined) return [];
  const text = explanation.replaceAll(/[^ -~]/g, "?").replaceAll(/["\\]/g, "\\$&");
  return [{ name: "Warning", value: `399 pbx-x "${text}"` }];
}

export function reasonHeaders(cause: LegEndCause): readonly Header[] {
  // Exactly this text keeps phones from listing a missed call.
  if (cause === "answered_elsewhere") {
    return [{ name: "Reason", value: 'SIP;cause=200;text="Call completed elsewhere"' }];
  }
  const number = q850[cause];
  return number === undefined ? [] : [{ name: "Reason", value: `Q.850;cause=${number}` }];
}

/** The Q.850 cause of a `Reason` header, if it has one. */
export function q850CauseOf(header: string | undefined): number | undefined {
  const match = /Q\.850\s*;\s*cause\s*=\s*(\d{1,3})/i.exec(header ?? "");
  return match === null ? undefined : Number(match[1]);
}
