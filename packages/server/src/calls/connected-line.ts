import type { LegId, PartyIdentity } from "@pbx-x/telephony";
import type { Party } from "./call.ts";
import type { DecisionBuilder } from "./decision.ts";

/** Has a phone's display show who is at the other side now ([C37]). */
export function showParty(builder: DecisionBuilder, legId: LegId, party: Party): void {
  builder.perform({ op: "updateParty", legId, party: identityOf(party) });
}

/** A party as phones are shown it. */
export function identityOf({ number, name }: Party): PartyIdentity {
  return { number, ...(name !== undefined && { name }) };
}
