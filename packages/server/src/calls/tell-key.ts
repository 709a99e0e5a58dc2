import type { DecisionBuilder } from "./decision.ts";

/** A party pressed a key ([C50], [C58]); who pauses a recording keeps something secret. */
export function tellKey(
  builder: DecisionBuilder,
  digit: string,
  source: "caller" | "callee",
  state: "answered" | "held" | "parked" | "ringing",
): void {
  if (builder.call.recording?.isPaused === true) return;
  builder.emit("CALL_DTMF", state, { digit, source });
}
