/** States of a call ([C3]). `transferred` and `parked` are passed through, `ended` is for ever. */
export const callStates = ["initiated", "ringing", "answered", "held", "transferred", "parked", "ended"] as const;
export type CallState = (typeof callStates)[number];

/** Seen from the PBX: from a trunk, to a trunk, or neither ([C11]). */
export const callDirections = ["inbound", "outbound", "internal"] as const;
export type CallDirection = (typeof callDirections)[number];

/** Why a call ended; the specification's list, closed ([C13]). */
export const hangupCauses = [
  "normal_clearing",
  "busy",
  "no_answer",
  "cancel",
  "rejected",
  "failed",
  "timeout",
] as const;
export type HangupCause = (typeof hangupCauses)[number];

/** Who ended a call ([C13]). */
export const hangupParties = ["caller", "callee", "system"] as const;
export type HangupParty = (typeof hangupParties)[number];

export const transferTypes = ["blind", "attended"] as const;
export type TransferType = (typeof transferTypes)[number];

/** Why a transfer did not come about ([C31]). */
export const transferFailures = [
  "busy",
  "no_answer",
  "rejected",
  "not_found",
  "offline",
  "cancelled",
  "failed",
] as const;
export type TransferFailure = (typeof transferFailures)[number];

/** How a supervisor takes part: hears only, is heard by one party, is heard by both. */
export const monitorModes = ["listen", "whisper", "barge"] as const;
export type MonitorMode = (typeof monitorModes)[number];

/** Who or what brought an event about ([W45]). */
export const causes = ["command", "phone", "timer", "admin", "system"] as const;
export type CauseVia = (typeof causes)[number];

export const dtmfDigits = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "#", "A", "B", "C", "D"] as const;
export type DtmfDigit = (typeof dtmfDigits)[number];
