import type { Audience } from "@pbx-x/protocol";
import type { NewEvent } from "../event-log/event-log.ts";
import type { ExtensionDirectory } from "../extensions/extension.ts";
import type { CallEvent } from "./decision.ts";

/** Gives a call's event the audience that routing needs ([W23]): every extension that is or was party, and their users. */
export function toNewEvent(event: CallEvent, extensions: Pick<ExtensionDirectory, "byId">): NewEvent {
  const userIds = event.participants.flatMap(({ id }) => extensions.byId(id)?.userId ?? []);
  const audience: Audience = {
    extensions: event.participants,
    userIds,
    ...(event.queueId !== undefined && { queueIds: [event.queueId] }),
    ...(event.wasParked === true && { isParked: true }),
  };
  const callId = event.data["callId"];
  return {
    type: event.type,
    data: event.data,
    audience,
    ...(typeof callId === "string" && { callId }),
  };
}
