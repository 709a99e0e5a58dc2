import type { CommandHandlers } from "../realtime/command-handler.ts";
import type { CallService } from "./call-service.ts";
import { causeOf, refuse, shorten, succeed } from "./command-tools.ts";
import { findParty } from "./find-party.ts";

type TransferCommands = Required<Pick<CommandHandlers, "transferBlind">>;

/** Passing calls on ([C30], [C31]). */
export function createTransferCommands({ calls }: { readonly calls: CallService }): TransferCommands {
  return {
    transferBlind: async (params, context) => {
      const found = findParty(calls, params, context);
      if (!found.ok) return found;
      const target = calls.transferTarget(found.call, params.destination);
      const { route } = target.destination;
      if (route.kind === "none") {
        const message = `${shorten(params.destination)} leads nowhere; the call stays as it is.`;
        return refuse("NUMBER_NOT_REACHABLE", message, { reason: route.reason });
      }
      const { transferId, seq } = calls.transferBlind(found.call, found.legId, target, causeOf(context));
      return succeed({ callId: params.callId, status: "transferred", transferId }, seq);
    },
  };
}
