import type { ParamsOf, ResultOf } from "@pbx-x/protocol/runtime";
import type { CommandOutcome } from "./command-handler.ts";
import type { Projection } from "./projection.ts";
import type { Session } from "./session.ts";

export interface PresenceSurroundings {
  readonly projection: Projection;
  /** Number of an extension; undefined where there is none. */
  readonly numberOf: (extensionId: string) => string | undefined;
}

/** Follows the presence of extensions, all of them or none ([W27]). */
export function subscribePresence(
  session: Session,
  { extensionIds }: ParamsOf<"subscribePresence">,
  { projection, numberOf }: PresenceSurroundings,
): CommandOutcome<ResultOf<"subscribePresence">> {
  const unknown = extensionIds.filter((id) => numberOf(id) === undefined);
  if (unknown.length > 0) {
    const message = `${unknown.length} of these extensions do not exist.`;
    const details = { extensionIds: unknown.slice(0, 50) };
    return { ok: false, error: { code: "EXTENSION_NOT_FOUND", message, details } };
  }
  for (const id of extensionIds) session.presence.add(id);
  const subscriptions = extensionIds.map((extensionId) => {
    const {
      presenceStatus = "offline",
      statusMessage,
      isManual = false,
      userId,
    } = projection.tables.presence.get(extensionId) ?? {};
    return {
      extensionId,
      number: numberOf(extensionId) ?? "",
      presenceStatus,
      ...(statusMessage !== undefined && { statusMessage }),
      isManual,
      ...(userId !== undefined && { userId }),
    };
  });
  return { ok: true, data: { subscriptions } };
}

/** Answers those that were followed. */
export function unsubscribePresence(
  session: Session,
  { extensionIds }: ParamsOf<"unsubscribePresence">,
): ResultOf<"unsubscribePresence"> {
  return { extensionIds: extensionIds.filter((id) => session.presence.delete(id)) };
}
