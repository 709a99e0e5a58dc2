import { type HeaderField, printNameAddr, sipUri } from "@pbx-x/sip";
import type { PartyIdentity } from "@pbx-x/telephony";

/** What a phone's display has been told of the other side ([C37]). */
export class ConnectedParty {
  readonly #host: string;
  #shown: PartyIdentity | undefined;

  constructor(host: string) {
    this.#host = host;
  }

  /** False where the display has it already. */
  change(party: PartyIdentity): boolean {
    const { number, name } = this.#shown ?? {};
    if (number === party.number && name === party.name) return false;
    this.#shown = party;
    return true;
  }

  /** For answers, and for UPDATE (RFC 3325 §9.1, RFC 5876 §3). */
  get headers(): readonly HeaderField[] {
    if (this.#shown === undefined) return [];
    const { number, name, isPrivate } = this.#shown;
    const isHidden = isPrivate === true || number === "" || number === "anonymous";
    const uri = isHidden
      ? sipUri({ user: "anonymous", host: "anonymous.invalid" })
      : sipUri({ user: number, host: this.#host });
    const displayName = isHidden ? "Anonymous" : name;
    const value = printNameAddr({ ...(displayName !== undefined && { displayName }), uri, params: new Map() });
    return [{ name: "P-Asserted-Identity", value }];
  }
}
