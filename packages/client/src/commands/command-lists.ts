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

/** Method of the client → command, per group. */
export const commandGroups = {
  call: Object.fromEntries(call.map((name) => [name, name])) as { readonly [Name in CallMethod]: Name },
  agent: { login: "agentLogin", logout: "agentLogout", setStatus: "agentSetStatus", setWrapUp: "agentSetWrapUp" },
  presence: { set: "setPresence", subscribe: "subscribePresence", unsubscribe: "unsubscribePresence" },
  voicemail: { markRead: "voicemailMarkRead", delete: "voicemailDelete" },
  conference: {
    mute: "conferenceMute",
    unmute: "conferenceUnmute",
    kick: "conferenceKick",
    promote: "conferencePromote",
    lock: "conferenceLock",
    unlock: "conferenceUnlock",
    end: "conferenceEnd",
    merge: "conferenceMerge",
    recordStart: "conferenceRecordStart",
    recordStop: "conferenceRecordStop",
  },
  extension: { setDnd: "setDnd", setForwarding: "setForwarding" },
} as const satisfies Readonly<Record<string, Readonly<Record<string, CommandName>>>>;

export type CommandGroups = typeof commandGroups;
