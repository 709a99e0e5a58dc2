import type { AuditLog } from "../storage/audit-log.ts";
import type { Extension } from "./extension.ts";
import type { Cause } from "../calls/decision.ts";
import type { ChangedExtension, ExtensionService } from "./extension-service.ts";
import {
  checkForwarding,
  type ForwardingTables,
  normaliseDestinations,
  type SettingChanges,
  type SettingFault,
} from "./forwarding-check.ts";

export type SettingOutcome =
  | ({ readonly ok: true } & ChangedExtension)
  | { readonly ok: false; readonly error: "unknown_extension" }
  | { readonly ok: false; readonly error: "faults"; readonly faults: readonly SettingFault[] };

export interface ExtensionSettingsOptions extends ForwardingTables {
  readonly extensions: Pick<ExtensionService, "byId" | "update">;
  readonly audit: Pick<AuditLog, "write">;
}

/** The one way to change an extension, for commands, REST and the codes that phones dial ([E3]). */
export interface ExtensionSettings {
  change(id: string, changes: SettingChanges, cause: Cause, sipPassword?: string): Promise<SettingOutcome>;
  /** What stands against a record that is not there yet. */
  check(extension: Extension): readonly SettingFault[];
}

export function createExtensionSettings({ extensions, audit, route }: ExtensionSettingsOptions): ExtensionSettings {
  return {
    check: (extension) => checkForwarding(extension, extension, { route }),
    change: async (id, wanted, cause, sipPassword) => {
      const extension = extensions.byId(id);
      if (extension === undefined) return { ok: false, error: "unknown_extension" };
      const changes = normaliseDestinations(wanted);
      const faults = checkForwarding(extension, changes, { route });
      if (faults.length > 0) return { ok: false, error: "faults", faults };
      const changed = await extensions.update(id, changes, cause, sipPassword);
      if (changed === undefined) return { ok: false, error: "unknown_extension" };
      const names = [...Object.keys(wanted), ...(sipPassword === undefined ? [] : ["sipPassword"])];
      audit.write(cause.userId, "extension.update", extension.number, { changed: names, via: cause.via });
      return { ok: true, ...changed };
    },
  };
}
