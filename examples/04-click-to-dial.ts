// A number on a page becomes a call: with a way to take it back, a time-out, and a word for every outcome.
import type { PbxClient } from "@pbx-x/client";

export interface Dial {
  readonly from: string;
  readonly to: string;
  readonly signal?: AbortSignal;
}

/** Rings the own phone, then dials. Answers a text for the user; never rejects. */
export async function clickToDial({ call }: PbxClient, { from, to, signal }: Dial): Promise<string> {
  const outcome = await call.originate({ from, to }, { timeoutMs: 5000, ...(signal && { signal }) }).safe();
  if (outcome.ok) return `Your phone rings; then ${to} is called.`;
  const { error } = outcome;
  // Every code that this very command can answer: a forgotten one is an error of the compiler.
  switch (error.code) {
    case "EXTENSION_OFFLINE":
      return `No phone is registered for ${from}.`;
    case "ALREADY_IN_CALL":
      return "You are in a call already.";
    case "NUMBER_NOT_REACHABLE":
      return `${to} cannot be reached.`;
    case "EXTENSION_NOT_FOUND":
      return `There is no extension ${from}.`;
    case "UNAUTHORIZED":
      return "You may not do that.";
    case "RATE_LIMIT_EXCEEDED":
      return `Too many calls; again in ${error.retryAfterSeconds ?? 1} s.`;
    case "INVALID_PARAMS":
    case "INVALID_CALL_ID":
    case "INVALID_STATE":
    case "UNKNOWN_COMMAND":
    case "TOO_LARGE":
      return `That is no number to call: ${error.message}`;
    case "ENGINE_UNAVAILABLE":
    case "INTERNAL_ERROR":
      return "The telephone system has a problem.";
    case "ABORTED":
      return error.outcome === "not_executed" ? "Taken back." : "Taken back, but your phone may ring.";
    case "OFFLINE":
    case "CLOSED":
    case "BUSY":
    case "SUPERSEDED":
      return "There is no connection; nothing was dialled.";
    case "TIMED_OUT":
    case "CONNECTION_LOST":
      return error.outcome === "not_executed"
        ? "There is no connection; nothing was dialled."
        : "Your phone may ring; look before you try again.";
  }
}
