import type { TelephonyEvent } from "@pbx-x/telephony";
import type { LegEnd } from "./call.ts";
import type { DialSurroundings } from "./dial-destination.ts";
import type { SoundSurroundings } from "./sound.ts";

/** What happens at one leg of a call. */
export type LegEvent = Extract<
  TelephonyEvent,
  {
    type:
      | "legRinging"
      | "legEarlyMedia"
      | "legAnswered"
      | "legEnded"
      | "legHeld"
      | "legUnheld"
      | "dtmfReceived"
      | "playbackFinished";
  }
>;

export type LegSurroundings = DialSurroundings & SoundSurroundings;

export type LegEnded = Extract<LegEvent, { type: "legEnded" }>;

/** How a leg ended, as a call keeps it. */
export function endOf({ cause, sipCode, q850Cause }: LegEnded): LegEnd {
  return { cause, ...(sipCode !== undefined && { sipCode }), ...(q850Cause !== undefined && { q850Cause }) };
}
