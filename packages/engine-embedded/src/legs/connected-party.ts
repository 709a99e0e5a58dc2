import { type HeaderField, type Headers, printNameAddr, sipUri } from "@pbx-x/sip";
import type { PartyIdentity } from "@pbx-x/telephony";

/** What a phone's display has been told of the other side, and whether it may be told in the middle of a call ([C37]). */
export class ConnectedParty {
  readonly #host: string;
  #shown: PartyIdentity | undefined;
  #allowsUpdate = false;

  constructor(host: string) {
    this.#host = host;
  }

  /** From the phone's INVITE, or its answer to ours (RFC 3311 §4: `Allow` has to name the method). */
  learn({ headers }: { readonly headers: Headers }): void {
    if (headers.has("Allow")) this.#allowsUpdate = headers.list("Allow").some((method) => method === "UPDATE");
  }

  /** False where the display has it already. */
  change(party: PartyIdentity): boolean {
    const { number, name } = this.#shown ?? {};
    if (number === party.number && name === party.name) return false;
    this.#shown = party;
    return true;
  }

  get allowsUpdate(): boolean {
    return this.#allowsUpdate;
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
