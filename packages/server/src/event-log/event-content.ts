import type { AnyEvent } from "@pbx-x/protocol/runtime";
import type { LoggedEvent } from "./event-log.ts";

const known = new WeakMap<LoggedEvent, AnyEvent>();

/** The event that the text tells; read once for all who fold it. Only this server writes the log, and nothing else into it. */
export function contentOf(event: LoggedEvent): AnyEvent {
  const found = known.get(event);
  if (found !== undefined) return found;
  const content = JSON.parse(event.json) as AnyEvent;
  known.set(event, content);
  return content;
}
