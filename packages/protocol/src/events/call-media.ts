import { z } from "zod";
import { callData, callFields, extensionRef, id } from "../core/fields.ts";
import { defineEvent } from "../core/message.ts";
import { sample } from "../core/sample.ts";
import { dtmfDigits, monitorModes } from "../runtime/call-values.ts";

export const callDtmf = defineEvent({
  type: "CALL_DTMF",
  source: "§3.1, C50",
  when: "A party pressed a key; once per press, and not while a recording is paused.",
  data: z.object({ ...callFields, digit: z.enum(dtmfDigits), source: z.enum(["caller", "callee"]) }),
  example: {
    callId: sample.callId,
    digit: "5",
    source: "caller",
    state: "answered",
    version: 4,
    threadId: sample.callId,
    causedBy: { via: "phone" },
  },
});

export const callMuted = defineEvent({
  type: "CALL_MUTED",
  source: "W43, C62",
  when: "A party muted itself by command: the other side no longer hears it. What a phone does by itself is not known here.",
  data: z.object({ ...callFields, mutedBy: extensionRef }),
  example: {
    callId: sample.callId,
    mutedBy: sample.byAnna,
    state: "answered",
    version: 4,
    threadId: sample.callId,
    causedBy: { via: "command", userId: sample.userId, commandId: "req-050" },
  },
});

export const callUnmuted = defineEvent({
  type: "CALL_UNMUTED",
  source: "W43, C62",
  when: "The other side hears a muted party again.",
  data: z.object({ ...callFields, unmutedBy: extensionRef }),
  example: {
    callId: sample.callId,
    unmutedBy: sample.byAnna,
    state: "answered",
    version: 5,
    threadId: sample.callId,
    causedBy: { via: "command", userId: sample.userId, commandId: "req-051" },
  },
});

const monitoring = {
  monitorId: id,
  mode: z.enum(monitorModes),
  monitoredBy: extensionRef,
  monitored: extensionRef.exactOptional(),
};

export const callMonitorStarted = defineEvent({
  type: "CALL_MONITOR_STARTED",
  source: "W50",
  when: "A supervisor began to listen to a call, or changed how.",
  data: z.object({ ...callFields, ...monitoring }),
  example: {
    callId: sample.callId,
    monitorId: sample.monitorId,
    mode: "listen",
    monitoredBy: { number: "100", name: "Max Mustermann" },
    monitored: sample.byAnna,
    state: "answered",
    version: 5,
    threadId: sample.callId,
    causedBy: { via: "command", userId: sample.otherUserId, commandId: "req-060" },
  },
});

export const callMonitorStopped = defineEvent({
  type: "CALL_MONITOR_STOPPED",
  source: "W50",
  when: "A supervisor no longer listens to a call.",
  data: z.object({ ...callFields, monitorId: id, monitoredBy: extensionRef.exactOptional() }),
  example: {
    callId: sample.callId,
    monitorId: sample.monitorId,
    monitoredBy: { number: "100", name: "Max Mustermann" },
    state: "answered",
    version: 6,
    threadId: sample.callId,
    causedBy: { via: "command", userId: sample.otherUserId, commandId: "req-061" },
  },
});

export const callDataAttached = defineEvent({
  type: "CALL_DATA_ATTACHED",
  source: "C80",
  when: "An application attached something to a call, changed it or took it away.",
  data: z.object({ ...callFields, callData }),
  example: {
    callId: sample.callId,
    callData: { customerId: "K-4711", ticket: { id: 815, priority: "high" } },
    state: "answered",
    version: 4,
    threadId: sample.callId,
    causedBy: { via: "command", userId: sample.userId, commandId: "req-070" },
  },
});
