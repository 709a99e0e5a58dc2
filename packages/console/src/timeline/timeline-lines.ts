import type { AnyEvent, Party } from "@pbx-x/protocol/runtime";
import type { T } from "../words/use-words.ts";
import { isWordKey } from "../words/words.ts";

export type NameOf = (party: Partial<Party> | undefined) => string | undefined;

export interface TimelineLine {
  readonly key: string;
  readonly seq: number;
  readonly at: string;
  /** Milliseconds since the first event. */
  readonly offsetMs: number;
  readonly type: string;
  readonly text: string;
  readonly via: string | undefined;
}

/** One sentence per event, in the order of the log. */
export function timelineLines(events: readonly AnyEvent[], t: T, nameOf: NameOf): readonly TimelineLine[] {
  const ordered = [
    ...new Map(events.map((event) => [event.eventId ?? `${event.type} ${event.seq}`, event])).values(),
  ].toSorted((a, b) => (a.seq ?? 0) - (b.seq ?? 0));
  const start = Date.parse(ordered[0]?.timestamp ?? "");
  return ordered.map((event) => {
    const data: Readonly<Record<string, unknown>> = { ...event.data };
    return {
      key: event.eventId ?? `${event.type} ${event.seq}`,
      seq: event.seq ?? 0,
      at: event.timestamp,
      offsetMs: Date.parse(event.timestamp) - start,
      type: event.type,
      text: sentence(event.type, data, t, nameOf),
      via: viaOf(data),
    };
  });
}

function sentence(type: string, data: Readonly<Record<string, unknown>>, t: T, nameOf: NameOf): string {
  const key = `ev.${type}`;
  if (!isWordKey(key)) return type;
  const values: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(data)) {
    if (typeof value === "string" || typeof value === "number") values[name] = value;
    else if (isParty(value)) values[name] = nameOf(value) ?? t("call.unknown");
  }
  const cause = `cause.${String(data["hangupCause"])}`;
  if (isWordKey(cause)) values["cause"] = t(cause, { name: values["callee"] ?? nameOf(calleeOf(data)) ?? "" });
  return t(key, values);
}

function isParty(value: unknown): value is Party {
  return typeof value === "object" && value !== null && "number" in value && typeof value.number === "string";
}

function calleeOf(data: Readonly<Record<string, unknown>>): Party | undefined {
  const call: unknown = data["call"];
  if (typeof call !== "object" || call === null || !("callee" in call)) return undefined;
  return isParty(call.callee) ? call.callee : undefined;
}

function viaOf(data: Readonly<Record<string, unknown>>): string | undefined {
  const causedBy = data["causedBy"];
  if (typeof causedBy !== "object" || causedBy === null || !("via" in causedBy)) return undefined;
  return typeof causedBy.via === "string" ? causedBy.via : undefined;
}

export interface Phase {
  readonly name: "ring" | "queue" | "talk" | "hold" | "park";
  readonly seconds: number;
}

const phaseNames = ["ring", "queue", "talk", "hold", "park"] as const;

/** The parts of an ended call, as its last event tells them in whole seconds. */
export function phasesOf(events: readonly AnyEvent[]): readonly Phase[] {
  const ended = events.find((event) => event.type === "CALL_ENDED");
  const phases: Readonly<Record<string, unknown>> = { ...ended?.data.phases };
  return phaseNames.flatMap((name) => {
    const seconds = phases[`${name}Seconds`];
    return typeof seconds === "number" && seconds > 0 ? [{ name, seconds }] : [];
  });
}
