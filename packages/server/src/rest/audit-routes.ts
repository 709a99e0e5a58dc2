import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import type { AuditLog } from "../storage/audit-log.ts";
import { requirePermission } from "./identity-hook.ts";
import { pageQuery } from "./paging.ts";

/** Who changed what, the newest first ([R7]); for administrators. */
export function createAuditRoutes(audit: Pick<AuditLog, "list">) {
  return (instance: FastifyInstance): void => {
    const app = instance.withTypeProvider<ZodTypeProvider>();
    const schema = { tags: ["system"], summary: "Audit log of sensitive actions", querystring: pageQuery };
    app.get("/audit", { schema }, async (request) => {
      requirePermission(request, "system.configure");
      const { page, limit } = request.query;
      const { entries, total } = await audit.list(request.query);
      const data = entries.map(({ at, ...entry }) => ({ ...entry, at: new Date(at).toISOString() }));
      return { data, meta: { page, limit, total, totalPages: Math.ceil(total / limit) } };
    });
  };
}
