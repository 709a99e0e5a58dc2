import { readFileSync } from "node:fs";
import { join } from "node:path";
import { commands, events } from "@pbx-x/protocol";

const specification = join(import.meta.dirname, "../../../docs/spec/event-schema.de.md");

/** One thing that the specification asks for. */
export interface Item {
  /** What a test has to have seen, e.g. `event:CALL_ENDED`, `event:CALL_ENDED=busy`, `command:hold`, `channel:calls`. */
  readonly id: string;
  readonly section: string;
  readonly text: string;
  /** Proven by an end-to-end test that names one of these rules, where no message alone could show it. */
  readonly rules?: readonly string[];
}

/** Requirements of the specification that are no message. */
const inProse: readonly Item[] = [
  { id: "§1 token in the query", section: "1", text: "JWT as a query parameter", rules: ["W10"] },
  { id: "§1 token in the header", section: "1", text: "JWT in the handshake's header", rules: ["W10"] },
  { id: "§2.1 events", section: "2.1", text: "Events are `{ type, timestamp, data }`", rules: ["C10"] },
  { id: "§2.3 refusals", section: "2.3", text: "Refusals are `{ id, success, error }`", rules: ["W5"] },
  { id: "§7.1 coming back", section: "7.1", text: "Reconnection with back-off, state after it", rules: ["D5", "W28"] },
  { id: "§7.2 idempotence", section: "7.2", text: "Events can be told apart and put in order", rules: ["D6", "W25"] },
  { id: "§7.3 401", section: "7.3", text: "401 leads to a new token and a new connection", rules: ["W11"] },
  { id: "§7.3 rights", section: "7.3", text: "Sensitive commands need a permission of their own", rules: ["W44"] },
];

/** The typing error of the specification's heading ([W7]). */
const misspelt: Readonly<Record<string, string>> = { CALL_UNPAKED: "CALL_UNPARKED" };

/** Every event, command, channel, code and closed value of the specification, in its order. */
export function specifiedItems(text = readFileSync(specification, "utf8")): readonly Item[] {
  const items: Item[] = [];
  let section = "";
  let name = "";
  for (const line of text.split("\n")) {
    const chapter = /^##+ (\d(?:\.\d+)?)\.? /.exec(line)?.[1];
    if (chapter !== undefined) {
      [section, name] = [chapter, ""];
      const lifecycle = { "6.1": "CONNECTED", "6.2": "PONG", "6.3": "DISCONNECTED" }[section];
      if (lifecycle !== undefined) items.push(item(section, `event:${lifecycle}`, (name = lifecycle)));
      continue;
    }
    const heading = /^#### `(\w+)`/.exec(line)?.[1];
    if (heading !== undefined) {
      name = misspelt[heading] ?? heading;
      items.push(item(section, `${section.startsWith("4") ? "command" : "event"}:${name}`, name));
      continue;
    }
    const value = /^- `([\w:]+)` - /.exec(line)?.[1];
    if (value !== undefined) items.push(ofValue(section, name, value));
  }
  items.push(item("2.3", "error:INVALID_CALL_ID", "INVALID_CALL_ID"));
  return [...inProse, ...items].toSorted((a, b) => a.section.localeCompare(b.section));
}

/** Every event and command beyond the specification. */
export function additiveItems(specified: readonly Item[] = specifiedItems()): readonly Item[] {
  const known = new Set(specified.map(({ id }) => id));
  return [
    ...Object.keys(events).map((type) => item("event", `event:${type}`, type)),
    ...Object.keys(commands).map((name) => item("command", `command:${name}`, name)),
  ].filter(({ id }) => !known.has(id));
}

function ofValue(section: string, name: string, value: string): Item {
  if (section === "5") return item(section, `error:${value}`, value);
  if (name === "subscribe") return item(section, `channel:${value.replace(/:\w+$/, ":…")}`, value);
  return item(section, `event:${name}=${value}`, `${name}: ${value}`);
}

function item(section: string, id: string, text: string): Item {
  return { id, section, text: `\`${text}\`` };
}
