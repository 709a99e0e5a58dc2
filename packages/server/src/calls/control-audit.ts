import type { CommandName } from "@pbx-x/protocol";
import type { ExtensionDirectory } from "../extensions/extension.ts";
import type { CommandHandler, CommandHandlers } from "../realtime/command-handler.ts";
import type { AuditLog } from "../storage/audit-log.ts";
import type { CallService } from "./call-service.ts";

export interface ControlAuditOptions {
  readonly calls: Pick<CallService, "registry">;
  readonly extensions: Pick<ExtensionDirectory, "byNumber">;
  readonly audit: Pick<AuditLog, "write">;
}

/** What of a command tells whose call it is about. */
interface Named {
  readonly callId?: string;
  readonly extensionId?: string;
  readonly from?: string;
}

/** The same commands; whoever controls a call of others, or calls as somebody else, is in the audit log ([C73]). */
export function auditControl<Handlers extends CommandHandlers>(
  handlers: Handlers,
  { calls, extensions, audit }: ControlAuditOptions,
): Handlers {
  /** The extension acted for, or the call's, where neither is the user's own. */
  const othersIn = ({ callId, extensionId, from }: Named, own: string | undefined): string | undefined => {
    const named = extensionId ?? (from === undefined ? undefined : extensions.byNumber(from)?.id);
    if (named !== undefined) return named === own ? undefined : named;
    const call = callId === undefined ? undefined : calls.registry.get(callId);
    const parties = [call?.caller.extensionId, call?.callee.extensionId].filter((id) => id !== undefined);
    return own !== undefined && parties.includes(own) ? undefined : parties[0];
  };
  const audited =
    (name: string, handler: CommandHandler<CommandName>): CommandHandler<CommandName> =>
    async (params, context) => {
      const { userId, extensionId: own } = context.identity;
      const named = params as Named;
      // Before, since afterwards the call may be over.
      const others = name === "pickup" && named.extensionId === undefined ? undefined : othersIn(named, own);
      const outcome = await handler(params, context);
      if (outcome.ok && others !== undefined) {
        const callId = named.callId ?? ("callId" in outcome.data ? String(outcome.data.callId) : "");
        audit.write(userId, `call.${name}`, callId, { extensionId: others });
      }
      return outcome;
    };
  const entries = Object.entries(handlers).map(([name, handler]) => [
    name,
    // Each handler keeps its own parameters; the audit looks at those that many of them have.
    audited(name, handler as CommandHandler<CommandName>),
  ]);
  return Object.fromEntries(entries) as Handlers;
}
