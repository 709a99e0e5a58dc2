/** Roles of the built-in users ([W24]). `display` is a wallboard's token: queues and agents only, no numbers, no commands. */
export const roles = ["user", "agent", "supervisor", "admin", "display"] as const;
export type Role = (typeof roles)[number];

/**
 * Rights. A message names the one it needs; `none` is open to every session.
 * `own` in a name means: only where the session's own extension, mailbox or queue is concerned; the `.all` right opens the rest.
 */
export const permissions = [
  "none",
  "calls.view.own",
  "calls.view.all",
  "calls.control.own",
  "calls.control.all",
  "calls.record",
  "calls.record.others",
  "calls.outside.international",
  "calls.outside.premium",
  "extensions.view.own",
  "extensions.view.all",
  "extensions.control.own",
  "extensions.control.all",
  "presence.view",
  "presence.set.own",
  "queues.view.own",
  "queues.view.all",
  "agents.view.own",
  "agents.view.all",
  "agents.control.own",
  "agents.control.all",
  "voicemail.own",
  "voicemail.all",
  "conferences.view.own",
  "conferences.view.all",
  "conferences.control",
  "parking.view",
  "calls.monitor",
  "trunks.view",
  "system.view",
  "system.configure",
] as const;
export type Permission = (typeof permissions)[number];
