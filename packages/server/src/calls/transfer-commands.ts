import type { CommandHandlers } from "../realtime/command-handler.ts";
import { normaliseNumber } from "../routing/route-number.ts";
import type { CallService } from "./call-service.ts";
import { causeOf, refuse, shorten, succeed } from "./command-tools.ts";
import { findParty } from "./find-party.ts";
import { decideBlindTransfer } from "./transfer-decisions.ts";

type TransferCommands = Required<Pick<CommandHandlers, "transferBlind">>;

/** Passing calls on ([C30], [C31]). */
export function createTransferCommands({ calls }: { readonly calls: CallService }): TransferCommands {
  return {
    transferBlind: (params, context) => {
      const found = findParty(calls, params, context);
      if (!found.ok) return Promise.resolve(found);
      const dialled = normaliseNumber(params.destination);
      const { route } = calls.destination(dialled, params.callId);
      if (route.kind === "none") {
        const message = `${shorten(params.destination)} leads nowhere; the call stays as it is.`;
        return Promise.resolve(refuse("NUMBER_NOT_REACHABLE", message, { reason: route.reason }));
      }
      const transfer = { transferorLegId: found.legId, dialled };
      const around = calls.surroundings(params.callId);
      const decision = decideBlindTransfer(found.call, transfer, around, calls.context(causeOf(context)));
      const told = decision.events.find(({ type }) => type === "CALL_TRANSFERRED")?.data["transferId"];
      const data = {
        callId: params.callId,
        status: "transferred" as const,
        ...(typeof told === "string" && { transferId: told }),
      };
      return Promise.resolve(succeed(data, calls.apply(found.call, decision)));
    },
  };
}
