import {
  ChallengeAnswers,
  createRequest,
  type DigestClient,
  type Endpoint,
  type HeaderField,
  printNameAddr,
  type Remote,
  type SipRequest,
  type SipResponse,
  type Uri,
} from "@pbx-x/sip";
import type { TrunkConfiguration } from "@pbx-x/telephony";
import { accountUri, routesOf, trunkUri } from "./trunk-addresses.ts";

export interface RegisterExchangeOptions {
  readonly endpoint: Endpoint;
  readonly configuration: TrunkConfiguration;
  readonly credentials: DigestClient | undefined;
  /** Parameter of our Contact by which the far side's calls are known. */
  readonly line: string;
}

export interface RegisterEvents {
  /** The final answer, after the challenges that could be answered. */
  readonly onFinal: (response: SipResponse, contact: Uri) => void;
  readonly onFailure: (failure: "timeout" | "transport_error") => void;
}

/** The REGISTERs of one registration: one Call-ID, rising numbers (RFC 3261 §10.2). */
export class RegisterExchange {
  readonly #options: RegisterExchangeOptions;
  readonly #callId: string;
  readonly #tag: string;
  #cseq = 0;

  constructor(options: RegisterExchangeOptions) {
    this.#options = options;
    this.#callId = options.endpoint.newCallId();
    this.#tag = options.endpoint.newTag();
  }

  /** @param expires seconds; 0 takes the registration back */
  send(remote: Remote, expires: number, events: RegisterEvents): void {
    const { credentials } = this.#options;
    this.#attempt(remote, expires, events, [], credentials && new ChallengeAnswers(credentials));
  }

  #attempt(
    remote: Remote,
    expires: number,
    events: RegisterEvents,
    more: readonly HeaderField[],
    answers: ChallengeAnswers | undefined,
  ): void {
    const contact = this.#contact(remote);
    const request = this.#request(contact, expires, more);
    this.#options.endpoint.request(request, remote, {
      onResponse: (response) => {
        if (response.status < 200) return;
        const credentials = answers?.answer(request, response);
        if (credentials === undefined) events.onFinal(response, contact);
        else this.#attempt(remote, expires, events, credentials, answers);
      },
      onFailure: events.onFailure,
    });
  }

  #request(contact: Uri, expires: number, more: readonly HeaderField[]): SipRequest {
    const { configuration } = this.#options;
    const account = accountUri(configuration);
    this.#cseq += 1;
    return createRequest({
      method: "REGISTER",
      uri: trunkUri(configuration),
      from: { uri: account, params: new Map([["tag", this.#tag]]) },
      to: { uri: account, params: new Map() },
      callId: this.#callId,
      cseq: this.#cseq,
      headers: [
        ...routesOf(configuration),
        { name: "Contact", value: printNameAddr({ uri: contact, params: new Map([["expires", String(expires)]]) }) },
        { name: "Expires", value: String(expires) },
        ...more,
      ],
    });
  }

  #contact(remote: Remote): Uri {
    const { endpoint, configuration, line } = this.#options;
    const contact = endpoint.contactUri(remote, configuration.username ?? "pbx-x");
    return contact.scheme === "other" ? contact : { ...contact, params: new Map([...contact.params, ["line", line]]) };
  }
}

/** What a refusal means, in words for people. */
export function refusalOf(
  { status, reason }: SipResponse,
  hasCredentials: boolean,
): { readonly reason: "auth_failed" | "registration_failed"; readonly detail: string } {
  if (status !== 401 && status !== 407 && status !== 403) {
    return { reason: "registration_failed", detail: `REGISTER answered ${status} ${reason}` };
  }
  const detail = hasCredentials
    ? `user name or password refused (${status} ${reason})`
    : `the far side asks for a user name and password (${status})`;
  return { reason: "auth_failed", detail };
}
