import type { ParamsOf } from "@pbx-x/protocol";
import { causeOf, type Refusal, refuse, succeed } from "../calls/command-tools.ts";
import type { CommandContext, CommandHandlers } from "../realtime/command-handler.ts";
import type { Extension } from "./extension.ts";
import type { ExtensionSettings, SettingOutcome } from "./extension-settings.ts";

export interface ExtensionCommandOptions {
  readonly settings: ExtensionSettings;
}

type ExtensionCommands = Required<Pick<CommandHandlers, "setDnd" | "setForwarding">>;

/** What users change of their own extension, and who may of all ([W43], [E3]). */
export function createExtensionCommands({ settings }: ExtensionCommandOptions): ExtensionCommands {
  return {
    setDnd: async (params, context) => {
      const target = extensionOf(params, context);
      if (!target.ok) return target;
      const changed = await settings.change(target.id, { dndEnabled: params.enabled }, causeOf(context));
      if (!changed.ok) return refusalOf(changed);
      const { id, dndEnabled } = changed.extension;
      return succeed({ extensionId: id, dndEnabled }, changed.seq);
    },

    setForwarding: async (params, context) => {
      const target = extensionOf(params, context);
      if (!target.ok) return target;
      const { extensionId: _, ...wanted } = params;
      // A null takes the destination away.
      const changes = Object.fromEntries(Object.entries(wanted).map(([name, value]) => [name, value ?? undefined]));
      const changed = await settings.change(target.id, changes, causeOf(context));
      return changed.ok ? succeed(forwardingOf(changed.extension), changed.seq) : refusalOf(changed);
    },
  };
}

function extensionOf(
  { extensionId }: Pick<ParamsOf<"setDnd">, "extensionId">,
  { identity }: CommandContext,
): { readonly ok: true; readonly id: string } | Refusal {
  const id = extensionId ?? identity.extensionId;
  if (id === undefined) {
    return refuse("INVALID_PARAMS", "You have no extension of your own: name one by `extensionId`.", {
      errors: [{ field: "params.extensionId", message: "is needed" }],
    });
  }
  if (id !== identity.extensionId && !identity.permissions.has("extensions.control.all")) {
    return refuse("UNAUTHORIZED", "You may change your own extension only.");
  }
  return { ok: true, id };
}

function refusalOf(outcome: Extract<SettingOutcome, { ok: false }>): Refusal {
  if (outcome.error === "unknown_extension") return refuse("EXTENSION_NOT_FOUND", "There is no such extension.");
  const errors = outcome.faults.map(({ field, message }) => ({ field: `params.${field}`, message }));
  const [first] = outcome.faults;
  const text = `${first?.field ?? ""} ${first?.message ?? ""}.`;
  if (first?.reason === "not_reachable") {
    return refuse("NUMBER_NOT_REACHABLE", text, { reason: "no_such_number", errors });
  }
  return refuse("INVALID_PARAMS", text, { ...(first !== undefined && { reason: first.reason }), errors });
}

function forwardingOf(extension: Extension) {
  return {
    extensionId: extension.id,
    forwardUnconditionalEnabled: extension.forwardUnconditionalEnabled,
    forwardUnconditionalDestination: extension.forwardUnconditionalDestination ?? null,
    forwardOnBusyEnabled: extension.forwardOnBusyEnabled,
    forwardOnBusyDestination: extension.forwardOnBusyDestination ?? null,
    forwardOnNoAnswerEnabled: extension.forwardOnNoAnswerEnabled,
    forwardOnNoAnswerDestination: extension.forwardOnNoAnswerDestination ?? null,
    forwardOnNoAnswerTimeout: extension.forwardOnNoAnswerTimeout,
  };
}
