import { presenceStatuses } from "@pbx-x/protocol";
import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import type { Identity } from "../auth/identity.ts";
import type { Extension, ExtensionDirectory } from "../extensions/extension.ts";
import { pageOf } from "../rest/answers.ts";
import { identityOf, requirePermission } from "../rest/identity-hook.ts";
import { pageQuery, searchPage } from "../rest/paging.ts";
import { ProblemError } from "../rest/problem.ts";
import type { AuditLog } from "../storage/audit-log.ts";
import { presenceAnswer } from "./presence-answer.ts";
import type { PresenceSetting } from "./presence.ts";
import type { PresenceService } from "./presence-service.ts";

export interface PresenceRoutesOptions {
  readonly extensions: Pick<ExtensionDirectory, "all">;
  readonly presence: Pick<PresenceService, "of" | "set">;
  readonly audit: Pick<AuditLog, "write">;
}

const tags = ["presence"];
const params = z.object({ id: z.string().max(128) });
const settingSchema = z.strictObject({
  status: z.enum(presenceStatuses),
  statusMessage: z.string().max(500).exactOptional(),
});
const response = { 200: presenceAnswer };

/** Presence by REST ([P4]): everybody's to read, one's own to set; an administrator may set others'. */
export function createPresenceRoutes({ extensions, presence, audit }: PresenceRoutesOptions) {
  const show = (extension: Extension) => {
    const { id, number, displayName, userId } = extension;
    const owner = userId === undefined ? {} : { userId };
    return { ...owner, extensionId: id, number, displayName, ...presence.of(id) };
  };
  const change = async (by: Identity, userId: string, setting: PresenceSetting | undefined) => {
    const isOwn = by.userId === userId;
    if (!by.permissions.has(isOwn ? "presence.set.own" : "system.configure")) {
      throw new ProblemError(403, "You may set your own presence only.");
    }
    const extension = extensions.all().find((other) => other.userId === userId);
    if (extension === undefined) throw new ProblemError(404, "There is no such user with an extension.");
    await presence.set(userId, setting, { via: isOwn ? "command" : "admin", userId: by.userId });
    if (!isOwn) audit.write(by.userId, "presence.set", userId, { status: setting?.status ?? "automatic" });
    return show(extension);
  };
  return (instance: FastifyInstance): void => {
    const app = instance.withTypeProvider<ZodTypeProvider>();
    app.get(
      "/presence",
      {
        schema: {
          tags,
          summary: "Presence of all extensions",
          querystring: pageQuery,
          response: { 200: pageOf(presenceAnswer) },
        },
      },
      (request) => {
        requirePermission(request, "presence.view");
        const words = ({ number, displayName }: Extension): string => `${number} ${displayName}`;
        const page = searchPage(extensions.all(), request.query, words);
        return { ...page, data: page.data.map(show) };
      },
    );
    app.put(
      "/users/:id/presence",
      { schema: { tags, summary: "Set a user's presence by hand", params, body: settingSchema, response } },
      (request) => change(identityOf(request), request.params.id, request.body),
    );
    app.delete(
      "/users/:id/presence",
      {
        schema: {
          tags,
          summary: "Let a user's presence follow from calls, phones and sessions again",
          params,
          response,
        },
      },
      (request) => change(identityOf(request), request.params.id, undefined),
    );
  };
}
