import type { AnyEvent, EventOf } from "../types.ts";
import { isOld } from "./is-old.ts";
import { told } from "./told.ts";
import { type Change, change, type ReadonlyTables } from "./tables.ts";

export type ExtensionEvent = Extract<
  AnyEvent,
  { type: `EXTENSION_${string}` | `PRESENCE_${string}` | `VOICEMAIL_${string}` }
>;

export function reduceExtension(tables: ReadonlyTables, event: ExtensionEvent): readonly Change[] {
  const seq = event.seq ?? 0;
  switch (event.type) {
    case "EXTENSION_REGISTERED": {
      const { causedBy: _, ...registration } = event.data;
      const key = registration.bindingId ?? registration.contactUri;
      if (isOld(tables.registrations.get(key), event.seq)) return [];
      return change(tables, "registrations", key, { ...registration, key, seq });
    }
    case "EXTENSION_UNREGISTERED":
      return unregister(tables, event);
    case "EXTENSION_STATUS_CHANGED": {
      const { extensionId, number, changes } = event.data;
      const known = tables.extensions.get(number);
      if (isOld(known, event.seq)) return [];
      if (changes.deleted !== true) {
        return change(tables, "extensions", number, { ...known, ...changes, extensionId, number, seq });
      }
      return [
        ...change(tables, "extensions", number, undefined),
        ...change(tables, "presence", extensionId, undefined),
      ];
    }
    case "PRESENCE_UPDATED": {
      const { causedBy: _, ...presence } = event.data;
      if (isOld(tables.presence.get(presence.extensionId), event.seq)) return [];
      return change(tables, "presence", presence.extensionId, { ...presence, seq });
    }
    case "VOICEMAIL_RECEIVED":
    case "VOICEMAIL_READ":
    case "VOICEMAIL_DELETED": {
      const { voicemailBoxId } = event.data;
      const known = tables.mailboxes.get(voicemailBoxId);
      if (isOld(known, event.seq)) return [];
      return change(tables, "mailboxes", voicemailBoxId, {
        ...known,
        ...told(event.data, "voicemailBoxId", "extensionNumber", "unreadCount", "totalCount"),
        seq,
      });
    }
    // A type of a newer server ([D4]).
    default:
      return [];
  }
}

/** Without the binding's name, as in the bare specification, all registrations of the extension end. */
function unregister(tables: ReadonlyTables, { data, seq }: EventOf<"EXTENSION_UNREGISTERED">): readonly Change[] {
  const key = data.bindingId ?? data.contactUri;
  const gone =
    key === undefined
      ? [...tables.registrations.values()].filter(({ extensionId }) => extensionId === data.extensionId)
      : [tables.registrations.get(key)];
  return gone.flatMap((registration) =>
    registration === undefined || isOld(registration, seq)
      ? []
      : change(tables, "registrations", registration.key, undefined),
  );
}
