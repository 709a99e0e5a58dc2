import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import type { AuditLog } from "../storage/audit-log.ts";
import { pageOf, time } from "./answers.ts";
import { requirePermission } from "./identity-hook.ts";
import { asPage, pageQuery } from "./paging.ts";

const auditEntryAnswer = z
  .object({
    id: z.string(),
    at: time,
    userId: z.string().nullable().describe("Who did it."),
    action: z.string().describe("e.g. `user.create`."),
    subject: z.string().describe("What it was done to."),
    details: z.record(z.string(), z.unknown()),
  })
  .meta({ id: "AuditEntry" });

/** Who changed what, the newest first ([R7]); for administrators. */
export function createAuditRoutes(audit: Pick<AuditLog, "list">) {
  return (instance: FastifyInstance): void => {
    const app = instance.withTypeProvider<ZodTypeProvider>();
    const schema = {
      tags: ["system"],
      summary: "Audit log of sensitive actions",
      querystring: pageQuery,
      response: { 200: pageOf(auditEntryAnswer) },
    };
    app.get("/audit", { schema }, async (request) => {
      requirePermission(request, "system.configure");
      const { entries, total } = await audit.list(request.query);
      const data = entries.map(({ at, ...entry }) => ({ ...entry, at: new Date(at).toISOString() }));
      return asPage(data, total, request.query);
    });
  };
}
