import * as agents from "./agents.ts";
import * as hold from "./call-hold.ts";
import * as life from "./call-life.ts";
import * as media from "./call-media.ts";
import * as parking from "./call-parking.ts";
import * as recording from "./call-recording.ts";
import * as transfer from "./call-transfer.ts";
import * as conferences from "./conferences.ts";
import * as connection from "./connection.ts";
import * as extensions from "./extensions.ts";
import * as presence from "./presence.ts";
import * as queues from "./queues.ts";
import * as system from "./system.ts";
import * as voicemail from "./voicemail.ts";

/** Every event of the wire by its type, in the order of the documents. */
export const events = {
  CALL_CREATED: life.callCreated,
  CALL_RINGING: life.callRinging,
  CALL_ANSWERED: life.callAnswered,
  CALL_HELD: hold.callHeld,
  CALL_UNHELD: hold.callUnheld,
  CALL_TRANSFERRED: transfer.callTransferred,
  CALL_TRANSFER_FAILED: transfer.callTransferFailed,
  CALL_PARKED: parking.callParked,
  CALL_UNPARKED: parking.callUnparked,
  CALL_ENDED: life.callEnded,
  CALL_DTMF: media.callDtmf,
  CALL_MUTED: media.callMuted,
  CALL_UNMUTED: media.callUnmuted,
  CALL_DATA_ATTACHED: media.callDataAttached,
  CALL_RECORDING_STARTED: recording.callRecordingStarted,
  CALL_RECORDING_PAUSED: recording.callRecordingPaused,
  CALL_RECORDING_RESUMED: recording.callRecordingResumed,
  CALL_RECORDING_STOPPED: recording.callRecordingStopped,
  CALL_RECORDING_FAILED: recording.callRecordingFailed,
  CALL_MONITOR_STARTED: media.callMonitorStarted,
  CALL_MONITOR_STOPPED: media.callMonitorStopped,
  EXTENSION_REGISTERED: extensions.extensionRegistered,
  EXTENSION_UNREGISTERED: extensions.extensionUnregistered,
  EXTENSION_STATUS_CHANGED: extensions.extensionStatusChanged,
  PRESENCE_UPDATED: presence.presenceUpdated,
  QUEUE_CALL_ENTERED: queues.queueCallEntered,
  QUEUE_CALL_ANSWERED: queues.queueCallAnswered,
  QUEUE_CALL_ABANDONED: queues.queueCallAbandoned,
  QUEUE_POSITION_CHANGED: queues.queuePositionChanged,
  QUEUE_AGENT_OFFERED: queues.queueAgentOffered,
  QUEUE_AGENT_NO_ANSWER: queues.queueAgentNoAnswer,
  QUEUE_CALLBACK_REQUESTED: queues.queueCallbackRequested,
  QUEUE_CALLBACK_FAILED: queues.queueCallbackFailed,
  QUEUE_STATS_UPDATED: queues.queueStatsUpdated,
  AGENT_STATE_CHANGED: agents.agentStateChanged,
  AGENT_LOGGED_IN: agents.agentLoggedIn,
  AGENT_LOGGED_OUT: agents.agentLoggedOut,
  VOICEMAIL_RECEIVED: voicemail.voicemailReceived,
  VOICEMAIL_READ: voicemail.voicemailRead,
  VOICEMAIL_DELETED: voicemail.voicemailDeleted,
  CONFERENCE_STARTED: conferences.conferenceStarted,
  CONFERENCE_PARTICIPANT_JOINED: conferences.conferenceParticipantJoined,
  CONFERENCE_PARTICIPANT_LEFT: conferences.conferenceParticipantLeft,
  CONFERENCE_PARTICIPANT_MUTED: conferences.conferenceParticipantMuted,
  CONFERENCE_PARTICIPANT_UNMUTED: conferences.conferenceParticipantUnmuted,
  CONFERENCE_PARTICIPANT_PROMOTED: conferences.conferenceParticipantPromoted,
  CONFERENCE_LOCKED: conferences.conferenceLocked,
  CONFERENCE_UNLOCKED: conferences.conferenceUnlocked,
  CONFERENCE_RECORDING_STARTED: conferences.conferenceRecordingStarted,
  CONFERENCE_RECORDING_STOPPED: conferences.conferenceRecordingStopped,
  CONFERENCE_RECORDING_FAILED: conferences.conferenceRecordingFailed,
  CONFERENCE_TALKING: conferences.conferenceTalking,
  CONFERENCE_ENDED: conferences.conferenceEnded,
  SYSTEM_ALERT: system.systemAlert,
  TRUNK_STATUS_CHANGED: system.trunkStatusChanged,
  CONNECTED: connection.connected,
  PONG: connection.pong,
  DISCONNECTED: connection.disconnected,
  AUTH_EXPIRING: connection.authExpiring,
} as const;
