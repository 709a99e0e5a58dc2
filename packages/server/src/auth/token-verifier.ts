import { createRemoteJWKSet, errors, type JWTVerifyOptions, jwtVerify } from "jose";
import type { TokenRejection } from "./identity.ts";

export interface TokenVerifierOptions {
  /** HMAC key of our own tokens. */
  readonly secret: string;
  /** Keys of an outside identity provider; our own tokens stay valid beside it. */
  readonly jwksUrl?: string | undefined;
  readonly issuer?: string | undefined;
  readonly audience?: string | undefined;
  readonly now: () => number;
}

export type TokenVerification =
  | { readonly ok: true; readonly userId: string; readonly expiresAtMs: number; readonly issuedAtMs: number }
  | { readonly ok: false; readonly reason: TokenRejection };

export type TokenVerifier = (token: string | undefined) => Promise<TokenVerification>;

/**
 * Checks signature and claims ([W11]): HS256 by our secret only, public-key algorithms by the provider's keys only.
 * Rejects where the provider's keys cannot be read now: that says nothing of the token.
 */
export function createTokenVerifier(options: TokenVerifierOptions): TokenVerifier {
  const secret = new TextEncoder().encode(options.secret);
  const keySet = options.jwksUrl === undefined ? undefined : createRemoteJWKSet(new URL(options.jwksUrl));
  const claims: JWTVerifyOptions = {
    requiredClaims: ["exp", "sub"],
    ...(options.issuer !== undefined && { issuer: options.issuer }),
    ...(options.audience !== undefined && { audience: options.audience }),
  };
  return async (token) => {
    if (token === undefined || token === "") return { ok: false, reason: "missing" };
    if (token.length > 8192) return { ok: false, reason: "malformed" };
    const checks = { ...claims, currentDate: new Date(options.now()) };
    const isForeign = keySet !== undefined && algorithmOf(token) !== "HS256";
    try {
      const { payload } = isForeign
        ? await jwtVerify(token, keySet, { ...checks, algorithms: ["RS256", "ES256", "PS256", "EdDSA"] })
        : await jwtVerify(token, secret, { ...checks, algorithms: ["HS256"] });
      return {
        ok: true,
        userId: payload.sub ?? "",
        expiresAtMs: (payload.exp ?? 0) * 1000,
        issuedAtMs: Math.round((payload.iat ?? 0) * 1000),
      };
    } catch (error) {
      if (isForeign && isOutage(error)) {
        throw new Error("the identity provider's keys cannot be read", { cause: error });
      }
      return { ok: false, reason: rejectionOf(error) };
    }
  };
}

function algorithmOf(token: string): unknown {
  try {
    const header: unknown = JSON.parse(Buffer.from(token.split(".")[0] ?? "", "base64url").toString());
    return typeof header === "object" && header !== null && "alg" in header ? header.alg : undefined;
  } catch {
    return undefined;
  }
}

/** No answer of the provider, a late one, or one that holds no keys. */
function isOutage(error: unknown): boolean {
  if (!(error instanceof errors.JOSEError)) return true;
  return [errors.JOSEError.code, errors.JWKSTimeout.code, errors.JWKSInvalid.code].includes(error.code);
}

function rejectionOf(error: unknown): TokenRejection {
  if (error instanceof errors.JWTExpired) return "expired";
  if (error instanceof errors.JWTClaimValidationFailed) return "wrong_claims";
  if (error instanceof errors.JWSInvalid || error instanceof errors.JWTInvalid) return "malformed";
  return "wrong_signature";
}
