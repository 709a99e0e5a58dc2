import type { Permission, Role } from "@pbx-x/protocol";

/** Who a session or a REST request acts for. Made from a checked token and the user's present record. */
export interface Identity {
  readonly userId: string;
  readonly displayName: string;
  readonly role: Role;
  readonly permissions: ReadonlySet<Permission>;
  /** The user's own extension, where there is one. */
  readonly extensionId?: string;
  readonly extensionNumber?: string;
  /** Queues that an agent is a member of, as they are now: never to be copied with the rest of it. */
  readonly queueIds: readonly string[];
  readonly tokenExpiresAtMs: number;
}

export type TokenRejection = "missing" | "malformed" | "expired" | "wrong_signature" | "wrong_claims" | "user_gone";

export type Authentication =
  | { readonly ok: true; readonly identity: Identity }
  | { readonly ok: false; readonly reason: TokenRejection };

/** Checks a bearer token ([W11]). Never throws for a bad one, only where it cannot be checked now. */
export interface Authenticator {
  authenticate(token: string | undefined): Promise<Authentication>;
  /** A user's rights changed or ended ([W14]): log-out, deactivation, other role. */
  onRevoked(listener: (revocation: Revocation) => void): () => void;
}

export interface Revocation {
  readonly userId: string;
  /** `ended`: the user may not come back (deactivated, deleted); `renewed`: a new token will do (log-out, role change). */
  readonly kind: "ended" | "renewed";
}
