import { permissions, roles } from "@pbx-x/protocol";
import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import type { RevocableAuthenticator } from "../auth/authenticator.ts";
import { checkPassword, hashPassword } from "../auth/passwords.ts";
import type { TokenService } from "../auth/token-service.ts";
import type { ExtensionService } from "../extensions/extension-service.ts";
import { generatePassword } from "../extensions/sip-secret.ts";
import type { NewId } from "../ids.ts";
import { identityOf, requirePermission } from "../rest/identity-hook.ts";
import { nothing, pageOf } from "../rest/answers.ts";
import { pageQuery, searchPage } from "../rest/paging.ts";
import { ProblemError } from "../rest/problem.ts";
import type { AuditLog } from "../storage/audit-log.ts";
import { createTurns } from "../storage/turns.ts";
import type { User } from "./user.ts";
import { createdUserAnswer, userAnswer } from "./user-answer.ts";
import type { UserStore } from "./user-store.ts";

export interface UserRoutesOptions {
  readonly users: UserStore;
  readonly extensions: Pick<ExtensionService, "all" | "update">;
  readonly tokens: Pick<TokenService, "endAll">;
  readonly authenticator: Pick<RevocableAuthenticator, "revoke">;
  readonly audit: Pick<AuditLog, "write">;
  readonly newId: NewId;
  /** Counts tries of a password; seconds to wait, 0 when the try may go on. */
  readonly limitTries: (account: string, address: string) => number;
}

const tags = ["users"];
const password = z.string().min(12).max(200);
const fields = z.strictObject({
  email: z.email().max(320),
  displayName: z.string().min(1).max(200),
  role: z.enum(roles),
  isActive: z.boolean(),
  grantedPermissions: z.array(z.enum(permissions)).max(permissions.length),
});
const creation = fields.partial({ isActive: true, grantedPermissions: true }).extend({ password: password.optional() });
const changes = fields.partial().extend({ password: password.optional() });
const ownPassword = z.strictObject({ currentPassword: z.string().min(1).max(1024), newPassword: password });

/** Users ([R7]): an administrator's; everybody may see and re-key themselves. */
export function createUserRoutes(options: UserRoutesOptions) {
  const { users, extensions, tokens, authenticator, audit, newId, limitTries } = options;
  const params = z.object({ id: z.string().max(128) });
  // Two changes at the same moment must not both find another administrator, or a free e-mail address.
  const inTurn = createTurns();
  const mustFind = async (id: string): Promise<User> => {
    const user = await users.find(id);
    if (user === undefined) throw new ProblemError(404, "There is no such user.");
    return user;
  };
  const checkEmail = async (email: string, own?: string): Promise<void> => {
    const other = await users.findLogin(email);
    if (other === undefined || other.user.id === own) return;
    const errors = [{ field: "email", message: "is taken" }];
    throw new ProblemError(409, "Another user has this e-mail address.", { errors });
  };
  /** Somebody has to be able to administer. */
  const checkLastAdmin = async (before: User, after: User | undefined): Promise<void> => {
    const isAdmin = (user: User | undefined): boolean => user?.role === "admin" && user.isActive;
    if (!isAdmin(before) || isAdmin(after)) return;
    const others = (await users.all()).filter((user) => user.id !== before.id && isAdmin(user));
    if (others.length === 0) throw new ProblemError(422, "This is the last active administrator.");
  };
  const endLogins = async (userId: string, kind: "ended" | "renewed"): Promise<void> => {
    await tokens.endAll(userId);
    authenticator.revoke({ userId, kind });
  };
  return (instance: FastifyInstance): void => {
    const app = instance.withTypeProvider<ZodTypeProvider>();

    app.get(
      "/users",
      { schema: { tags, summary: "Users", querystring: pageQuery, response: { 200: pageOf(userAnswer) } } },
      async (request) => {
        requirePermission(request, "system.configure");
        return searchPage(await users.all(), request.query, ({ email, displayName }) => `${email} ${displayName}`);
      },
    );

    app.get(
      "/users/:id",
      { schema: { tags, summary: "One user", params, response: { 200: userAnswer } } },
      async (request) => {
        const { userId, permissions: held } = identityOf(request);
        const { id } = request.params;
        if (id !== userId && !held.has("system.configure")) throw new ProblemError(404, "There is no such user.");
        return mustFind(id);
      },
    );

    const create = {
      config: { problems: [409] },
      schema: {
        tags,
        summary: "Create a user; a generated password is shown once",
        body: creation,
        response: { 201: createdUserAnswer },
      },
    };
    app.post("/users", create, async (request, reply) => {
      const by = requirePermission(request, "system.configure");
      const { password: given, isActive = true, grantedPermissions = [], ...rest } = request.body;
      const user: User = { id: newId(), isActive, grantedPermissions, ...rest, email: rest.email.toLowerCase() };
      const secret = given ?? generatePassword(16);
      const passwordHash = await hashPassword(secret);
      await inTurn(async () => {
        await checkEmail(rest.email);
        await users.insert(user, passwordHash);
      });
      audit.write(by.userId, "user.create", user.id, { email: user.email, role: user.role });
      return reply.code(201).send({ ...user, ...(given === undefined && { password: secret }) });
    });

    const patch = {
      config: { problems: [409, 422] },
      schema: { tags, summary: "Change a user", params, body: changes, response: { 200: userAnswer } },
    };
    app.patch("/users/:id", patch, async (request) => {
      const by = requirePermission(request, "system.configure");
      const { password: given, ...rest } = request.body;
      const told = Object.entries(rest).filter(([, value]) => value !== undefined);
      const passwordHash = given === undefined ? undefined : await hashPassword(given);
      const { before, after } = await inTurn(async () => {
        const found = await mustFind(request.params.id);
        // Fields of the schema replaced by values of their own types.
        const changed = { ...found, ...Object.fromEntries(told) } as User;
        if (rest.email !== undefined) await checkEmail(rest.email, found.id);
        await checkLastAdmin(found, changed);
        await users.update(changed, passwordHash);
        return { before: found, after: { ...changed, email: changed.email.toLowerCase() } };
      });
      if (before.isActive && !after.isActive) await endLogins(before.id, "ended");
      else if (given !== undefined) await endLogins(before.id, "renewed");
      else if (rightsOf(before) !== rightsOf(after)) authenticator.revoke({ userId: before.id, kind: "renewed" });
      const names = [...told.map(([name]) => name), ...(given === undefined ? [] : ["password"])];
      audit.write(by.userId, "user.update", before.id, { changed: names });
      return after;
    });

    const remove = {
      config: { problems: [422] },
      schema: { tags, summary: "Delete a user", params, response: { 204: nothing } },
    };
    app.delete("/users/:id", remove, async (request, reply) => {
      const by = requirePermission(request, "system.configure");
      const user = await inTurn(async () => {
        const found = await mustFind(request.params.id);
        await checkLastAdmin(found, undefined);
        await users.remove(found.id);
        return found;
      });
      await endLogins(user.id, "ended");
      for (const extension of extensions.all().filter(({ userId }) => userId === user.id)) {
        await extensions.update(extension.id, { userId: undefined }, { via: "admin", userId: by.userId });
      }
      audit.write(by.userId, "user.delete", user.id, { email: user.email });
      return reply.code(204).send();
    });

    const rekey = {
      schema: {
        tags: ["auth"],
        summary: "Change one's own password; ends all log-ins",
        body: ownPassword,
        response: { 204: nothing },
      },
    };
    app.post("/auth/password", rekey, async (request, reply) => {
      const { userId } = identityOf(request);
      const { currentPassword, newPassword } = request.body;
      const wait = limitTries(userId, request.ip);
      if (wait > 0) throw new ProblemError(429, "Too many tries; wait a little.", {}, wait);
      const isRight = await checkPassword(await users.passwordHashOf(userId), currentPassword);
      if (!isRight) throw new ProblemError(403, "The current password is wrong.");
      const passwordHash = await hashPassword(newPassword);
      await inTurn(async () => users.update(await mustFind(userId), passwordHash));
      await endLogins(userId, "renewed");
      audit.write(userId, "user.password", userId);
      return reply.code(204).send();
    });
  };
}

/** A change of these takes effect on open sessions at once ([W14]). */
function rightsOf({ role, grantedPermissions }: User): string {
  return `${role} ${grantedPermissions.toSorted().join(" ")}`;
}
