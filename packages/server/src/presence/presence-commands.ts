import type { CommandHandlers } from "../realtime/command-handler.ts";
import { causeOf, refuse, succeed } from "../calls/command-tools.ts";
import type { PresenceService } from "./presence-service.ts";

export interface PresenceCommandOptions {
  readonly presence: Pick<PresenceService, "set" | "of">;
}

/** `setPresence` ([P4]); following the presence of others is a matter of the session. */
export function createPresenceCommands({
  presence,
}: PresenceCommandOptions): Required<Pick<CommandHandlers, "setPresence">> {
  return {
    setPresence: async ({ status, statusMessage }, context) => {
      const { userId, extensionId } = context.identity;
      if (extensionId === undefined) {
        return refuse("EXTENSION_NOT_FOUND", "You have no extension, so nobody could see a presence of yours.");
      }
      if (status === null && statusMessage !== undefined) {
        return refuse("INVALID_PARAMS", "A message needs a status: without one it follows from calls and phones.", {
          errors: [{ field: "params.statusMessage", message: "needs a status" }],
        });
      }
      const setting = status === null ? undefined : { status, ...(statusMessage !== undefined && { statusMessage }) };
      const seq = await presence.set(userId, setting, causeOf(context));
      return succeed(presence.of(extensionId), seq);
    },
  };
}
