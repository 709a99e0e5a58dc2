import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The parts of an OpenAPI 3.1 document that pages are made of. */
export interface OpenApi {
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

interface Operation {
  readonly summary?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly security?: readonly object[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content?: Content };
  readonly responses: Readonly<Record<string, { readonly description?: string; readonly content?: Content }>>;
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema?: Schema;
}

type Content = Readonly<Record<string, { readonly schema?: Schema }>>;

interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
}

export function readOpenApi(): OpenApi {
  const file = join(import.meta.dirname, "..", "reference", "openapi.json");
  // Generated from the routes; a test holds it against them.
  return JSON.parse(readFileSync(file, "utf8")) as OpenApi;
}

export interface RestTag {
  readonly name: string;
  readonly description: string;
  readonly operations: readonly { readonly method: string; readonly path: string; readonly operation: Operation }[];
}

/** The routes by their tags, also those of tags without a description. */
export function tagsOf({ paths, tags }: OpenApi): readonly RestTag[] {
  const all = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );
  const groups = Map.groupBy(all, ({ operation }) => operation.tags?.[0] ?? "system");
  const described = new Map(tags.map(({ name, description }) => [name, description]));
  return [...groups]
    .map(([name, operations]) => ({ name, description: described.get(name) ?? "", operations }))
    .toSorted((a, b) => a.name.localeCompare(b.name));
}

/** The page that all others hang on, as Markdown. */
export function printIndex(tags: readonly RestTag[]): string {
  const rows = tags.map(
    ({ name, description, operations }) => `| [${name}](./${name}) | ${cell(description)} | ${operations.length} |`,
  );
  return `# REST reference

Everything below \`/api/v1\`, as JSON, with a bearer token. These pages are made of the
[OpenAPI 3.1 document](../reference/openapi.json), which is made of the schemas that the server validates with; a running
server has it at \`/api/v1/openapi.json\`, and readable at \`/docs\`. What all routes share is in the
[REST rules](../spec/rest.md).

| part | what it is | routes |
| --- | --- | --- |
${rows.join("\n")}`;
}

/** The page of a tag, as Markdown. */
export function printTag({ name, description, operations }: RestTag, document: OpenApi): string {
  const routes = operations.map(({ method, path, operation }) => printOperation(method, path, operation));
  const used = usedSchemas(
    operations.map(({ operation }) => operation),
    document,
  );
  const schemas = used.map((id) => `### ${id}\n\n${printSchema(document.components.schemas[id] ?? {})}`);
  return [
    `# REST: ${name}`,
    description === "" ? "" : `${description}. Generated from the OpenAPI document.`,
    ...routes,
    ...(schemas.length > 0 ? ["## Objects", ...schemas] : []),
  ].join("\n\n");
}

function printOperation(method: string, path: string, operation: Operation): string {
  const { summary = "", description = "", parameters = [], requestBody, responses, security } = operation;
  const answers = Object.entries(responses).map(([status, { description: text = "", content = {} }]) => {
    const kinds = Object.entries(content).map(([type, { schema }]) =>
      type === "application/problem+json"
        ? "problem"
        : `${code(type)}${schema?.$ref === undefined ? "" : ` ${typeOf(schema)}`}`,
    );
    return `| ${status} | ${cell(text)} | ${kinds.join(", ")} |`;
  });
  const own = Object.entries(responses)
    .filter(([status]) => status.startsWith("2"))
    .flatMap(([, { content = {} }]) => Object.values(content))
    .flatMap(({ schema }) => (schema === undefined || schema.$ref !== undefined ? [] : [printSchema(schema)]))
    .filter((text) => text !== "");
  const body = Object.values(requestBody?.content ?? {})[0]?.schema;
  return [
    `## ${summary === "" ? `${method} ${path}` : summary}`,
    `**${method}** ${code(path)}${security?.length === 0 ? " · no token" : ""}`,
    escape(description),
    parameters.length === 0
      ? ""
      : `| parameter | in | type | |\n| --- | --- | --- | --- |\n${parameters.map(printParameter).join("\n")}`,
    body === undefined ? "" : `**Body**\n\n${body.$ref === undefined ? printSchema(body) : typeOf(body)}`,
    `| status | | |\n| --- | --- | --- |\n${answers.join("\n")}`,
    own.length === 0 ? "" : `**Answer**\n\n${own.join("\n\n")}`,
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

function printParameter({ name, in: place, required = false, schema = {} }: Parameter): string {
  return `| ${code(name)}${required ? " *" : ""} | ${place} | ${typeOf(schema)} | ${cell(schema.description ?? "")} |`;
}

function printSchema(schema: Schema): string {
  if (schema.properties === undefined)
    return schema.description === undefined && schema.type === undefined ? "" : typeOf(schema);
  const required = new Set(schema.required);
  const rows = Object.entries(schema.properties).map(
    ([name, field]) =>
      `| ${code(name)}${required.has(name) ? " *" : ""} | ${typeOf(field)} | ${cell(field.description ?? "")} |`,
  );
  return `| field | type | |\n| --- | --- | --- |\n${rows.join("\n")}`;
}

function typeOf(schema: Schema): string {
  const { $ref, type, items, anyOf, oneOf, allOf, enum: values, const: fixed } = schema;
  if ($ref !== undefined) {
    const id = $ref.split("/").at(-1) ?? "";
    return `[${id}](#${id.toLowerCase()})`;
  }
  if (values !== undefined) return values.map((value) => code(JSON.stringify(value))).join(" ");
  if (fixed !== undefined) return code(JSON.stringify(fixed));
  const several = anyOf ?? oneOf ?? allOf;
  if (several !== undefined) return [...new Set(several.map(typeOf))].join(" or ");
  if (items !== undefined) return `list of ${typeOf(items)}`;
  const name = [type ?? "anything"].flat().join(" or ");
  const { minimum, maximum, minLength, maxLength, default: fallback } = schema;
  const [least, most] = [minimum ?? minLength, maximum ?? maxLength];
  const isShown = (value: number | undefined): value is number => value !== undefined && Math.abs(value) < 1e15;
  const range = [isShown(least) ? String(least) : "", isShown(most) ? String(most) : ""];
  const limits = range[0] === "" && range[1] === "" ? "" : ` ${range[0]}…${range[1]}`;
  return `${name}${limits}${fallback === undefined ? "" : `, else ${code(JSON.stringify(fallback))}`}`;
}

/** Named schemas that something points to, also through others. */
function usedSchemas(parts: readonly unknown[], { components }: OpenApi): readonly string[] {
  const found = new Set<string>();
  const visit = (value: unknown): void => {
    for (const [, id = ""] of JSON.stringify(value).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      if (found.has(id)) continue;
      found.add(id);
      visit(components.schemas[id] ?? {});
    }
  };
  visit(parts);
  return [...found].filter((id) => id !== "Problem").toSorted();
}

function code(text: string): string {
  return `\`${text.replaceAll("|", "\\|")}\``;
}

function cell(text: string): string {
  return escape(text).replaceAll("|", "\\|").replaceAll("\n", " ");
}

function escape(text: string): string {
  return text.replaceAll("<", "&lt;").replaceAll("{{", "&#123;&#123;");
}
