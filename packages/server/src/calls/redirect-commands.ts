import type { CommandHandlers } from "../realtime/command-handler.ts";
import type { ExtensionDirectory } from "../extensions/extension.ts";
import { isForwardable } from "../routing/is-forwardable.ts";
import type { Call } from "./call.ts";
import type { CallService } from "./call-service.ts";
import { causeOf, findCall, refuse, refuseOutside, shorten, stateOf, succeed } from "./command-tools.ts";
import { type Decision, DecisionBuilder, type DecisionContext } from "./decision.ts";
import { type DialSurroundings, forward } from "./dial-destination.ts";
import { invalidState } from "./find-party.ts";
import { leaveDestination } from "./leave-destination.ts";
import { permit } from "./permit.ts";
import type { Extension } from "../extensions/extension.ts";

export interface RedirectCommandOptions {
  readonly calls: CallService;
  readonly extensions: ExtensionDirectory;
}

/** Sends a ringing call elsewhere ([W43], [C38]). */
export function createRedirectCommands({
  calls,
  extensions,
}: RedirectCommandOptions): Required<Pick<CommandHandlers, "redirect">> {
  return {
    redirect: async (params, context) => {
      const found = findCall(calls, params.callId);
      if (!found.ok) return found;
      const { call } = found;
      const denied = permit("redirect", call, context.identity, params.extensionId);
      if (denied !== undefined) return denied;
      const { extensionId } = call.callee;
      const from = extensionId === undefined ? undefined : extensions.byId(extensionId);
      if (from === undefined || extensionId === undefined) {
        return invalidState(call, "The call does not ring at this extension.", "not_ringing_here");
      }
      if (call.stage.at !== "dialling") return invalidState(call, "The call does not ring.", "not_ringing");
      const { dialled, destination } = calls.transfers.target(call, params.destination);
      const { route } = destination;
      if (!isForwardable(route)) {
        const message = `${shorten(params.destination)} leads to nobody; the call rings on.`;
        const reason = route.kind === "none" ? route.reason : "not_a_party";
        return refuse("NUMBER_NOT_REACHABLE", message, { reason });
      }
      const refusal = calls.outside.refusal(route, extensionId, call.callId);
      if (refusal !== undefined) return refuseOutside(refusal);
      const around = calls.surroundings(call.callId);
      const seq = calls.apply(call, decideRedirect(call, from, dialled, around, calls.context(causeOf(context))));
      const now = calls.registry.get(call.callId);
      return succeed({ callId: call.callId, ...(now !== undefined && { status: stateOf(now) }) }, seq);
    },
  };
}

/** The devices that ring stop, the new destination rings: as if it had been forwarded there ([C15]). */
export function decideRedirect(
  call: Call,
  from: Extension,
  dialled: string,
  around: DialSurroundings,
  context: DecisionContext,
): Decision {
  const builder = new DecisionBuilder(call, context);
  const { stage } = call;
  if (stage.at === "dialling") forward(builder, from, dialled, around, leaveDestination(builder, stage, undefined));
  return builder.build();
}
