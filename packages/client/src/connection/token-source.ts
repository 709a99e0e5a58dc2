/** Why a token is asked for ([S40]). */
export type TokenReason = "first" | "expiring" | "rejected";

/** A fixed token, or who gives one each time. */
export type TokenOption =
  | string
  | ((ask: { readonly reason: TokenReason; readonly signal: AbortSignal }) => Promise<string>);

/** Thrown by `token()` when only a new log-in helps: the client closes with `auth` ([S40]). */
export class AuthRequired extends Error {
  override readonly name = "AuthRequired";
}

export type TokenAnswer =
  | { readonly ok: true; readonly token: string }
  | { readonly ok: false; readonly isFinal: boolean; readonly message: string };

/** One request at a time; a newer one aborts the older ([S7]). */
export class TokenSource {
  readonly #option: TokenOption;
  #running: AbortController | undefined;

  constructor(option: TokenOption) {
    this.#option = option;
  }

  cancel(): void {
    this.#running?.abort();
    this.#running = undefined;
  }

  /** Undefined when the request was overtaken. The error's text is the application's and may hold anything; it is not passed on. */
  async ask(reason: TokenReason): Promise<TokenAnswer | undefined> {
    this.cancel();
    if (typeof this.#option === "string") {
      if (reason === "first") return { ok: true, token: this.#option };
      return { ok: false, isFinal: reason === "rejected", message: "The fixed token was refused." };
    }
    const request = new AbortController();
    this.#running = request;
    try {
      const token = await this.#option({ reason, signal: request.signal });
      return request.signal.aborted ? undefined : { ok: true, token };
    } catch (error) {
      if (request.signal.aborted) return undefined;
      if (error instanceof AuthRequired) return { ok: false, isFinal: true, message: "A new log-in is needed." };
      return { ok: false, isFinal: false, message: "The application's token() failed." };
    }
  }
}
