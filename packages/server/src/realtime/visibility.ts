import {
  type Audience,
  type ChannelForm,
  channelsOf,
  channelTable,
  type ErrorCode,
  type EventType,
  type ParsedChannel,
  parseChannel,
  type Permission,
} from "@pbx-x/protocol/runtime";
import type { Identity } from "../auth/identity.ts";

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

/** Whether an event reaches a user through these channels ([W22], [W24]); the same for socket and REST. */
export function isVisible(
  identity: Identity,
  event: { readonly type: EventType; readonly audience: Audience },
  channels: ReadonlySet<string>,
): boolean {
  return channelsOf(event.type, event.audience).some(
    (channel) => channels.has(channel) && canSubscribe(identity, channel.startsWith("me:") ? "me" : channel).ok,
  );
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
