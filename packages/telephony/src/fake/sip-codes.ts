import type { LegEndCause } from "../leg-end.ts";

/** What a caller is shown when the PBX refuses its call with this cause (RFC 3261 §21). */
export const refusalSipCodes: Readonly<Record<LegEndCause, number>> = {
  normal: 480,
  busy: 486,
  no_answer: 480,
  unavailable: 480,
  cancelled: 487,
  rejected: 603,
  not_allowed: 403,
  answered_elsewhere: 487,
  no_response: 408,
  not_found: 404,
  media: 488,
  media_timeout: 500,
  failed: 500,
  session_timeout: 500,
  engine_lost: 503,
};
