import type { Permission } from "@pbx-x/protocol";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Authentication, Authenticator, Identity } from "../auth/identity.ts";
import { ticketParameter, type TicketOffice } from "../auth/ticket-office.ts";
import { ProblemError } from "./problem.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** The route needs no token. */
    isPublic?: boolean;
    /** Statuses of problems that this route may answer besides those of every route, for the OpenAPI document. */
    problems?: readonly number[];
  }
  interface FastifyRequest {
    identity: Identity | null;
  }
}

/** Checks the bearer token of every route that is not public; for reading, a ticket will do ([R3]). */
export function addIdentity(
  app: FastifyInstance,
  authenticator: Pick<Authenticator, "authenticate">,
  tickets: Pick<TicketOffice, "redeem">,
): void {
  app.decorateRequest("identity", null);
  app.addHook("onRequest", async (request) => {
    if (request.routeOptions.config.isPublic === true) return;
    const token = bearerOf(request);
    const isReading = request.method === "GET" || request.method === "HEAD";
    if (token === undefined && isReading && request.url.includes(`${ticketParameter}=`)) {
      const holder = tickets.redeem(request.url);
      if (holder === undefined) throw new ProblemError(401, "The ticket is over, or not for this.");
      request.identity = holder;
      return;
    }
    const result = await checkToken(request, authenticator, token);
    if (!result.ok) throw new ProblemError(401, `The token is not accepted: ${result.reason}.`);
    request.identity = result.identity;
  });
}

/** Whom a token stands for. Throws a 503 where that cannot be said now: the token may be good ([W11]). */
export async function checkToken(
  { log }: Pick<FastifyRequest, "log">,
  authenticator: Pick<Authenticator, "authenticate">,
  token: string | undefined,
): Promise<Authentication> {
  try {
    return await authenticator.authenticate(token);
  } catch (err) {
    log.warn({ err }, "a token could not be checked");
    throw new ProblemError(503, "The token cannot be checked now.", {}, 5);
  }
}

/** The token of the header; undefined where there is none. */
export function bearerOf({ headers }: Pick<FastifyRequest, "headers">): string | undefined {
  return /^Bearer (\S+)$/i.exec(headers.authorization ?? "")?.[1];
}

/** Who asks. */
export function identityOf(request: FastifyRequest): Identity {
  if (request.identity === null) throw new ProblemError(401, "A token is needed.");
  return request.identity;
}

/** Throws a 403 where the right is missing. */
export function requirePermission(request: FastifyRequest, permission: Permission): Identity {
  const identity = identityOf(request);
  if (!identity.permissions.has(permission)) throw new ProblemError(403, `The right ${permission} is missing.`);
  return identity;
}
