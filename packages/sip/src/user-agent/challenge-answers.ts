import type { DigestClient } from "../digest/digest-client.ts";
import { parseDigestParams } from "../digest/auth-params.ts";
import type { HeaderField } from "../message/headers.ts";
import type { SipRequest, SipResponse } from "../message/message.ts";
import { printUri } from "../message/uri.ts";

/** Challenges of one request that are answered: of a proxy, of the far side, and each once more where a nonce was stale. */
const maxAnswers = 4;

/** What a request says when it is asked who sends it (RFC 3261 §22.2): every challenger once, and again when its nonce was stale. */
export class ChallengeAnswers {
  readonly #credentials: DigestClient;
  readonly #given = new Map<string, string>();
  #count = 0;

  constructor(credentials: DigestClient) {
    this.#credentials = credentials;
  }

  /**
   * The header fields to be sent with the next try, those for earlier challengers among them. Undefined when the response is
   * no challenge, cannot be answered, or says that the last answer was wrong.
   */
  answer({ method, uri, body }: SipRequest, response: SipResponse): readonly HeaderField[] | undefined {
    const isProxy = response.status === 407;
    if (!isProxy && response.status !== 401) return undefined;
    const challenges = response.headers.getAll(isProxy ? "Proxy-Authenticate" : "WWW-Authenticate");
    const name = isProxy ? "Proxy-Authorization" : "Authorization";
    if (this.#count >= maxAnswers || (this.#given.has(name) && !challenges.some(isStale))) return undefined;
    const value = this.#credentials.authorize(challenges, { method, uri: printUri(uri), body });
    if (value === undefined) return undefined;
    this.#count += 1;
    this.#given.set(name, value);
    return [...this.#given].map(([given, text]) => ({ name: given, value: text }));
  }
}

function isStale(challenge: string): boolean {
  return parseDigestParams(challenge)?.get("stale")?.toLowerCase() === "true";
}
