import type { EngineAddresses } from "@pbx-x/telephony";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { Authenticator } from "../auth/identity.ts";
import { bearerOf, checkToken } from "./identity-hook.ts";

/** What administrators see of a running server besides its health ([R9]). */
export interface SystemDetails {
  readonly engine: string;
  /** Ports that phones reach. */
  readonly sip: EngineAddresses;
  readonly startedAt: string;
  /** Of the event log. */
  readonly epoch: string;
  readonly seq: number;
}

export interface SystemRoutesOptions {
  readonly authenticator: Pick<Authenticator, "authenticate">;
  readonly isReady: () => boolean;
  readonly version: string;
  readonly details: () => SystemDetails;
}

const tags = ["system"];
const statusAnswer = z
  .object({
    healthy: z.boolean(),
    version: z.string(),
    details: z
      .object({
        engine: z.string(),
        sip: z.object({
          host: z.string(),
          udp: z.int().exactOptional(),
          tcp: z.int().exactOptional(),
          tls: z.int().exactOptional(),
          ws: z.int().exactOptional(),
        }),
        startedAt: z.iso.datetime(),
        epoch: z.string(),
        seq: z.int(),
      })
      .exactOptional()
      .describe("Only for those who may see the system."),
  })
  .meta({ id: "SystemStatus" });

/** `/system/status`: open to all; says more to those who may see the system. */
export function createSystemRoutes({ authenticator, isReady, version, details }: SystemRoutesOptions) {
  return (api: FastifyInstance): void => {
    const schema = { tags, summary: "Healthy or not, and the version", response: { 200: statusAnswer } };
    api.get("/system/status", { config: { isPublic: true }, schema }, async (request) => {
      const token = bearerOf(request);
      // A token that cannot be checked now says nothing about this system.
      const who =
        token === undefined ? undefined : await checkToken(request, authenticator, token).catch(() => undefined);
      const maySee = who?.ok === true && who.identity.permissions.has("system.view");
      return { healthy: isReady(), version, ...(maySee && { details: details() }) };
    });
  };
}

/** For whatever watches over the process: outside of `/api/v1`, without a token. */
export function addProbeRoutes(app: FastifyInstance, { isReady }: Pick<SystemRoutesOptions, "isReady">): void {
  const lives = { 200: z.object({ status: z.literal("ok") }) };
  const health = { schema: { tags, summary: "Whether the process lives", response: lives } };
  app.get("/healthz", health, () => ({ status: "ok" }));
  const readiness = z.object({ ready: z.boolean() });
  const answers = { 200: readiness, 503: readiness };
  const ready = { schema: { tags, summary: "Whether requests can be served", response: answers } };
  app.get("/readyz", ready, (_, reply) => reply.code(isReady() ? 200 : 503).send({ ready: isReady() }));
}
