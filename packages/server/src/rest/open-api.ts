import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import swagger from "@fastify/swagger";
import swaggerUi from "@fastify/swagger-ui";
import type { FastifyInstance } from "fastify";
import { jsonSchemaTransformObject } from "fastify-type-provider-zod";
import type { OpenAPIV3_1 } from "openapi-types";
import { z } from "zod";
import { documentRoute, problemSchema } from "./document-route.ts";

const logo = Buffer.from(
  '<svg xmlns="http://www.w3.org/2000/svg" width="120" height="40"><text x="0" y="29" fill="#fff" ' +
    'font-family="sans-serif" font-size="26" font-weight="bold">PBX-X</text></svg>',
);

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
        { name: "recordings", description: "Recordings of calls" },
        { name: "extensions", description: "Extensions and their phones" },
        { name: "devices", description: "Desk phones that fetch their settings" },
        { name: "prompts", description: "Uploaded sound, and the music for who waits" },
        { name: "users", description: "Users and their rights" },
        {
          name: "routing",
          description: "Rules for calls to and from outside, time profiles, guards against toll fraud",
        },
        { name: "events", description: "Missed events and the present state" },
        { name: "webhooks", description: "Events posted to receivers" },
        { name: "queues", description: "Queues, their members and figures" },
        { name: "conferences", description: "Rooms and who is in them" },
        { name: "parking", description: "Slots where calls wait" },
        { name: "presence", description: "Presence of users" },
        { name: "trunks", description: "Lines to carriers" },
        { name: "voicemail", description: "Mailboxes, messages, greetings" },
        { name: "announcements", description: "What the system says, and what it says instead" },
        { name: "system", description: "Health, figures, audit" },
      ],
      components: {
        securitySchemes: { bearer: { type: "http", scheme: "bearer", bearerFormat: "JWT" } },
        schemas: { Problem: problemSchema },
      },
    },
    transform: documentRoute,
    // The version is set above.
    transformObject: (input) => withoutUnused(jsonSchemaTransformObject(input) as OpenAPIV3_1.Document),
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

/** Each named schema comes twice, as it is sent and as it is taken; only what something else points to stays. */
function withoutUnused(document: OpenAPIV3_1.Document): OpenAPIV3_1.Document {
  const { schemas = {}, ...components } = document.components ?? {};
  const isUsed = ([name]: readonly [string, object], _: number, all: readonly (readonly [string, object])[]): boolean =>
    JSON.stringify([document.paths, ...all.filter(([other]) => other !== name)]).includes(`schemas/${name}"`);
  let kept: readonly [string, object][] = Object.entries(schemas);
  for (let before = kept.length + 1; kept.length < before; kept = kept.filter(isUsed)) before = kept.length;
  return { ...document, components: { ...components, schemas: Object.fromEntries(kept) } };
}

/** The documents themselves. */
export function addDocumentRoutes(api: FastifyInstance): void {
  const config = { isPublic: true };
  const tags = ["system"];
  const response = { 200: z.record(z.string(), z.unknown()) };
  const own = { config, schema: { tags, summary: "This interface, OpenAPI 3.1", response } };
  api.get("/openapi.json", own, () => ({ ...api.swagger() }));
  const summary = "The WebSocket interface, AsyncAPI 3";
  api.get("/asyncapi.json", { config, schema: { tags, summary, response } }, async (_request, reply) =>
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
