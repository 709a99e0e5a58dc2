import type { AnyEvent } from "@pbx-x/protocol";
import type { Binding } from "@pbx-x/telephony";
import { changedSettings } from "./extensions/extension-service.ts";
import type { ExtensionDirectory } from "./extensions/extension.ts";
import type { Presence } from "./presence/presence.ts";
import type { TrunkDirectory } from "./trunks/trunk.ts";
import { type MailboxCounts, noMessages } from "./voicemail/voice-message.ts";
import { statusData } from "./trunks/trunk-events.ts";

type StateEvent = Pick<AnyEvent, "type" | "timestamp" | "data">;

/** What was there before the start, told as the events that would have made it ([W26]). */
export function startingState(
  extensions: Pick<ExtensionDirectory, "all" | "byId">,
  bindings: readonly Binding[],
  presenceOf: (extensionId: string) => Presence,
  trunks: Pick<TrunkDirectory, "all" | "statusOf">,
  messages: ReadonlyMap<string, MailboxCounts>,
  nowMs: number,
): readonly StateEvent[] {
  const timestamp = new Date(nowMs).toISOString();
  const settings = extensions.all().map(
    (extension): StateEvent => ({
      type: "EXTENSION_STATUS_CHANGED",
      timestamp,
      data: {
        extensionId: extension.id,
        number: extension.number,
        changes: changedSettings(undefined, extension),
      },
    }),
  );
  const registered = bindings.map((binding): StateEvent => {
    const { extensionId, bindingId, contactUri, userAgent, ipAddress, transport, expiresAtMs } = binding;
    const number = extensions.byId(extensionId)?.number ?? "";
    const expiresAt = new Date(expiresAtMs).toISOString();
    return {
      type: "EXTENSION_REGISTERED",
      timestamp,
      data: { extensionId, number, contactUri, userAgent, ipAddress, transport, expiresAt, bindingId },
    };
  });
  const presence = extensions.all().map((extension): StateEvent => {
    const { id, number, userId } = extension;
    const owner = userId === undefined ? {} : { userId };
    return { type: "PRESENCE_UPDATED", timestamp, data: { ...owner, extensionId: id, number, ...presenceOf(id) } };
  });
  const lines = trunks.all().map((trunk): StateEvent => {
    const state = trunks.statusOf(trunk.id) ?? { status: "inactive" };
    return { type: "TRUNK_STATUS_CHANGED", timestamp, data: statusData({ trunk, before: "inactive", state }) };
  });
  const mailboxes = extensions.all().flatMap(({ id, number, voicemailEnabled }): readonly StateEvent[] => {
    const counts = messages.get(id);
    if (counts === undefined && !voicemailEnabled) return [];
    // Of a message, the state keeps nothing but the counts.
    const message = { messageId: "", caller: { number: "" }, durationSeconds: 0, isUrgent: false };
    const { unreadCount, totalCount } = counts ?? noMessages;
    const data = { voicemailBoxId: id, extensionNumber: number, ...message, unreadCount, totalCount };
    return [{ type: "VOICEMAIL_RECEIVED", timestamp, data }];
  });
  return [...settings, ...registered, ...presence, ...lines, ...mailboxes];
}
