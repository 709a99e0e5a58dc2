import * as agents from "./agents.ts";
import * as control from "./call-control.ts";
import * as transfer from "./call-transfer.ts";
import * as conferences from "./conferences.ts";
import * as extensions from "./extensions.ts";
import * as presence from "./presence.ts";
import * as recording from "./recording.ts";
import * as session from "./session.ts";
import * as voicemail from "./voicemail.ts";

/** Every command of the wire by its name, in the order of the documents. */
export const commands = {
  originate: control.originate,
  answer: control.answer,
  reject: control.reject,
  hold: control.hold,
  unhold: control.unhold,
  mute: control.mute,
  unmute: control.unmute,
  sendDtmf: control.sendDtmf,
  redirect: control.redirect,
  attachData: control.attachData,
  hangup: control.hangup,
  transferBlind: transfer.transferBlind,
  transferAttended: transfer.transferAttended,
  consult: transfer.consult,
  cancelTransfer: transfer.cancelTransfer,
  swap: transfer.swap,
  park: transfer.park,
  pickup: transfer.pickup,
  recordStart: recording.recordStart,
  recordStop: recording.recordStop,
  recordPause: recording.recordPause,
  recordResume: recording.recordResume,
  monitor: control.monitor,
  monitorStop: control.monitorStop,
  agentLogin: agents.agentLogin,
  agentLogout: agents.agentLogout,
  agentSetStatus: agents.agentSetStatus,
  agentSetWrapUp: agents.agentSetWrapUp,
  setPresence: presence.setPresence,
  subscribePresence: presence.subscribePresence,
  unsubscribePresence: presence.unsubscribePresence,
  setDnd: extensions.setDnd,
  setForwarding: extensions.setForwarding,
  voicemailMarkRead: voicemail.voicemailMarkRead,
  voicemailDelete: voicemail.voicemailDelete,
  conferenceMute: conferences.conferenceMute,
  conferenceUnmute: conferences.conferenceUnmute,
  conferenceKick: conferences.conferenceKick,
  conferencePromote: conferences.conferencePromote,
  conferenceLock: conferences.conferenceLock,
  conferenceUnlock: conferences.conferenceUnlock,
  conferenceEnd: conferences.conferenceEnd,
  conferenceMerge: conferences.conferenceMerge,
  conferenceRecordStart: conferences.conferenceRecordStart,
  conferenceRecordStop: conferences.conferenceRecordStop,
  subscribe: session.subscribe,
  unsubscribe: session.unsubscribe,
  listChannels: session.listChannels,
  refreshToken: session.refreshToken,
  ping: session.ping,
} as const;
