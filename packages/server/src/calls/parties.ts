import type { Extension } from "../extensions/extension.ts";
import type { Route } from "../routing/route-number.ts";
import type { Call, Party } from "./call.ts";

export function partyOf(extension: Extension): Party {
  return { number: extension.number, name: extension.displayName, extensionId: extension.id };
}

export function calleeOf(dialled: string, route: Route): Party {
  if (route.kind === "extension" || route.kind === "mailbox") return partyOf(route.extension);
  if (route.kind === "conference") return { number: route.room.number, name: route.room.name };
  if (route.kind === "queue") return { number: route.queue.extensionNumber, name: route.queue.name };
  return { number: route.kind === "outside" ? route.outside.number : dialled };
}

/** Everybody who is or was party, with somebody new. */
export function withParty({ participants }: Call, { extensionId, number }: Party): Call["participants"] {
  if (extensionId === undefined || participants.some(({ id }) => id === extensionId)) return participants;
  return [...participants, { id: extensionId, number }];
}
