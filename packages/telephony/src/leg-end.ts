/**
 * Why a leg ended, in words that both directions share: the PBX hangs up with one of them, the engine reports one of them.
 * The PBX maps them to the specification's hang-up causes ([C13]).
 */
export const legEndCauses = [
  /** BYE, or hang-up of an answered leg. */
  "normal",
  /** 486, 600. */
  "busy",
  /** Rang until the time-out, 480, or 408 after ringing. */
  "no_answer",
  /** By the PBX only: the destination has no device to reach; an unanswered caller is told 480. */
  "unavailable",
  /** The caller gave up before the answer (CANCEL), or the PBX cancels its own dial. */
  "cancelled",
  /** 603, 403. */
  "rejected",
  /** By the PBX only: the caller may not do that; an unanswered one is told 403. */
  "not_allowed",
  /** Another device of the same extension answered (`Reason: SIP;cause=200;text="Call completed elsewhere"`, [C12]). */
  "answered_elsewhere",
  /** The far side never sent anything. */
  "no_response",
  /** The dialled number does not exist (404, 604, 410, 484). */
  "not_found",
  /** No common codec or media failure (488, 415, 606). */
  "media",
  /** No RTP for longer than the limit. */
  "media_timeout",
  /** 503, 500, other 4xx/5xx, transport errors. */
  "failed",
  /** Dropped by a maximum duration or a session timer. */
  "session_timeout",
  /** The engine stopped or was lost. */
  "engine_lost",
] as const;
export type LegEndCause = (typeof legEndCauses)[number];

/** `remote`: the device or far side ended it; `local`: the PBX asked for it, or the engine by a limit of its own. */
export type LegEndedBy = "remote" | "local";
