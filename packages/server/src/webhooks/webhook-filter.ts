import { parseChannel } from "@pbx-x/protocol/runtime";
import type { LoggedEvent } from "../event-log/event-log.ts";
import { routesFor } from "../realtime/visibility.ts";
import type { WebhookEndpoint } from "./webhook.ts";

/** Whether an event is for an endpoint: its type and one of its channels are named, or none are ([R40]). */
export function isWanted(
  { eventTypes, channels }: Pick<WebhookEndpoint, "eventTypes" | "channels">,
  event: Pick<LoggedEvent, "type" | "audience">,
): boolean {
  if (eventTypes.length > 0 && !eventTypes.includes(event.type)) return false;
  return channels.length === 0 || routesFor(event).some((route) => channels.includes(route));
}

/** What is wrong with a channel for an endpoint; undefined: nothing. */
export function faultOfChannel(channel: string): string | undefined {
  const parsed = parseChannel(channel);
  if (!parsed.ok) return parsed.message;
  return parsed.channel.kind === "me" ? 'The channel "me" belongs to a user; a webhook has none.' : undefined;
}
