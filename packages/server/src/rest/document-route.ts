import type { RouteOptions } from "fastify";
import { jsonSchemaTransform } from "fastify-type-provider-zod";
import type { OpenAPIV3_1 } from "openapi-types";
import { z } from "zod";
import { type DescribedAnswer, describedAnswer } from "./described-answers.ts";

const problemTitles: Readonly<Record<number, string>> = {
  400: "Malformed",
  401: "No token, or not an accepted one",
  403: "Not allowed",
  404: "Not there",
  409: "Conflict with something that is there",
  410: "Not kept any more",
  413: "Too large",
  415: "A body of another kind",
  416: "No such part",
  422: "Not possible now",
  429: "Too many requests",
  503: "A part that is needed is away",
};

/** RFC 9457 ([R1]). */
export const problemSchema: OpenAPIV3_1.SchemaObject = {
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

type Route = Parameters<typeof jsonSchemaTransform>[0];
type RouteSchema = Readonly<Record<string, unknown>>;
type Answers = Readonly<Record<string, object>>;

const prefix = "/api/v1";

/** A route as the document has it: its own schemas, and what all routes have in common (id, problems, security). */
export function documentRoute(input: Route): ReturnType<typeof jsonSchemaTransform> {
  // Routes that say nothing of themselves are shown all the same.
  const schema: RouteSchema = { ...input.schema };
  if (schema["hide"] === true) return jsonSchemaTransform(input);
  const { route, url } = input;
  const path = url.startsWith(prefix) ? url.slice(prefix.length) : url;
  const method = String(route.method);
  const isPublic = !url.startsWith(prefix) || route.config?.isPublic === true;
  const note = describedAnswer(method, path);
  const response = schema["response"] ?? (note === undefined ? undefined : { [note.status ?? 200]: passedOn(note) });
  const transformed = jsonSchemaTransform({
    ...input,
    schema: { ...schema, ...(response !== undefined && { response }) },
  });
  // The transformation keeps the names and gives JSON Schema for each.
  const known = transformed.schema as RouteSchema & { readonly response?: Answers };
  const problems = [...problemsOf(route, isPublic), ...(route.config?.problems ?? []), ...(note?.problems ?? [])];
  const documented = {
    operationId: operationIdOf(method, path),
    ...known,
    ...(isPublic && { security: [] }),
    response: {
      ...Object.fromEntries(Object.entries(known.response ?? {}).map(([status, answer]) => [status, success(answer)])),
      ...Object.fromEntries(problems.map((status) => [status, problemAnswer(status)])),
    },
  };
  return { url: transformed.url, schema: documented };
}

function passedOn({ answer, texts = [] }: DescribedAnswer): object {
  const json = answer === undefined ? [] : [["application/json", answer] as const];
  const types = [...json, ...texts.map((type) => [type, z.string()] as const)];
  return { content: Object.fromEntries(types.map(([type, schema]) => [type, { schema }])) };
}

/** With a description, which OpenAPI asks for. */
function success(answer: object): object {
  if ("content" in answer) return { description: "Done", ...answer };
  if ("type" in answer && answer.type === "null") return { type: "null", description: "Done" };
  return { description: "Done", content: { "application/json": { schema: answer } } };
}

/** What any route may answer that takes something, needs a token, or names something. */
function problemsOf({ schema, url }: RouteOptions, isPublic: boolean): readonly number[] {
  const takes = ["body", "querystring", "params"].some((part) => part in (schema ?? {}));
  return [...(takes ? [400] : []), ...(isPublic ? [] : [401, 403, 503]), ...(url.includes(":") ? [404] : []), 429];
}

function problemAnswer(status: number): object {
  return {
    description: problemTitles[status] ?? "Problem",
    content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
  };
}

/** e.g. `patchUsersById`. */
function operationIdOf(method: string, path: string): string {
  const words = path.replaceAll("/:", "/by-").split(/[/.-]/);
  return `${method.toLowerCase()}${words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("")}`;
}
