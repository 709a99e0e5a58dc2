import { alertCategories, alertSeverities } from "@pbx-x/protocol";
import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import { pageOf, time } from "../rest/answers.ts";
import { requirePermission } from "../rest/identity-hook.ts";
import { pageQuery, searchPage } from "../rest/paging.ts";
import type { AlertDesk } from "./alert-desk.ts";

export interface AlertRoutesOptions {
  readonly alerts: Pick<AlertDesk, "active">;
}

const alertAnswer = z
  .object({
    alertId: z.string(),
    severity: z.enum(alertSeverities),
    category: z.enum(alertCategories),
    message: z.string(),
    trunkId: z.string().exactOptional(),
    metrics: z.record(z.string(), z.number()).exactOptional().describe("As they were when it was told."),
    since: time,
  })
  .meta({ id: "ActiveAlert" });

/** What is wrong now ([U2]); for administrators. */
export function createAlertRoutes({ alerts }: AlertRoutesOptions) {
  return (instance: FastifyInstance): void => {
    const app = instance.withTypeProvider<ZodTypeProvider>();
    const schema = {
      tags: ["system"],
      summary: "Alerts that are active, the oldest first",
      querystring: pageQuery,
      response: { 200: pageOf(alertAnswer) },
    };
    app.get("/alerts", { schema }, (request) => {
      requirePermission(request, "system.view");
      const page = searchPage(alerts.active(), request.query, ({ message }) => message);
      const data = page.data.map(({ alertId, severity, category, message, trunkId, metrics, sinceMs }) => ({
        alertId,
        severity,
        category,
        message,
        ...(trunkId !== undefined && { trunkId }),
        ...(metrics !== undefined && { metrics: { ...metrics } }),
        since: new Date(sinceMs).toISOString(),
      }));
      return { ...page, data };
    });
  };
}
