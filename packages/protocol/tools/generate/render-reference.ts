import {
  channelTable,
  commands,
  commonErrorCodes,
  disconnectReasons,
  errorCodes,
  eventSchema,
  events,
  isEventType,
  type ChannelFacts,
  type EventDefinition,
} from "../../src/index.ts";
import { example } from "./examples.ts";
import { type JsonSchema, jsonSchemaOf, print } from "./json-schema.ts";
import { asyncApiDocument } from "./render-asyncapi.ts";

const head = (title: string): string =>
  `# ${title}\n\nGenerated from the definitions in \`packages/protocol\` by \`npm run generate\`; do not edit.\n`;

/** Every file of docs/reference by its path. */
export function renderReference(): ReadonlyMap<string, string> {
  const files = new Map<string, string>([
    ["events.md", eventsPage()],
    ["commands.md", commandsPage()],
    ["channels.md", channelsPage()],
    ["errors.md", errorsPage()],
    ["asyncapi.json", print(asyncApiDocument())],
  ]);
  const draft = { $schema: "https://json-schema.org/draft/2020-12/schema" };
  for (const type of Object.keys(events)) {
    if (isEventType(type))
      files.set(`schemas/${type}.json`, print({ ...draft, title: type, ...jsonSchemaOf(eventSchema(type)) }));
  }
  for (const { name, params, result } of Object.values(commands)) {
    files.set(`schemas/${name}.params.json`, print({ ...draft, title: `${name} params`, ...jsonSchemaOf(params) }));
    files.set(`schemas/${name}.result.json`, print({ ...draft, title: `${name} result`, ...jsonSchemaOf(result) }));
  }
  return files;
}

function eventsPage(): string {
  const list: readonly EventDefinition[] = Object.values(events);
  const sections = list.map(({ type, when, source, channels, permission, conflation, isEphemeral, data }) =>
    [
      `## \`${type}\``,
      when,
      `- Channels: ${channels.length === 0 ? "every session" : channels.map(code).join(", ")}`,
      `- Right: ${code(permission)}`,
      `- Position: ${isEphemeral ? "none (ephemeral)" : "`seq`"}; when a client is slow: ${conflation}`,
      `- Source: ${source}`,
      fieldTable(jsonSchemaOf(data)),
      json(example(type)),
    ].join("\n\n"),
  );
  return `${head("Events")}\n${sections.join("\n\n")}\n`;
}

function commandsPage(): string {
  const sections = Object.values(commands).map(
    ({ name, when, source, permission, errors, isIdempotent, params, result, example: sample }) =>
      [
        `## \`${name}\``,
        when,
        `- Right: ${code(permission)}`,
        `- A repeat has ${isIdempotent ? "no further effect" : "an effect of its own, unless it has the same `id`"}`,
        `- Errors: ${[...errors, ...commonErrorCodes].map(code).join(", ")}`,
        `- Source: ${source}`,
        "Parameters",
        fieldTable(jsonSchemaOf(params)),
        json({ id: "req-001", command: name, params: sample.params }),
        "Answer",
        fieldTable(jsonSchemaOf(result)),
        json(
          name === "ping"
            ? { type: "PONG", timestamp: "2025-11-12T10:30:00.000Z", id: "req-001", data: sample.result }
            : { id: "req-001", success: true, data: sample.result },
        ),
      ].join("\n\n"),
  );
  return `${head("Commands")}\n${sections.join("\n\n")}\n`;
}

function channelsPage(): string {
  const rows = Object.entries(channelTable).map(([form, facts]: readonly [string, ChannelFacts]) => {
    const types = Object.values(events)
      .filter(({ channels }: EventDefinition) => channels.some((channel) => channel === form))
      .map(({ type }) => code(type));
    return `| ${code(form)} | ${facts.carries} | ${facts.permissions.map(code).join(" or ")} | ${types.join(" ")} | ${facts.source} |`;
  });
  return `${head("Channels")}\n| channel | carries | right | events | source |\n|---|---|---|---|---|\n${rows.join("\n")}\n`;
}

function errorsPage(): string {
  const common: readonly string[] = commonErrorCodes;
  const rows = errorCodes.map((errorCode) => {
    const users = Object.values(commands).filter(({ errors }) => errors.some((each) => each === errorCode));
    const by = common.includes(errorCode) ? "every command" : users.map(({ name }) => code(name)).join(" ");
    return `| ${code(errorCode)} | ${by} |`;
  });
  const ends = Object.entries(disconnectReasons).map(
    ([reason, { closeCode, reconnect, when, source }]) =>
      `| ${code(reason)} | ${closeCode} | ${reconnect ? "yes" : "no"} | ${when} | ${source} |`,
  );
  return [
    head("Error codes and disconnect reasons"),
    "## Error codes\n",
    `| code | answered to |\n|---|---|\n${rows.join("\n")}\n`,
    "## Disconnect reasons\n",
    `| reason | close code | come back | when | source |\n|---|---|---|---|---|\n${ends.join("\n")}\n`,
  ].join("\n");
}

function fieldTable(schema: JsonSchema): string {
  const properties = isRecord(schema["properties"]) ? schema["properties"] : {};
  const required: readonly unknown[] = Array.isArray(schema["required"]) ? schema["required"] : [];
  const rows = Object.entries(properties).map(
    ([name, field]) => `| ${code(name)} | ${typeText(field)} | ${required.includes(name) ? "yes" : ""} |`,
  );
  return rows.length === 0 ? "No fields." : `| field | type | always |\n|---|---|---|\n${rows.join("\n")}`;
}

function typeText(field: unknown): string {
  if (!isRecord(field)) return "any";
  const { type, enum: values, items, anyOf, format, properties } = field;
  if (Array.isArray(values)) return values.map((value) => code(String(value))).join(" \\| ");
  if (Array.isArray(anyOf)) return anyOf.map(typeText).join(" or ");
  if (field["const"] !== undefined) return code(JSON.stringify(field["const"]));
  if (type === "array") return `list of ${typeText(items)}`;
  if (type === "object" && isRecord(properties)) return `object { ${Object.keys(properties).join(", ")} }`;
  const base = typeof type === "string" ? type : "any";
  return typeof format === "string" ? `${base}, ${format}` : base;
}

function code(text: string): string {
  return `\`${text}\``;
}

function json(value: unknown): string {
  return `\`\`\`json\n${JSON.stringify(value, undefined, 2)}\n\`\`\``;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
