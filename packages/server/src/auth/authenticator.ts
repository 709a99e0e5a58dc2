import { sharePermissions } from "./share-permissions.ts";
import type { Extension } from "../extensions/extension.ts";
import type { User } from "../users/user.ts";
import type { Authenticator, Revocation } from "./identity.ts";
import type { TokenVerifier } from "./token-verifier.ts";

export interface AuthenticatorOptions {
  readonly verify: TokenVerifier;
  readonly users: { find(userId: string): Promise<User | undefined> };
  readonly extensions: { all(): readonly Extension[] };
  readonly now: () => number;
  /** Queues of an agent. */
  readonly queuesOf?: (userId: string) => readonly string[];
}

export interface RevocableAuthenticator extends Authenticator {
  /** Tells the listeners that a user's tokens no longer count as they did ([W14]). */
  revoke(revocation: Revocation): void;
}

const longestTokenMs = 24 * 3600_000;

/** A token says who; what they may is read from the user's present record ([W11], [W24]). */
export function createAuthenticator({
  verify,
  users,
  extensions,
  queuesOf,
  now,
}: AuthenticatorOptions): RevocableAuthenticator {
  const listeners = new Set<(revocation: Revocation) => void>();
  /** Since when a user's older tokens no longer count; kept as long as such a token can live. */
  const revokedAt = new Map<string, number>();
  const forget = (): void => {
    for (const [userId, at] of revokedAt) if (at < now() - longestTokenMs) revokedAt.delete(userId);
  };
  const permissionsOf = sharePermissions();
  return {
    authenticate: async (token) => {
      const verified = await verify(token);
      if (!verified.ok) return verified;
      if (verified.issuedAtMs < (revokedAt.get(verified.userId) ?? 0)) return { ok: false, reason: "expired" };
      const user = await users.find(verified.userId);
      if (user === undefined || !user.isActive) return { ok: false, reason: "user_gone" };
      const extension = extensions.all().find((other) => other.userId === user.id);
      const mayRecord = extension?.canRecordCalls === true && extension.callRecordingPolicy !== "off";
      const recording = mayRecord ? (["calls.record"] as const) : [];
      return {
        ok: true,
        identity: {
          userId: user.id,
          displayName: user.displayName,
          role: user.role,
          permissions: permissionsOf(user.role, [...user.grantedPermissions, ...recording]),
          ...(extension !== undefined && { extensionId: extension.id, extensionNumber: extension.number }),
          // Members come and go while the token lives.
          get queueIds() {
            return queuesOf?.(user.id) ?? [];
          },
          tokenExpiresAtMs: verified.expiresAtMs,
        },
      };
    },
    onRevoked: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    revoke: (revocation) => {
      forget();
      revokedAt.set(revocation.userId, now());
      for (const listener of listeners) listener(revocation);
    },
  };
}
