import { z } from "zod";

export type JsonSchema = Readonly<Record<string, unknown>>;

/** The schema of what is sent, open to unknown fields ([W52]). */
export function jsonSchemaOf(schema: z.ZodType): JsonSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: "input", unrepresentable: "any", reused: "inline" });
  return rest;
}

export function print(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
