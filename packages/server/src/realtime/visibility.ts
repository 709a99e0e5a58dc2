import {
  type Audience,
  type ChannelForm,
  channelsOf,
  channelTable,
  type ErrorCode,
  type EventType,
  eventTable,
  type ParsedChannel,
  parseChannel,
  type Permission,
} from "@pbx-x/protocol/runtime";
import type { Identity } from "../auth/identity.ts";
import type { Session } from "./session.ts";

export type ChannelVerdict =
  | { readonly ok: true; readonly name: string }
  | { readonly ok: false; readonly code: ErrorCode; readonly message: string };

/** Whether this user may subscribe to a channel ([W21], [W24]); `name` is how the index knows it. */
export function canSubscribe(identity: Identity, text: string): ChannelVerdict {
  const parsed = parseChannel(text);
  if (!parsed.ok) return { ok: false, code: "INVALID_PARAMS", message: parsed.message };
  const { channel } = parsed;
  if (channel.kind === "me") return { ok: true, name: `me:${identity.userId}` };
  const { permissions }: { readonly permissions: readonly Permission[] } = channelTable[channel.form];
  const held = permissions.filter((permission) => permission === "none" || identity.permissions.has(permission));
  const isAllowed =
    held.some((permission) => !permission.endsWith(".own")) || (held.length > 0 && isOwn(identity, channel));
  if (isAllowed) return { ok: true, name: text };
  return { ok: false, code: "UNAUTHORIZED", message: `Your role does not include the channel "${text}".` };
}

/** Channels that this user could subscribe to, as the documents write them, own ids filled in. */
export function availableChannels(
  identity: Identity,
): readonly { readonly channel: string; readonly description: string }[] {
  const forms = Object.keys(channelTable) as readonly ChannelForm[];
  return forms.flatMap((form) => {
    const facts: { readonly carries: string } = channelTable[form];
    return fillOwn(form, identity).flatMap((channel) =>
      canSubscribe(identity, channel).ok || isOpen(form, identity) ? [{ channel, description: facts.carries }] : [],
    );
  });
}

/** The name that one extension's presence has among a session's channels ([W27]); no channel that can be subscribed to. */
export function presenceRoute(extensionId: string): string {
  return `presence:${extensionId}`;
}

/** Everything that a session wants to hear of: its channels, and the presence of single extensions. */
export function routesOf({ channels, presence }: Pick<Session, "channels" | "presence">): ReadonlySet<string> {
  return new Set([...channels.keys(), ...[...presence].map(presenceRoute)]);
}

/** Where an event goes ([W23]): its channels, and to those who follow the presence it tells. */
export function routesFor({ type, audience }: RoutedEvent): readonly string[] {
  const channels = channelsOf(type, audience);
  if (type !== "PRESENCE_UPDATED") return channels;
  return [...channels, ...(audience.extensions ?? []).map(({ id }) => presenceRoute(id))];
}

/**
 * Whether an event reaches a user through these routes ([W22], [W24]); the same for socket and REST.
 * @param eventRoutes `routesFor(event)`, where it is asked for many
 */
export function isVisible(
  identity: Identity,
  event: RoutedEvent,
  routes: ReadonlySet<string>,
  eventRoutes = routesFor(event),
): boolean {
  const { permission }: { readonly permission: Permission } = eventTable[event.type];
  if (!hasRight(identity, permission) && !isOwnWait(identity, event)) return false;
  // A conference is seen whole, or by who takes or took part in it.
  const isOwnOnly = permission === "conferences.view.own" && !identity.permissions.has("conferences.view.all");
  if (isOwnOnly && event.audience.userIds?.includes(identity.userId) !== true) return false;
  return eventRoutes.some((route) => routes.has(route) && mayFollow(identity, route));
}

/** An own call waits in a queue: its place is that of the call, whose parties see it without a right to the queue ([Q6]). */
function isOwnWait(identity: Identity, { type, audience }: RoutedEvent): boolean {
  const isOwn = type.startsWith("QUEUE_") && audience.userIds?.includes(identity.userId) === true;
  return isOwn && hasRight(identity, "calls.view.own");
}

/** Whether a right is held, in itself or as part of the one for all. */
export function hasRight({ permissions }: Pick<Identity, "permissions">, permission: Permission): boolean {
  if (permission === "none" || permissions.has(permission)) return true;
  const all = permission.replace(/\.own$/, ".all");
  return [...permissions].some((held) => held === all);
}

interface RoutedEvent {
  readonly type: EventType;
  readonly audience: Audience;
}

function mayFollow(identity: Identity, route: string): boolean {
  if (route.startsWith("presence:")) return hasRight(identity, "presence.view");
  return canSubscribe(identity, route.startsWith("me:") ? "me" : route).ok;
}

function isOwn(identity: Identity, { kind, id }: ParsedChannel): boolean {
  if (id === undefined) return kind === "conferences";
  switch (kind) {
    case "calls":
      return id === identity.extensionId;
    case "extension":
      return id === identity.extensionNumber;
    case "queues":
      return identity.queueIds.includes(id);
    case "agents":
      return id === identity.userId;
    case "conferences":
      return true;
    default:
      return false;
  }
}

function isOpen(form: ChannelForm, identity: Identity): boolean {
  const { permissions }: { readonly permissions: readonly Permission[] } = channelTable[form];
  return permissions.some((permission) => !permission.endsWith(".own") && identity.permissions.has(permission));
}

function fillOwn(form: ChannelForm, identity: Identity): readonly string[] {
  switch (form) {
    case "calls:<extensionId>":
      return [identity.extensionId === undefined ? form : `calls:${identity.extensionId}`];
    case "extension:<number>":
      return [identity.extensionNumber === undefined ? form : `extension:${identity.extensionNumber}`];
    case "queues:<queueId>":
      return identity.queueIds.length === 0 ? [form] : identity.queueIds.map((id) => `queues:${id}`);
    default:
      return [form];
  }
}
