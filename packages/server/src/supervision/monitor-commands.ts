import type { Binding, Scheduler } from "@pbx-x/telephony";
import type { Call } from "../calls/call.ts";
import type { CallService } from "../calls/call-service.ts";
import { sideOf } from "../calls/command-decisions.ts";
import { causeOf, findCall, type Refusal, refuse, succeed } from "../calls/command-tools.ts";
import { invalidState } from "../calls/find-party.ts";
import { partyOf } from "../calls/parties.ts";
import { permit } from "../calls/permit.ts";
import type { Extension, ExtensionDirectory } from "../extensions/extension.ts";
import type { CommandContext, CommandHandlers } from "../realtime/command-handler.ts";
import type { AuditLog } from "../storage/audit-log.ts";
import { agentOf } from "./monitor-decisions.ts";
import type { MonitorFailure, MonitorService } from "./monitor-service.ts";

export interface MonitorCommandOptions {
  readonly calls: CallService;
  readonly monitors: MonitorService;
  readonly extensions: Pick<ExtensionDirectory, "byId">;
  readonly bindingsOf: (extensionId: string) => readonly Binding[];
  readonly audit: Pick<AuditLog, "write">;
  /** How long `monitor` waits for the phone to answer by itself; after that it just rings on. */
  readonly waitMs?: number;
  readonly scheduler: Pick<Scheduler, "after">;
}

export type MonitorCommands = Required<Pick<CommandHandlers, "monitor" | "monitorStop">>;

/** Listening in by command ([W50], [C70]); each use is in the audit log. */
export function createMonitorCommands(options: MonitorCommandOptions): MonitorCommands {
  const { calls, monitors, bindingsOf, audit, waitMs = 5000, scheduler } = options;
  const note = ({ identity }: CommandContext, action: string, monitorId: string, details: object): void =>
    audit.write(identity.userId, `monitor.${action}`, monitorId, { ...details });

  return {
    monitor: async ({ callId, mode, extensionId }, context) => {
      const { identity } = context;
      const found = findCall(calls, callId);
      if (!found.ok) return found;
      const { call } = found;
      const against = permit("monitor", call, identity) ?? whatStandsAgainst(call, context, extensionId);
      if (against !== undefined) return against;
      if (!monitors.isOffered) return refuse("ENGINE_UNAVAILABLE", "This server cannot listen in.", notOffered);
      const own = monitors.ofUser(identity.userId);
      if (own !== undefined && own.callId !== call.callId) {
        const message = "You listen to another call: end that first, by `monitorStop`.";
        return refuse("INVALID_STATE", message, { reason: "monitoring_other", callId: own.callId });
      }
      const kept = sideOf(call, own?.monitoredId) === undefined ? undefined : own?.monitoredId;
      const monitoredId = extensionId ?? kept ?? agentOf(call);
      if (mode === "whisper" && monitoredId === undefined) {
        return invalidState(
          call,
          "No party of this call is an extension: nobody to whisper to.",
          "nobody_to_whisper_to",
        );
      }
      const wish = { mode, monitoredId, cause: causeOf(context) };
      const details = { callId: call.callId, mode, monitoredId };
      if (own !== undefined) {
        const seq = monitors.change(own.monitorId, wish);
        note(context, "change", own.monitorId, details);
        return succeed({ callId: call.callId, monitorId: own.monitorId, mode }, seq);
      }
      const phone = findPhone(options, identity.extensionId);
      if (!phone.ok) return phone;
      const bindings = bindingsOf(phone.extension.id);
      if (bindings.length === 0) {
        return refuse("EXTENSION_OFFLINE", `No phone is registered for ${phone.extension.number}.`);
      }
      const by = partyOf(phone.extension);
      const { monitorId, result } = monitors.start(call, { ...wish, userId: identity.userId, by, bindings });
      note(context, "start", monitorId, details);
      let cancel = (): void => undefined;
      const late = new Promise<undefined>((resolve) => (cancel = scheduler.after(waitMs, () => resolve(undefined))));
      const outcome = await Promise.race([result, late]);
      cancel();
      if (outcome?.ok === false) return failureOf(call, outcome.reason);
      return succeed({ callId: call.callId, monitorId, mode }, outcome?.seq);
    },

    monitorStop: async ({ callId, monitorId }, context) => {
      const { identity } = context;
      const found = findCall(calls, callId);
      if (!found.ok) return found;
      const { call } = found;
      if (!identity.permissions.has("calls.monitor")) {
        return permit("monitor", call, identity) ?? refuse("UNAUTHORIZED", "You have not the right to do that.");
      }
      const all = monitors.ofCall(call.callId, monitorId);
      const wanted = monitorId === undefined ? all.filter(({ userId }) => userId === identity.userId) : all;
      const [one] = wanted;
      if (one === undefined) return invalidState(call, "You do not listen to this call.", "not_monitoring");
      const seq = monitors.stop(one.monitorId, causeOf(context));
      note(context, "stop", one.monitorId, { callId: call.callId, userId: one.userId });
      return succeed({ callId: call.callId }, seq);
    },
  };
}

const notOffered = { reason: "not_offered" } as const;

function whatStandsAgainst(call: Call, { identity }: CommandContext, named: string | undefined): Refusal | undefined {
  if (sideOf(call, identity.extensionId) !== undefined) return invalidState(call, "This is your own call.", "own_call");
  if (named === undefined || sideOf(call, named) !== undefined) return undefined;
  return refuse("INVALID_PARAMS", "`extensionId` names whom to listen to: a party of the call.", {
    errors: [{ field: "params.extensionId", message: "not a party" }],
  });
}

function findPhone(
  { extensions }: MonitorCommandOptions,
  extensionId: string | undefined,
): { readonly ok: true; readonly extension: Extension } | Refusal {
  const extension = extensionId === undefined ? undefined : extensions.byId(extensionId);
  if (extension !== undefined) return { ok: true, extension };
  return refuse("EXTENSION_OFFLINE", "You have no extension, and so no phone to listen with.", {
    reason: "no_extension",
  });
}

function failureOf(call: Call, reason: MonitorFailure): Refusal {
  switch (reason) {
    case "not_answered":
      return invalidState(call, "Your phone did not take the call.", reason);
    case "codec":
      return invalidState(call, "A party speaks in a codec that cannot be mixed (Opus).", reason);
    case "bridge_full":
      return invalidState(call, "Too many take part in this call.", reason);
    case "call_ended":
      return refuse("INVALID_STATE", "This call is over.", { state: "ended", reason });
    case "stopped":
      return invalidState(call, "It was ended at once.", reason);
    case "engine_unavailable":
      return refuse("ENGINE_UNAVAILABLE", "The engine did not do it.", { reason });
  }
}
