import type { AnyEvent, EventOf } from "../types.ts";
import { changeAt, isOld } from "./is-old.ts";
import { told } from "./told.ts";
import { type Change, change, type ReadonlyTables } from "./tables.ts";

export type ExtensionEvent = Extract<
  AnyEvent,
  { type: `EXTENSION_${string}` | `PRESENCE_${string}` | `VOICEMAIL_${string}` }
>;

export function reduceExtension(tables: ReadonlyTables, event: ExtensionEvent): readonly Change[] {
  switch (event.type) {
    case "EXTENSION_REGISTERED": {
      const { causedBy: _, ...registration } = event.data;
      const key = registration.bindingId ?? registration.contactUri;
      return changeAt(tables, "registrations", key, event.seq, { ...registration, key });
    }
    case "EXTENSION_UNREGISTERED":
      return unregister(tables, event);
    case "EXTENSION_STATUS_CHANGED": {
      const { extensionId, number, changes } = event.data;
      const known = tables.extensions.get(number);
      if (isOld(known, event.seq)) return [];
      if (changes.deleted !== true) {
        return changeAt(tables, "extensions", number, event.seq, { ...known, ...changes, extensionId, number });
      }
      return [
        ...change(tables, "extensions", number, undefined),
        ...change(tables, "presence", extensionId, undefined),
      ];
    }
    case "PRESENCE_UPDATED": {
      const { causedBy: _, ...presence } = event.data;
      return changeAt(tables, "presence", presence.extensionId, event.seq, presence);
    }
    case "VOICEMAIL_RECEIVED":
    case "VOICEMAIL_READ":
    case "VOICEMAIL_DELETED": {
      const { voicemailBoxId } = event.data;
      return changeAt(tables, "mailboxes", voicemailBoxId, event.seq, {
        ...tables.mailboxes.get(voicemailBoxId),
        ...told(event.data, "voicemailBoxId", "extensionNumber", "unreadCount", "totalCount"),
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
    registration === undefined ? [] : changeAt(tables, "registrations", registration.key, seq, undefined),
  );
}
