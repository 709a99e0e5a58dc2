import type { LegId, PartyIdentity } from "@pbx-x/telephony";
import type { Party } from "./call.ts";
import type { DecisionBuilder } from "./decision.ts";

/** Has a phone's display show who is at the other side now ([C37]). */
export function showParty(builder: DecisionBuilder, legId: LegId, party: Party): void {
  builder.perform({ op: "updateParty", legId, party: identityOf(party) });
}

/** A party as phones are shown it. */
export function identityOf({ number: shown, name }: Party): PartyIdentity {
  // A caller who hides has no number on the wire; phones want something to show.
  const number = shown === "" ? "anonymous" : shown;
  return name === undefined ? { number } : { number, name };
}
