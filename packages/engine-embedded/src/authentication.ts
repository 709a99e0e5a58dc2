import { createDigestServer, type DigestServer, type Guard, type ServerTransaction } from "@pbx-x/sip";
import type { ExtensionConfiguration } from "@pbx-x/telephony";
import type { Directory } from "./directory.ts";
import type { EmbeddedEngineOptions } from "./options.ts";

/**
 * Digest for every request of a phone. Unknown extensions, wrong passwords and missing credentials get the same 401 after
 * the same work, so nothing tells which extensions exist.
 */
export class Authentication {
  readonly #options: Pick<EmbeddedEngineOptions, "scheduler" | "randomText" | "nonceSecret" | "digestAlgorithms">;
  readonly #directory: Directory;
  readonly #guard: Guard;
  #server: DigestServer | undefined;
  #realm = "";

  constructor(
    options: Pick<EmbeddedEngineOptions, "scheduler" | "randomText" | "nonceSecret" | "digestAlgorithms">,
    directory: Directory,
    guard: Guard,
  ) {
    this.#options = options;
    this.#directory = directory;
    this.#guard = guard;
  }

  /** The extension that sent it; undefined when the challenge (or refusal) has been sent. */
  check(transaction: ServerTransaction): ExtensionConfiguration | undefined {
    const { request, remote } = transaction;
    const server = this.#digest();
    const header = request.headers.getAll("Authorization").find((value) => /^\s*digest\s/i.test(value));
    if (header === undefined) {
      this.#challenge(transaction, false);
      return undefined;
    }
    const verdict = server.verify(header, { method: request.method, body: request.body }, (username) => {
      const extension = this.#directory.byNumber(username);
      return extension && [extension.secret, ...(extension.deviceSecrets ?? [])];
    });
    if (verdict.ok) {
      this.#guard.succeeded(remote.address);
      return this.#directory.byNumber(verdict.username);
    }
    if (verdict.reason !== "stale") {
      const isUnknown = verdict.username !== undefined && this.#directory.byNumber(verdict.username) === undefined;
      this.#guard.failed(remote.address, isUnknown ? verdict.username : undefined);
    }
    this.#challenge(transaction, verdict.reason === "stale");
    return undefined;
  }

  #challenge(transaction: ServerTransaction, isStale: boolean): void {
    const values = this.#digest().challenge(isStale);
    transaction.respond(401, { headers: values.map((value) => ({ name: "WWW-Authenticate", value })) });
  }

  #digest(): DigestServer {
    const { realm } = this.#directory;
    if (this.#server === undefined || this.#realm !== realm) {
      this.#realm = realm;
      this.#server = createDigestServer({
        realm,
        secret: this.#options.nonceSecret,
        algorithms: this.#options.digestAlgorithms ?? ["MD5"],
        now: () => this.#options.scheduler.now(),
        randomText: this.#options.randomText,
      });
    }
    return this.#server;
  }
}
