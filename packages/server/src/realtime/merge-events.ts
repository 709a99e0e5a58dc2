import { conflationKeyOf, conflationOf, type EventType } from "@pbx-x/protocol/runtime";
import { textFrame, textOf } from "./frame.ts";
import type { MergeFacts, OutboxEntry } from "./outbox.ts";

/** How an event may be merged with a later one; undefined for those that never may ([W31]). */
export function mergeFactsOf(type: EventType, json: string): MergeFacts | undefined {
  const conflation = conflationOf(type);
  if (conflation === "never") return undefined;
  const key = conflationKeyOf(parse(json) as Parameters<typeof conflationKeyOf>[0]);
  if (key === undefined) return undefined;
  const isDifference = conflation === "unite";
  return { key, isDifference, unite: (earlier, later) => unite(earlier, later, isDifference) };
}

function unite(earlier: OutboxEntry, later: OutboxEntry, isDifference: boolean): OutboxEntry {
  const [first, last] = [parse(textOf(earlier.frame)), parse(textOf(later.frame))];
  const conflated = countOf(first["conflated"]) + countOf(last["conflated"]) + 1;
  const data = isDifference ? uniteChanges(first["data"], last["data"]) : last["data"];
  return { ...later, frame: textFrame(JSON.stringify({ ...last, data, conflated })) };
}

/** `changes` is a difference: the later one's fields on top of the earlier one's. */
function uniteChanges(first: unknown, last: unknown): unknown {
  if (!isRecord(first) || !isRecord(last)) return last;
  const [before, after] = [first["changes"], last["changes"]];
  return isRecord(before) && isRecord(after) ? { ...last, changes: { ...before, ...after } } : last;
}

function parse(json: string): Readonly<Record<string, unknown>> {
  const value: unknown = JSON.parse(json);
  return isRecord(value) ? value : {};
}

function countOf(value: unknown): number {
  return typeof value === "number" ? value : 0;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
