import type { Permission, Role } from "./permissions.ts";

const user = [
  "none",
  "calls.view.own",
  "calls.control.own",
  "extensions.view.own",
  "extensions.control.own",
  "presence.view",
  "presence.set.own",
  "voicemail.own",
  "conferences.view.own",
  "parking.view",
] as const satisfies readonly Permission[];

const agent = [
  ...user,
  "queues.view.own",
  "agents.view.own",
  "agents.control.own",
] as const satisfies readonly Permission[];

const supervisor = [
  ...agent,
  "calls.view.all",
  "calls.control.all",
  "calls.monitor",
  "extensions.view.all",
  "queues.view.all",
  "agents.view.all",
  "agents.control.all",
  "conferences.view.all",
  "conferences.control",
] as const satisfies readonly Permission[];

const admin = [
  ...supervisor,
  "calls.record",
  "calls.record.others",
  "extensions.control.all",
  "voicemail.all",
  "trunks.view",
  "system.view",
  "system.configure",
] as const satisfies readonly Permission[];

const display = ["none", "queues.view.all", "agents.view.all"] as const satisfies readonly Permission[];

/** What each role may without further grants ([W24]). Recording is granted per user, except for administrators ([W44]). */
export const permissionsByRole: Readonly<Record<Role, readonly Permission[]>> = {
  user,
  agent,
  supervisor,
  admin,
  display,
};

/** A right that includes others: seeing all calls includes all extensions (receptionists, [W24]). */
const implied: Readonly<Partial<Record<Permission, readonly Permission[]>>> = {
  "calls.view.all": ["calls.view.own", "extensions.view.all", "extensions.view.own"],
  "calls.control.all": ["calls.control.own"],
  "calls.record.others": ["calls.record"],
  "extensions.view.all": ["extensions.view.own"],
  "extensions.control.all": ["extensions.control.own"],
  "queues.view.all": ["queues.view.own"],
  "agents.view.all": ["agents.view.own"],
  "agents.control.all": ["agents.control.own"],
  "voicemail.all": ["voicemail.own"],
  "conferences.view.all": ["conferences.view.own"],
};

/**
 * The rights of a role plus those granted to the user, with all that they include ([W24]).
 * A display token gets nothing beyond its role, whatever is granted.
 */
export function rolePermissions(role: Role, extra: readonly Permission[] = []): ReadonlySet<Permission> {
  const granted = role === "display" ? [] : extra;
  const all = [...permissionsByRole[role], ...granted];
  return new Set(all.flatMap((permission) => [permission, ...(implied[permission] ?? [])]));
}
