import type { AnyEvent } from "@pbx-x/protocol/runtime";
import { textOf } from "../rest/text-of.ts";

/** `type:CALL_* call:550e via:phone number:200 some text`; all parts must fit. */
export interface EventFilter {
  readonly types: readonly RegExp[];
  readonly call: string | undefined;
  readonly via: string | undefined;
  readonly number: string | undefined;
  readonly words: readonly string[];
}

export function parseFilter(text: string): EventFilter {
  const types: RegExp[] = [];
  const words: string[] = [];
  const named: Record<string, string> = {};
  for (const part of text.split(/\s+/).filter((each) => each !== "")) {
    const [, name = "", value = ""] = /^(type|call|via|number):(.*)$/.exec(part) ?? [];
    if (name === "") words.push(part.toLowerCase());
    else if (name === "type") types.push(pattern(value));
    else if (value !== "") named[name] = value.toLowerCase();
  }
  return { types, call: named["call"], via: named["via"], number: named["number"], words };
}

function pattern(value: string): RegExp {
  const escaped = value.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`).replaceAll("*", ".*");
  return new RegExp(`^${escaped}`, "i");
}

export function fits(event: AnyEvent, { types, call, via, number, words }: EventFilter): boolean {
  if (types.length > 0 && !types.some((each) => each.test(event.type))) return false;
  const data: Readonly<Record<string, unknown>> = { ...event.data };
  if (call !== undefined && !textOf(data["callId"]).startsWith(call)) return false;
  if (via !== undefined && causeOf(event)?.via !== via) return false;
  if (number === undefined && words.length === 0) return true;
  const text = JSON.stringify(event).toLowerCase();
  if (number !== undefined && !text.includes(`"number":"${number}"`) && !text.includes(`"extensionnumber":"${number}"`))
    return false;
  return words.every((each) => text.includes(each));
}

export interface Cause {
  readonly via?: string;
  readonly commandId?: string;
}

export function causeOf(event: AnyEvent): Cause | undefined {
  const data: Readonly<Record<string, unknown>> = { ...event.data };
  const cause = data["causedBy"];
  return typeof cause === "object" && cause !== null ? (cause as Cause) : undefined;
}

/** What an event is about, in a few characters: numbers first, else the beginning of an id. */
export function subjectOf(event: AnyEvent): string {
  const data: Readonly<Record<string, unknown>> = { ...event.data };
  const call = (typeof data["call"] === "object" && data["call"] !== null ? data["call"] : data) as Readonly<
    Record<string, unknown>
  >;
  const numbers = ["caller", "callee"].flatMap((name) => numberOf(call[name] ?? data[name]));
  if (numbers.length > 0) return numbers.join(" → ");
  for (const name of ["number", "queueName", "name", "trunkName", "title"])
    if (typeof data[name] === "string") return data[name];
  const id = Object.entries(data).find(([name]) => name.endsWith("Id"))?.[1];
  return typeof id === "string" ? id.slice(0, 8) : "";
}

function numberOf(party: unknown): readonly string[] {
  if (typeof party !== "object" || party === null || !("number" in party)) return [];
  return typeof party.number === "string" ? [party.number] : [];
}
