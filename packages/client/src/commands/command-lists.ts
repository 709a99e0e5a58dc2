import { type CallAction, callActions, type CommandName } from "@pbx-x/protocol/runtime";

/** A repeat has no further effect, so it is sent again after a lost session ([K4]). */
export const repeatableCommands: ReadonlySet<CommandName> = new Set<CommandName>([
  "agentLogin",
  "agentSetStatus",
  "agentSetWrapUp",
  "attachData",
  "mute",
  "unmute",
  "monitorStop",
  "conferenceMute",
  "conferencePromote",
  "conferenceUnmute",
  "conferenceLock",
  "conferenceUnlock",
  "setDnd",
  "setForwarding",
  "setPresence",
  "subscribePresence",
  "unsubscribePresence",
  "recordPause",
  "recordResume",
  "subscribe",
  "unsubscribe",
  "listChannels",
  "refreshToken",
  "ping",
  "voicemailMarkRead",
]);

/** May wait for a connection when the caller asks for it, and the field that says what it is about ([K3]). */
export const patientCommands: Readonly<Partial<Record<CommandName, string>>> = {
  setPresence: "extensionId",
  agentSetStatus: "agentId",
  setDnd: "extensionId",
  setForwarding: "extensionId",
  voicemailMarkRead: "messageId",
};

/** All actions on a call but the one that is a conference's, and the command that begins one. */
type CallMethod = Exclude<CallAction, "conferenceMerge"> | "originate";
const call = ["originate", ...callActions].filter((name): name is CallMethod => name !== "conferenceMerge");

/** Methods of the client, per group. */
export const commandGroups = {
  call,
  agent: ["login", "logout", "setStatus", "setWrapUp"],
  presence: ["set", "subscribe", "unsubscribe"],
  voicemail: ["markRead", "delete"],
  conference: ["mute", "unmute", "kick", "promote", "lock", "unlock", "end", "merge", "recordStart", "recordStop"],
  extension: ["setDnd", "setForwarding"],
} as const;

export type CommandGroups = typeof commandGroups;

/** The command of a method: `agent.login` is `agentLogin`, `presence.set` is `setPresence`; others have its very name. */
export type CommandOf<Group extends keyof CommandGroups, Method extends string> = Group extends "call" | "extension"
  ? Method
  : Group extends "presence"
    ? `${Method}Presence`
    : `${Group}${Capitalize<Method>}`;

export function commandOf(group: string, method: string): string {
  if (group === "call" || group === "extension") return method;
  if (group === "presence") return `${method}Presence`;
  return group + method.charAt(0).toUpperCase() + method.slice(1);
}
