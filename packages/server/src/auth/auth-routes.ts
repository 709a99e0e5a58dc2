import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import { identityOf } from "../rest/identity-hook.ts";
import { nothing } from "../rest/answers.ts";
import { ProblemError } from "../rest/problem.ts";
import type { UserStore } from "../users/user-store.ts";
import { loginAnswer, sessionAnswer, ticketAnswer } from "./auth-answers.ts";
import type { RevocableAuthenticator } from "./authenticator.ts";
import { checkPassword } from "./passwords.ts";
import type { TicketOffice } from "./ticket-office.ts";
import type { TokenService } from "./token-service.ts";

export interface AuthRoutesOptions {
  readonly users: UserStore;
  readonly tokens: TokenService;
  readonly authenticator: Pick<RevocableAuthenticator, "revoke">;
  readonly tickets: Pick<TicketOffice, "issue">;
  /** Seconds to wait, 0 when the try may go on. */
  readonly limitLogin: (account: string, address: string) => number;
}

/** Log-in, refresh, log-out, session, tickets ([R3]). */
export function createAuthRoutes({ users, tokens, authenticator, tickets, limitLogin }: AuthRoutesOptions) {
  return (instance: FastifyInstance): void => {
    const app = instance.withTypeProvider<ZodTypeProvider>();
    const tags = ["auth"];
    const config = { isPublic: true, problems: [401] };
    const response = { 200: loginAnswer };
    const credentials = z.object({ email: z.string().min(1).max(320), password: z.string().min(1).max(1024) });
    app.post(
      "/auth/login",
      { config, schema: { tags, summary: "Log in with e-mail and password", body: credentials, response } },
      async (request) => {
        const { email, password } = request.body;
        const wait = limitLogin(email, request.ip);
        if (wait > 0) throw new ProblemError(429, "Too many tries; wait a little.", {}, wait);
        const found = await users.findLogin(email);
        const isRight = await checkPassword(found?.passwordHash, password);
        if (!isRight || found?.user.isActive !== true) throw new ProblemError(401, "E-mail or password is wrong.");
        return { user: found.user, tokens: await tokens.issue(found.user.id) };
      },
    );
    const refresh = z.object({ refreshToken: z.string().min(1).max(200) });
    app.post(
      "/auth/refresh",
      { config, schema: { tags, summary: "New tokens for a refresh token", body: refresh, response } },
      async (request) => {
        const renewed = await tokens.refresh(request.body.refreshToken);
        const user = renewed && (await users.find(renewed.userId));
        if (renewed === undefined || user?.isActive !== true) {
          throw new ProblemError(401, "The refresh token is not accepted.");
        }
        return { user, tokens: renewed.tokens };
      },
    );
    app.post(
      "/auth/logout",
      { schema: { tags, summary: "End all log-ins of the user", response: { 204: nothing } } },
      async (request, reply) => {
        const { userId } = identityOf(request);
        await tokens.endAll(userId);
        authenticator.revoke({ userId, kind: "renewed" });
        return reply.code(204).send();
      },
    );
    app.get(
      "/auth/session",
      { schema: { tags, summary: "Who the token stands for", response: { 200: sessionAnswer } } },
      (request) => {
        const { userId, tokenExpiresAtMs, role, permissions, extensionId, extensionNumber } = identityOf(request);
        return {
          userId,
          expiresAt: new Date(tokenExpiresAtMs).toISOString(),
          role,
          permissions: [...permissions],
          extensionId: extensionId ?? null,
          extensionNumber: extensionNumber ?? null,
        };
      },
    );
    // No host, no dots: a path of this interface as it is.
    const path = z
      .string()
      .max(2048)
      .regex(/^\/api\/v1\/[\w/-]+(?:\?[^#\s]*)?$/, "expected a path below /api/v1/");
    const body = z.strictObject({ path });
    const ticket = {
      schema: { tags, summary: "A ticket of 60 s for one link", body, response: { 201: ticketAnswer } },
    };
    app.post("/auth/tickets", ticket, async (request, reply) => {
      const issued = tickets.issue(identityOf(request), request.body.path);
      const expiresAt = new Date(issued.expiresAtMs).toISOString();
      return reply.code(201).send({ ticket: issued.ticket, url: issued.url, expiresAt });
    });
  };
}
