import type { Logger } from "pino";
import type { Settings } from "../config/settings.ts";
import type { ExtensionService } from "../extensions/extension-service.ts";
import { type QueueBook, queuesOf } from "../queues/queue-book.ts";
import type { Database } from "../storage/open-database.ts";
import type { UserStore } from "../users/user-store.ts";
import { createAuthenticator } from "./authenticator.ts";
import { renewOnExtensionChange } from "./extension-rights.ts";
import { loadJwtSecret } from "./jwt-keys.ts";
import { createLoginLimiter } from "./login-limiter.ts";
import { createTicketOffice } from "./ticket-office.ts";
import { createTokenService } from "./token-service.ts";
import { createTokenVerifier } from "./token-verifier.ts";

export interface AuthParts {
  readonly settings: Settings;
  readonly db: Database;
  readonly users: UserStore;
  readonly extensions: ExtensionService;
  readonly queues: QueueBook;
  readonly now: () => number;
  readonly logger: Pick<Logger, "warn">;
}

/** Who somebody is and may do: tokens, tickets, limits of tries, rights that follow the extensions. */
export async function startAuth({ settings, db, users, extensions, queues, now, logger }: AuthParts) {
  const secret = await loadJwtSecret({
    dataDir: settings.dataDir,
    given: settings.jwt.secret,
    warn: (message) => logger.warn(message),
  });
  const { jwksUrl, issuer, audience } = settings.jwt;
  const verify = createTokenVerifier({ secret, jwksUrl, issuer, audience, now });
  const authenticator = createAuthenticator({ verify, users, extensions, now, queuesOf: queuesOf(queues, extensions) });
  const tickets = createTicketOffice({ now });
  authenticator.onRevoked(({ userId }) => tickets.cancel(userId));
  renewOnExtensionChange(extensions, authenticator);
  return {
    authenticator,
    tickets,
    limitLogin: createLoginLimiter({ now }),
    tokens: createTokenService({ db, secret, issuer, audience, now }),
  };
}
