import { wireLimits } from "@pbx-x/protocol/runtime";
import type { CommandHandlers } from "../realtime/command-handler.ts";
import type { Call } from "./call.ts";
import { type CallData, isTooMuch, mergeCallData } from "./call-data.ts";
import type { CallService } from "./call-service.ts";
import { causeOf, findCall, refuse, succeed } from "./command-tools.ts";
import { type Decision, DecisionBuilder, type DecisionContext } from "./decision.ts";
import { permit } from "./permit.ts";

/** What applications attach to calls ([C80]). */
export function createDataCommands({ calls }: { readonly calls: CallService }) {
  const commands: Required<Pick<CommandHandlers, "attachData">> = {
    attachData: async (params, context) => {
      const found = findCall(calls, params.callId);
      if (!found.ok) return found;
      const { call } = found;
      const denied = permit("attachData", call, context.identity, params.extensionId);
      if (denied !== undefined) return denied;
      const data = mergeCallData(call.data, params.data);
      if (isTooMuch(data)) return tooMuch;
      const seq = calls.apply(call, decideAttach(call, data, calls.context(causeOf(context))));
      return succeed({ callId: call.callId, callData: data }, seq);
    },
  };
  return commands;
}

/** The call carries this from now on; nothing is told where it is the same. */
export function decideAttach(call: Call, data: CallData, context: DecisionContext): Decision {
  const builder = new DecisionBuilder(call, context);
  if (JSON.stringify(data) === JSON.stringify(call.data)) return builder.build();
  return builder.change({ data }).emit("CALL_DATA_ATTACHED", call.state, { callData: data }).build();
}

export const tooMuch = refuse(
  "INVALID_PARAMS",
  `A call carries ${wireLimits.maximumCallDataBytes} bytes of data at most: attach an id and keep the rest elsewhere.`,
  { errors: [{ field: "params.data", message: `more than ${wireLimits.maximumCallDataBytes} bytes in all` }] },
);
