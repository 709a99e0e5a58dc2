import type { Binding } from "@pbx-x/telephony";
import type { ExtensionDirectory } from "../extensions/extension.ts";
import { decideWithdraw } from "../queues/offer-decisions.ts";
import { offerTo } from "../queues/queue-entry.ts";
import type { CommandContext, CommandHandlers } from "../realtime/command-handler.ts";
import { isNoParty, maximumNumberLength, normaliseNumber } from "../routing/route-number.ts";
import { beginOriginatedCall } from "./begin-call.ts";
import type { Call } from "./call.ts";
import type { CallService } from "./call-service.ts";
import { decideHangup, decideReject, deviceToAnswer, sideOf } from "./command-decisions.ts";
import {
  actingExtension,
  causeOf,
  findCall,
  mayControl,
  notAParty,
  refuse,
  refuseOutside,
  shorten,
  stateOf,
  succeed,
} from "./command-tools.ts";
import { isTooMuch, noCallData } from "./call-data.ts";
import { createDataCommands, tooMuch } from "./data-commands.ts";
import { permit } from "./permit.ts";
import { createPartyCommands } from "./party-commands.ts";
import { createRedirectCommands } from "./redirect-commands.ts";
import { createTransferCommands } from "./transfer-commands.ts";

export interface CallCommandOptions {
  readonly calls: CallService;
  readonly extensions: ExtensionDirectory;
  readonly bindingsOf: (extensionId: string) => readonly Binding[];
  /** How long `answer` waits for the call to be answered once the device has obeyed. */
  readonly answerWaitMs?: number;
}

type BasicCommands = Required<Pick<CommandHandlers, "originate" | "answer" | "reject" | "hangup">>;
export type CallCommands = BasicCommands &
  ReturnType<typeof createPartyCommands> &
  ReturnType<typeof createTransferCommands> &
  ReturnType<typeof createRedirectCommands> &
  ReturnType<typeof createDataCommands>;

/** The basic commands on calls ([W40]–[W43]); the socket and REST use the same ones. */
export function createCallCommands({
  calls,
  extensions,
  bindingsOf,
  answerWaitMs = 5000,
}: CallCommandOptions): CallCommands {
  /** An agent does not want the call: it waits on for another one ([Q4]). */
  const refuseOffer = (call: Call, agentId: string, context: CommandContext) =>
    succeed(
      { callId: call.callId },
      calls.apply(call, decideWithdraw(call, agentId, "rejected", calls.context(causeOf(context)))),
    );
  return {
    ...createPartyCommands({ calls }),
    ...createTransferCommands({ calls, maximumOf: (id) => extensions.byId(id)?.maxConcurrentCalls ?? 0 }),

    ...createRedirectCommands({ calls, extensions }),
    ...createDataCommands({ calls }),

    originate: async (params, context) => {
      const from = extensions.byNumber(normaliseNumber(params.from));
      if (from === undefined) return refuse("EXTENSION_NOT_FOUND", `There is no extension ${shorten(params.from)}.`);
      if (!mayControl(context.identity, [from.id])) {
        return refuse("UNAUTHORIZED", "You may originate calls from your own extension only.");
      }
      const repeated = params.callId === undefined ? undefined : calls.registry.get(params.callId);
      if (repeated !== undefined) return { ok: true, data: { callId: repeated.callId, status: "initiated" } };
      if (params.callId !== undefined && calls.registry.hasEnded(params.callId)) {
        return refuse("INVALID_STATE", "This call is over already.", { state: "ended" });
      }
      const to = normaliseNumber(params.to);
      if (to === "" || params.to.length > maximumNumberLength) {
        return refuse("INVALID_PARAMS", "`to` is not a number that can be dialled.", {
          errors: [{ field: "params.to", message: "not a number that can be dialled" }],
        });
      }
      const bindings = bindingsOf(from.id);
      if (bindings.length === 0) return refuse("EXTENSION_OFFLINE", `No phone is registered for ${from.number}.`);
      if (calls.registry.countOf(from.id) >= from.maxConcurrentCalls) {
        return refuse("ALREADY_IN_CALL", `Extension ${from.number} is at its limit of concurrent calls.`, {
          maxConcurrentCalls: from.maxConcurrentCalls,
        });
      }
      const route = calls.route(to);
      if (route.kind === "none")
        return refuse("NUMBER_NOT_REACHABLE", `${shorten(to)} leads nowhere.`, { reason: route.reason });
      if (isNoParty(route)) {
        return refuse("NUMBER_NOT_REACHABLE", `${shorten(to)} is a code or a slot, and nobody who can be called.`, {
          reason: "not_a_party",
        });
      }
      const refusal = calls.outside.refusal(route, from.id);
      if (refusal !== undefined) return refuseOutside(refusal);
      const data = params.variables ?? noCallData;
      if (isTooMuch(data)) return tooMuch;
      const callId = params.callId ?? calls.newId();
      const decision = beginOriginatedCall(
        { callId, from, fromBindings: bindings, to, route, isAutoAnswer: params.autoAnswer ?? false, data },
        calls.surroundings(),
        calls.context(causeOf(context)),
      );
      return succeed({ callId, status: "initiated" as const }, calls.apply(undefined, decision));
    },

    answer: async (params, context) => {
      const found = findCall(calls, params.callId);
      if (!found.ok) return found;
      const { callId } = found.call;
      const denied = permit("answer", found.call, context.identity, params.extensionId);
      if (denied !== undefined) return denied;
      const extensionId = actingExtension(context.identity, found.call, params.extensionId);
      if (extensionId === undefined) return notAParty;
      const legId = deviceToAnswer(found.call, extensionId);
      if (legId === undefined) {
        return refuse("INVALID_STATE", "No phone of this extension is ringing in this call.", {
          state: stateOf(found.call),
        });
      }
      const answered = calls.when(callId, (call) => call.stage.at !== found.call.stage.at, answerWaitMs);
      const outcome = await calls.perform({ op: "remoteAnswer", legId });
      // A phone that was picked up by hand in the same moment has nothing left to obey.
      const isOvertaken = calls.registry.get(callId)?.stage.at !== found.call.stage.at;
      if (!outcome.ok && !isOvertaken) {
        return refuse("INVALID_STATE", "This phone cannot be told to answer; it keeps ringing.", {
          state: stateOf(found.call),
          reason: outcome.error === "device_cannot" ? "device_cannot_answer_remotely" : outcome.error,
        });
      }
      const result = await answered;
      if (result === undefined || result.call.stage.at === "ended") {
        return refuse("INVALID_STATE", "The phone was asked to answer, but the call was not answered.", {
          state: result === undefined ? stateOf(found.call) : "ended",
        });
      }
      return succeed({ callId, status: "answered" as const }, result.seq);
    },

    reject: async (params, context) => {
      const found = findCall(calls, params.callId);
      if (!found.ok) return found;
      const { call } = found;
      const denied = permit("reject", call, context.identity, params.extensionId);
      if (denied !== undefined) return denied;
      const offer = offerTo(call, actingExtension(context.identity, call, params.extensionId) ?? "");
      if (offer !== undefined) return refuseOffer(call, offer.agentId, context);
      return succeed(
        { callId: call.callId },
        calls.apply(call, decideReject(call, calls.surroundings(call.callId), calls.context(causeOf(context)))),
      );
    },

    hangup: async (params, context) => {
      const found = findCall(calls, params.callId);
      if (!found.ok) return found;
      const { call } = found;
      const side = sideOf(call, params.extensionId ?? context.identity.extensionId);
      const denied = permit("hangup", call, context.identity, params.extensionId);
      if (denied !== undefined) return denied;
      const offer = offerTo(call, params.extensionId ?? context.identity.extensionId ?? "");
      if (offer !== undefined) return refuseOffer(call, offer.agentId, context);
      return succeed(
        { callId: call.callId },
        calls.apply(call, decideHangup(call, side, calls.context(causeOf(context)))),
      );
    },
  };
}
