import { createHash, timingSafeEqual } from "node:crypto";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import type { Authenticator } from "../auth/identity.ts";
import { isThisMachine } from "../rest/client-address.ts";
import { bearerOf, checkToken, requirePermission } from "../rest/identity-hook.ts";
import { ProblemError } from "../rest/problem.ts";
import type { Metrics } from "./metrics.ts";

/** `/system/stats`, for administrators ([R9]). */
export function createStatsRoutes({ stats }: Pick<Metrics, "stats">) {
  return (app: FastifyInstance): void => {
    const schema = {
      tags: ["system"],
      summary: "Figures of this node",
      response: { 200: z.record(z.string(), z.number()) },
    };
    app.get("/system/stats", { schema }, (request) => {
      requirePermission(request, "system.view");
      return stats();
    });
  };
}

const text = { description: "Done", content: { "text/plain": { schema: z.string() } } };

export interface MetricsRouteOptions {
  readonly authenticator: Pick<Authenticator, "authenticate">;
  readonly metricsToken?: string | undefined;
}

/** `/metrics`: without a token from this machine, else with the one made for it, or one that may see the system. */
export function addMetricsRoute(
  app: FastifyInstance,
  { registry }: Pick<Metrics, "registry">,
  options: MetricsRouteOptions,
): void {
  const schema = { tags: ["system"], summary: "Figures for Prometheus", response: { 200: text } };
  app.get("/metrics", { config: { problems: [401, 403] }, schema }, async (request, reply) => {
    if (!isLocal(request)) await check(request, options);
    return reply.type(registry.contentType).send(await registry.metrics());
  });
}

async function check(request: FastifyRequest, { authenticator, metricsToken }: MetricsRouteOptions): Promise<void> {
  const token = bearerOf(request);
  if (token !== undefined && metricsToken !== undefined && isSame(token, metricsToken)) return;
  const result = await checkToken(request, authenticator, token);
  if (!result.ok) throw new ProblemError(401, "Figures are for this machine, or with a token.");
  if (!result.identity.permissions.has("system.view")) throw new ProblemError(403, "The right system.view is missing.");
}

/** In a time that tells nothing of where they differ. */
function isSame(a: string, b: string): boolean {
  const [one, other] = [a, b].map((text) => createHash("sha256").update(text).digest());
  return one !== undefined && other !== undefined && timingSafeEqual(one, other);
}

/** A proxy on this machine speaks for others, so what it forwards is not local. */
function isLocal({ socket, headers }: FastifyRequest): boolean {
  const isForwarded = headers["x-forwarded-for"] !== undefined || headers["forwarded"] !== undefined;
  return !isForwarded && isThisMachine(socket.remoteAddress);
}
