import { createHash, hash } from "node:crypto";

/** Algorithms of RFC 8760 that are spoken here. */
export const digestAlgorithms = ["MD5", "SHA-256"] as const;
export type DigestAlgorithm = (typeof digestAlgorithms)[number];

const nodeNames: Readonly<Record<DigestAlgorithm, string>> = { MD5: "md5", "SHA-256": "sha256" };

export function digestHash(algorithm: DigestAlgorithm, text: string): string {
  return hash(nodeNames[algorithm], text, "hex");
}

export interface Ha1Parts {
  readonly username: string;
  readonly realm: string;
  readonly password: string;
  readonly algorithm: DigestAlgorithm;
}

/** H(user:realm:password), lower-case hex (RFC 7616 §3.4.2): what is kept instead of the password. */
export function ha1({ username, realm, password, algorithm }: Ha1Parts): string {
  return digestHash(algorithm, `${username}:${realm}:${password}`);
}

export interface ResponseInput {
  readonly algorithm: DigestAlgorithm;
  readonly ha1: string;
  readonly method: string;
  readonly uri: string;
  readonly nonce: string;
  /** Absent: the form of RFC 2069, without qop. */
  readonly qop?: { readonly name: "auth" | "auth-int"; readonly nc: string; readonly cnonce: string };
  readonly body?: Uint8Array;
}

/** The `response` value (RFC 7616 §3.4.1). */
export function digestResponse({ algorithm, ha1: secret, method, uri, nonce, qop, body }: ResponseInput): string {
  const bodyHash =
    qop?.name === "auth-int"
      ? `:${createHash(nodeNames[algorithm])
          .update(body ?? "")
          .digest("hex")}`
      : "";
  const a2 = digestHash(algorithm, `${method}:${uri}${bodyHash}`);
  const middle = qop === undefined ? nonce : `${nonce}:${qop.nc}:${qop.cnonce}:${qop.name}`;
  return digestHash(algorithm, `${secret}:${middle}:${a2}`);
}
