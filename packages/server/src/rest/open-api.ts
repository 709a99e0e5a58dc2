import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import swagger from "@fastify/swagger";
import swaggerUi from "@fastify/swagger-ui";
import type { FastifyInstance } from "fastify";
import type { OpenAPIV3_1 } from "openapi-types";
import { jsonSchemaTransform } from "fastify-type-provider-zod";

const logo = Buffer.from(
  '<svg xmlns="http://www.w3.org/2000/svg" width="120" height="40"><text x="0" y="29" fill="#fff" ' +
    'font-family="sans-serif" font-size="26" font-weight="bold">PBX-X</text></svg>',
);

const problem: OpenAPIV3_1.SchemaObject = {
  type: "object",
  required: ["type", "title", "status"],
  properties: {
    type: { type: "string" },
    title: { type: "string" },
    status: { type: "integer" },
    detail: { type: "string" },
    instance: { type: "string" },
    errors: {
      type: "array",
      items: {
        type: "object",
        required: ["field", "message"],
        properties: { field: { type: "string" }, message: { type: "string" } },
      },
    },
  },
};

const problemAnswer = (description: string) => ({
  description,
  content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
});

interface RouteSchema {
  readonly response?: Readonly<Record<string, unknown>>;
  readonly security?: readonly object[];
}

/** Registers the OpenAPI 3.1 document and its page; before the routes, which it collects. */
export async function addOpenApi(app: FastifyInstance, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "PBX-X",
        version,
        description:
          "REST interface of PBX-X. Live events and commands: the WebSocket, described by /api/v1/asyncapi.json.",
        license: { name: "MIT", identifier: "MIT" },
      },
      servers: [{ url: "/" }],
      security: [{ bearer: [] }],
      tags: [
        { name: "auth", description: "Log-in and tokens" },
        { name: "calls", description: "Calls, present and past" },
        { name: "extensions", description: "Extensions and their phones" },
        { name: "users", description: "Users and their rights" },
        { name: "events", description: "Missed events and the present state" },
        { name: "system", description: "Health, figures, audit" },
      ],
      components: {
        securitySchemes: { bearer: { type: "http", scheme: "bearer", bearerFormat: "JWT" } },
        schemas: { Problem: problem },
      },
    },
    transform: (options) => {
      const transformed = jsonSchemaTransform(options);
      const { config } = options.route;
      const isPublic = config?.isPublic === true || !options.url.startsWith("/api/v1");
      const schema = transformed.schema as RouteSchema;
      const isCreation = options.route.method === "POST" && /users$|extensions$/.test(options.url);
      const success = { description: isCreation ? "Created" : "Done", content: { "application/json": { schema: {} } } };
      const response = {
        [isCreation ? "201" : "200"]: success,
        "400": problemAnswer("Malformed"),
        ...(!isPublic && {
          "401": problemAnswer("No token, or not an accepted one"),
          "403": problemAnswer("Not allowed"),
        }),
        "404": problemAnswer("Not there"),
        "429": problemAnswer("Too many requests"),
        ...schema.response,
      };
      return { url: transformed.url, schema: { ...transformed.schema, response, ...(isPublic && { security: [] }) } };
    },
  });
  await app.register(swaggerUi, {
    routePrefix: "/docs",
    logo: { type: "image/svg+xml", content: logo, href: "/docs" },
    theme: { title: "PBX-X: REST interface" },
    staticCSP: true,
    transformStaticCSP: (header) =>
      header.replace(/ ?upgrade-insecure-requests;?/, "").replace(" validator.swagger.io", ""),
    uiConfig: { persistAuthorization: true, defaultModelsExpandDepth: 0 },
  });
}

/** The documents themselves. */
export function addDocumentRoutes(api: FastifyInstance): void {
  const config = { isPublic: true };
  const tags = ["system"];
  api.get("/openapi.json", { config, schema: { tags, summary: "This interface, OpenAPI 3.1" } }, () => api.swagger());
  const summary = "The WebSocket interface, AsyncAPI 3";
  api.get("/asyncapi.json", { config, schema: { tags, summary } }, async (_request, reply) =>
    reply.type("application/json").send(await readFile(asyncApiFile, "utf8")),
  );
}

const require = createRequire(import.meta.url);
/** Generated from the protocol's definitions, in the repository beside the packages. */
const asyncApiFile = join(
  dirname(require.resolve("@pbx-x/protocol")),
  "..",
  "..",
  "..",
  "docs",
  "reference",
  "asyncapi.json",
);
