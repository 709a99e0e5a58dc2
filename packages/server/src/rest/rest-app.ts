import helmet from "@fastify/helmet";
import rateLimit from "@fastify/rate-limit";
import fastify, {
  LogController,
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyRequest,
} from "fastify";
import { hasZodFastifySchemaValidationErrors, serializerCompiler, validatorCompiler } from "fastify-type-provider-zod";
import type { Authenticator } from "../auth/identity.ts";
import type { TicketOffice } from "../auth/ticket-office.ts";
import { addMetricsRoute, createStatsRoutes } from "../observability/metric-routes.ts";
import type { Metrics } from "../observability/metrics.ts";
import type { ConsoleFiles } from "../console/console-files.ts";
import { addConsole } from "../console/console-routes.ts";
import { isThisMachine } from "./client-address.ts";
import { addCrossOrigin } from "./cross-origin.ts";
import { addIdentity } from "./identity-hook.ts";
import { addDocumentRoutes, addOpenApi } from "./open-api.ts";
import { addProbeRoutes, createSystemRoutes, type SystemDetails } from "./system-routes.ts";
import { createProblem, type Problem, ProblemError } from "./problem.ts";

export interface RestAppOptions {
  readonly authenticator: Pick<Authenticator, "authenticate">;
  readonly tickets: Pick<TicketOffice, "redeem">;
  /** Each slice adds its routes, under `/api/v1`. */
  readonly routes: readonly ((app: FastifyInstance) => void)[];
  /** The same outside of `/api/v1`: for what does not know of tokens. */
  readonly routesBeside?: readonly ((app: FastifyInstance) => void)[];
  readonly requestsPerMinute: number;
  /** Whether the parts that requests need are up ([R9]). */
  readonly isReady: () => boolean;
  readonly version: string;
  readonly details: () => SystemDetails;
  readonly logger?: FastifyBaseLogger;
  /** Figures; without them there is no `/metrics`. */
  readonly metrics?: Metrics;
  /** A fixed token that opens `/metrics` and nothing else. */
  readonly metricsToken?: string | undefined;
  /** The built web console, where there is one. */
  readonly consoleFiles?: ConsoleFiles | undefined;
}

/** The REST interface, not yet listening. Every error is a problem document ([R1]). */
export async function createRestApp(options: RestAppOptions): Promise<FastifyInstance> {
  const {
    authenticator,
    tickets,
    routes,
    routesBeside = [],
    requestsPerMinute,
    isReady,
    version,
    details,
    logger,
    metrics,
    metricsToken,
    consoleFiles,
  } = options;
  const app: FastifyInstance = fastify({
    bodyLimit: 1024 * 1024,
    // Limits count the address of who asks, not that of the proxy before this server ([R3]).
    trustProxy: isThisMachine,
    // A line per request would carry addresses with tokens in them.
    logController: new LogController({ disableRequestLogging: true }),
    // Fastify's own news of each address are no news: the banner and the ready line tell where the server listens.
    ...(logger !== undefined && { loggerInstance: logger.child({}, { level: quieter(logger.level) }) }),
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const problem = problemOf(error, request);
    if (problem.status >= 500) request.log.error({ err: error }, "request failed");
    if (error instanceof ProblemError && error.retryAfterSeconds !== undefined) {
      void reply.header("retry-after", String(error.retryAfterSeconds));
    }
    return reply.code(problem.status).type("application/problem+json").send(JSON.stringify(problem));
  });
  app.setNotFoundHandler((request, reply) => {
    const problem = createProblem(404, { detail: "There is nothing here.", instance: pathOf(request) });
    return reply.code(404).type("application/problem+json").send(JSON.stringify(problem));
  });
  await app.register(helmet, {
    // This server speaks plain HTTP; who puts TLS before it sets these there. Browsers would else look for HTTPS here.
    strictTransportSecurity: false,
    contentSecurityPolicy: { directives: { upgradeInsecureRequests: null } },
  });
  await app.register(rateLimit, { max: requestsPerMinute, timeWindow: 60_000, enableDraftSpec: true });
  await addOpenApi(app, version);
  addProbeRoutes(app, { isReady });
  addConsole(app, consoleFiles);
  for (const addRoutes of routesBeside) addRoutes(app);
  if (metrics !== undefined) addMetricsRoute(app, metrics, { authenticator, metricsToken });
  await app.register(
    async (api) => {
      addCrossOrigin(api);
      addIdentity(api, authenticator, tickets);
      addDocumentRoutes(api);
      createSystemRoutes({ authenticator, isReady, version, details })(api);
      if (metrics !== undefined) createStatsRoutes(metrics)(api);
      for (const addRoutes of routes) addRoutes(api);
    },
    { prefix: "/api/v1" },
  );
  return app;
}

function problemOf(error: FastifyError, request: FastifyRequest): Problem {
  const instance = pathOf(request);
  if (error instanceof ProblemError) return createProblem(error.statusCode, { instance, ...error.options });
  if (hasZodFastifySchemaValidationErrors(error)) {
    const errors = error.validation.map(({ instancePath, message = "wrong" }) => ({
      field: instancePath.slice(1).replaceAll("/", "."),
      message,
    }));
    return createProblem(400, { instance, detail: "The request has wrong fields.", errors });
  }
  const status = error.statusCode ?? 500;
  if (status >= 500) return createProblem(500, { instance });
  return createProblem(status, { instance, detail: error.message });
}

/** Without the query: it may hold a token. */
function pathOf(request: FastifyRequest): string {
  return request.url.split("?")[0] ?? "";
}

function quieter(level: string): string {
  return level === "info" ? "warn" : level;
}
