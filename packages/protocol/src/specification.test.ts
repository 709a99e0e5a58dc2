import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { eventSchema, isCommandName, isEventType, parseCommandFrame, refusalSchema, successSchema } from "./index.ts";

const text = readFileSync(join(import.meta.dirname, "../../../docs/spec/event-schema.de.md"), "utf8");
const uuid = "550e8400-e29b-41d4-a716-446655440000";

/** The generic blocks of §2, whose `data` and `params` are three dots: shapes, not messages. */
const genericBlocks = [0, 1, 2];
/** Fields that the specification gives as "..." and whose schema asks for a UUID. */
const elidedUuids = ["callId", "consultCallId"];

const blocks = [...text.matchAll(/```json\n([\s\S]*?)```/g)].map(([, json = ""]) => json);
const messages = blocks.filter((_, index) => !genericBlocks.includes(index)).map(parse);

function parse(json: string): Readonly<Record<string, unknown>> {
  return JSON.parse(json, (key, value: unknown) => (value === "..." && elidedUuids.includes(key) ? uuid : value));
}

describe("every JSON block of the specification", () => {
  it("[W52] all 65 are found, and only the generic ones of §2 are left out", () => {
    expect(blocks.length).toBe(65);
    expect(genericBlocks.map((index) => blocks[index]?.includes("    ...\n"))).toEqual([true, true, true]);
  });

  const events = messages.flatMap((message) =>
    typeof message["type"] === "string" ? [{ type: message["type"], message }] : [],
  );
  it.each(events)("[W1] event $type parses by its schema", ({ type, message }) => {
    expect(isEventType(type)).toBe(true);
    if (isEventType(type)) expect(eventSchema(type).safeParse(message).error).toBeUndefined();
  });

  const frames = messages.flatMap((message) =>
    typeof message["command"] === "string" ? [{ name: message["command"], message }] : [],
  );
  it.each(frames)("[W3] command $name parses by its schema", ({ message }) => {
    expect(parseCommandFrame(JSON.stringify(message))).toMatchObject({ ok: true, command: message });
  });

  const nameOf = new Map(frames.map(({ name, message }) => [message["id"], name]));
  const answers = messages.filter((message) => "success" in message);
  it.each(answers)("[W3] [W6] answer to $id parses by its schema", (message) => {
    const name = nameOf.get(message["id"]) ?? "";
    if (message["success"] === false) expect(refusalSchema.safeParse(message).error).toBeUndefined();
    else expect(isCommandName(name) && successSchema(name).safeParse(message).success).toBe(true);
  });

  it("[W7] the type of the heading's typing error is CALL_UNPARKED", () => {
    expect(text).toContain("#### `CALL_UNPAKED`");
    expect(events.map(({ type }) => type)).toContain("CALL_UNPARKED");
  });

  it("[W3] every block is an event, a command or an answer", () => {
    expect(events.length + frames.length + answers.length).toBe(messages.length);
  });
});
