import { createHash, randomBytes } from "node:crypto";
import { SignJWT } from "jose";
import type { Database } from "../storage/open-database.ts";

export interface TokenServiceOptions {
  readonly db: Database;
  readonly secret: string;
  readonly issuer?: string | undefined;
  readonly audience?: string | undefined;
  readonly now: () => number;
  readonly accessSeconds?: number;
  readonly refreshSeconds?: number;
}

export interface TokenPair {
  readonly accessToken: string;
  readonly refreshToken: string;
  /** Seconds that the access token is good for. */
  readonly expiresIn: number;
}

export interface TokenService {
  issue(userId: string, family?: string): Promise<TokenPair>;
  /** One use each; a second use ends the whole family ([R3]). */
  refresh(refreshToken: string): Promise<{ readonly userId: string; readonly tokens: TokenPair } | undefined>;
  /** Ends all refresh tokens of a user. */
  endAll(userId: string): Promise<void>;
}

export function createTokenService(options: TokenServiceOptions): TokenService {
  const { db, now, issuer, audience, accessSeconds = 900, refreshSeconds = 30 * 24 * 3600 } = options;
  const key = new TextEncoder().encode(options.secret);
  const issue = async (userId: string, family = randomBytes(16).toString("hex")): Promise<TokenPair> => {
    // With its milliseconds (RFC 7519 allows a fraction), so that a log-out in the same second is told apart.
    const issuedAt = now() / 1000;
    const token = new SignJWT()
      .setProtectedHeader({ alg: "HS256", typ: "JWT" })
      .setSubject(userId)
      .setJti(randomBytes(12).toString("base64url"))
      .setIssuedAt(issuedAt)
      .setExpirationTime(Math.floor(issuedAt) + accessSeconds);
    if (issuer !== undefined) token.setIssuer(issuer);
    if (audience !== undefined) token.setAudience(audience);
    const refreshToken = randomBytes(32).toString("base64url");
    const row = { hash: hashOf(refreshToken), family, user_id: userId, is_used: 0 };
    await db.deleteFrom("refresh_tokens").where("expires_at", "<", now()).execute();
    await db
      .insertInto("refresh_tokens")
      .values({ ...row, expires_at: now() + refreshSeconds * 1000 })
      .execute();
    return { accessToken: await token.sign(key), refreshToken, expiresIn: accessSeconds };
  };
  return {
    issue,
    refresh: async (refreshToken) => {
      const hash = hashOf(refreshToken);
      const row = await db.selectFrom("refresh_tokens").selectAll().where("hash", "=", hash).executeTakeFirst();
      if (row === undefined || row.expires_at < now()) return undefined;
      const { numUpdatedRows } = await db
        .updateTable("refresh_tokens")
        .set({ is_used: 1 })
        .where("hash", "=", hash)
        .where("is_used", "=", 0)
        .executeTakeFirst();
      if (numUpdatedRows === 0n) {
        await db.deleteFrom("refresh_tokens").where("family", "=", row.family).execute();
        return undefined;
      }
      return { userId: row.user_id, tokens: await issue(row.user_id, row.family) };
    },
    endAll: async (userId) => {
      await db.deleteFrom("refresh_tokens").where("user_id", "=", userId).execute();
    },
  };
}

function hashOf(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}
