import { timingSafeEqual } from "node:crypto";
import { parseDigestParams, printDigestParams } from "./auth-params.ts";
import { createHmacSha256 } from "./hmac.ts";
import { type DigestAlgorithm, digestAlgorithms, digestHash, digestResponse } from "./digest-hash.ts";

export interface DigestServerOptions {
  readonly realm: string;
  /** Key for the nonces; random per start is fine, phones then see one `stale`. */
  readonly secret: Uint8Array;
  readonly now: () => number;
  readonly randomText: () => string;
  /** Offered in this order, one header each; browsers read only the first. */
  readonly algorithms?: readonly DigestAlgorithm[];
  /** Default 5 min. */
  readonly nonceLifetimeMs?: number;
  /** Nonces whose count is remembered against replay; the oldest is forgotten, and then stale. */
  readonly maxNonces?: number;
}

/** What is kept of a user. */
export interface DigestSecrets {
  readonly md5: string;
  readonly sha256: string;
}

export interface DigestRequest {
  readonly method: string;
  readonly body?: Uint8Array;
}

export type DigestVerdict =
  | { readonly ok: true; readonly username: string }
  | { readonly ok: false; readonly reason: "wrong" | "stale" | "malformed"; readonly username?: string };

export interface DigestServer {
  /** Values for WWW-Authenticate (or Proxy-Authenticate), one per header line. */
  challenge(isStale?: boolean): readonly string[];
  /**
   * Checks the value of Authorization. An unknown user costs the same work and gets the same answer as a wrong password.
   * Where a user has several secrets, each of them is right.
   */
  verify(
    header: string,
    request: DigestRequest,
    secretsOf: (username: string) => DigestSecrets | readonly DigestSecrets[] | undefined,
  ): DigestVerdict;
}

/** RFC 8760 / RFC 7616 on the server's side. Nonces carry their time and are signed, so that any of them can be checked. */
export function createDigestServer(options: DigestServerOptions): DigestServer {
  const { realm, secret, now, randomText, algorithms = digestAlgorithms } = options;
  const { nonceLifetimeMs = 300_000, maxNonces = 50_000 } = options;
  const counts = new Map<string, number>();
  /** Of nonces issued by then it is not known any more whether they were used. */
  let forgottenUntilMs = Number.NEGATIVE_INFINITY;

  const hmac = createHmacSha256(secret);
  const sign = (text: string): string => hmac(text).toString("base64url").slice(0, 22);

  function newNonce(): string {
    const text = `${now().toString(36)}.${randomText()}`;
    return `${text}.${sign(text)}`;
  }

  /** Undefined when the nonce is not ours. */
  function issuedAt(nonce: string): number | undefined {
    const [time = "", random = "", signature = ""] = nonce.split(".");
    return isEqual(sign(`${time}.${random}`), signature) ? timeOf(nonce) : undefined;
  }

  /** False when this count was used before (RFC 7616 §3.4: nc). */
  function takeCount(nonce: string, nc: number): boolean {
    const last = counts.get(nonce);
    if (last === undefined ? timeOf(nonce) <= forgottenUntilMs : nc <= last) return false;
    counts.delete(nonce);
    counts.set(nonce, nc);
    if (counts.size > maxNonces) {
      const [oldest = ""] = counts.keys();
      counts.delete(oldest);
      forgottenUntilMs = Math.max(forgottenUntilMs, timeOf(oldest));
    }
    return true;
  }

  return {
    challenge: (isStale = false) => {
      const nonce = newNonce();
      return algorithms.map((algorithm) => {
        const params: [string, string][] = [
          ["realm", realm],
          ["nonce", nonce],
          ["algorithm", algorithm],
          ["qop", "auth"],
        ];
        if (isStale) params.push(["stale", "true"]);
        return printDigestParams(params, false);
      });
    },
    verify: (header, { method, body }, secretsOf) => {
      const params = parseDigestParams(header);
      const [username, nonce, uri, response] = ["username", "nonce", "uri", "response"].map((name) =>
        params?.get(name),
      );
      if (params === undefined || username === undefined || nonce === undefined)
        return { ok: false, reason: "malformed" };
      if (uri === undefined || response === undefined) return { ok: false, reason: "malformed", username };
      const algorithm = algorithms.find(
        (name) => name.toLowerCase() === (params.get("algorithm") ?? "MD5").toLowerCase(),
      );
      if (algorithm === undefined || params.get("realm") !== realm) return { ok: false, reason: "wrong", username };
      const qop = qopOf(params);
      if (qop === "malformed") return { ok: false, reason: "malformed", username };
      const known = [secretsOf(username) ?? []].flat();
      const dummy = digestHash(algorithm, `${username}:${realm}:${nonce}`);
      const tried = known.length === 0 ? [dummy] : known.map(({ md5, sha256 }) => (algorithm === "MD5" ? md5 : sha256));
      const parts = { algorithm, method, uri, nonce, ...(qop && { qop }), ...(body && { body }) };
      const given = response.toLowerCase();
      // All of them, so that the time does not tell which one it was.
      const fitting = tried.filter((ha1) => isEqual(digestResponse({ ...parts, ha1 }), given));
      if (known.length === 0 || fitting.length === 0) return { ok: false, reason: "wrong", username };
      const ageMs = now() - (issuedAt(nonce) ?? Number.NaN);
      if (!(ageMs >= 0 && ageMs <= nonceLifetimeMs)) return { ok: false, reason: "stale", username };
      // Without qop there is no count: such an answer is good for one request, so that nobody can send it again.
      if (!takeCount(nonce, qop === undefined ? 1 : Number.parseInt(qop.nc, 16)))
        return { ok: false, reason: "stale", username };
      return { ok: true, username };
    },
  };
}

function qopOf(params: ReadonlyMap<string, string>) {
  const [name, nc, cnonce] = [params.get("qop"), params.get("nc"), params.get("cnonce")];
  if (name === undefined) return undefined;
  if ((name !== "auth" && name !== "auth-int") || nc === undefined || cnonce === undefined) return "malformed" as const;
  return /^[0-9a-f]{8}$/i.test(nc) ? ({ name, nc, cnonce } as const) : ("malformed" as const);
}

function timeOf(nonce: string): number {
  return Number.parseInt(nonce, 36);
}

function isEqual(a: string, b: string): boolean {
  const [one, other] = [Buffer.from(a), Buffer.from(b)];
  return one.length === other.length && timingSafeEqual(one, other);
}
