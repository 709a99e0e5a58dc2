import type { LegEndCause } from "@pbx-x/telephony";
import type { Fork, LegEnd } from "./call.ts";

/** The specification's closed list ([C13]). */
export type HangupCause = "normal_clearing" | "busy" | "no_answer" | "cancel" | "rejected" | "failed" | "timeout";
export type HangupBy = "caller" | "callee" | "system";

const causes: Readonly<Record<LegEndCause, HangupCause>> = {
  normal: "normal_clearing",
  busy: "busy",
  no_answer: "no_answer",
  unavailable: "failed",
  cancelled: "cancel",
  rejected: "rejected",
  not_allowed: "rejected",
  answered_elsewhere: "cancel",
  no_response: "timeout",
  not_found: "failed",
  media: "failed",
  media_timeout: "failed",
  failed: "failed",
  session_timeout: "timeout",
  engine_lost: "failed",
};

/** Additive `reason` where the closed cause alone says too little. */
const reasons: Partial<Readonly<Record<LegEndCause, string>>> = {
  not_allowed: "not_allowed",
  not_found: "no_such_number",
  media: "no_common_codec",
  media_timeout: "media_timeout",
  session_timeout: "maximum_duration",
  engine_lost: "engine_lost",
};

export function hangupCauseOf(cause: LegEndCause): HangupCause {
  return causes[cause];
}

export function reasonOf(cause: LegEndCause): string | undefined {
  return reasons[cause];
}

/** The more a device's answer says about the person, the more it counts when several devices gave up differently. */
const weight: readonly LegEndCause[] = [
  "rejected",
  "busy",
  "no_answer",
  "media",
  "not_found",
  "failed",
  "engine_lost",
  "no_response",
  "normal",
];

/** What the caller is told when no device of the destination answered. */
export function forkOutcome(fork: Fork): LegEnd {
  const ends = fork.legs.flatMap((leg) => (leg.end === undefined ? [] : [leg.end]));
  for (const cause of weight) {
    const found = ends.find((end) => end.cause === cause);
    if (found !== undefined) return found;
  }
  return ends[0] ?? { cause: "failed" };
}
