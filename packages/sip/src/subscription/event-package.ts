import type { HeaderField, Headers } from "../message/headers.ts";
import { isToken, parseParams } from "../message/text.ts";
import type { WatchedState } from "./watched-state.ts";

export interface BodyParts {
  /** The watched number. */
  readonly number: string;
  /** `host` or `host:port` under which the watcher asked. */
  readonly domain: string;
  /** 0, 1, 2 … in one subscription. */
  readonly version: number;
  readonly state: WatchedState;
  /** What the watcher was told last; undefined: everything is to be told. */
  readonly told: WatchedState | undefined;
  /** A longer body should be avoided where a part will do; undefined: any length. */
  readonly maxBytes: number | undefined;
}

/** A kind of state that can be subscribed to (RFC 6665 §5). */
export interface EventPackage {
  /** As in the `Event` header field. */
  readonly name: string;
  readonly contentType: string;
  /** Only who has the number itself may subscribe. */
  readonly isPrivate?: boolean;
  /** Whether a watcher sees a difference. */
  isNews(before: WatchedState, after: WatchedState): boolean;
  printBody(parts: BodyParts): string;
}

/** What a SUBSCRIBE is for: the package's name in lower case, and the `id` that its NOTIFYs have to repeat (RFC 6665 §8.2.1). */
export interface EventWish {
  readonly name: string;
  readonly id?: string;
}

/** Undefined when there is not exactly one well-formed `Event`. */
export function parseEvent(headers: Headers): EventWish | undefined {
  const [value, ...others] = headers.getAll("Event");
  if (value === undefined || others.length > 0) return undefined;
  const [name = "", ...rest] = value.split(";");
  const params = parseParams(rest.join(";"));
  if (!isToken(name.trim()) || params === undefined) return undefined;
  const id = params.get("id");
  return { name: name.trim().toLowerCase(), ...(typeof id === "string" && { id }) };
}

export function printEvent({ name, id }: EventWish): HeaderField {
  return { name: "Event", value: id === undefined ? name : `${name};id=${id}` };
}

/** Whether `Accept` allows a type; without the header everything is allowed. */
export function accepts(headers: Headers, contentType: string): boolean {
  if (!headers.has("Accept")) return true;
  const [kind = ""] = contentType.split("/");
  return headers
    .list("Accept")
    .map((value) => value.split(";")[0]?.trim().toLowerCase())
    .some((type) => type === contentType || type === `${kind}/*` || type === "*/*");
}
