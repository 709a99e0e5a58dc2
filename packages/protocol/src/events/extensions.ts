import { z } from "zod";
import { commonFields, count, id, instant, name, number, seconds, text } from "../core/fields.ts";
import { defineEvent } from "../core/message.ts";
import { sample } from "../core/sample.ts";
import { sipTransports, unregisterReasons } from "../runtime/values.ts";

export const extensionRegistered = defineEvent({
  type: "EXTENSION_REGISTERED",
  source: "§3.2",
  when: "A device registered, or came back from another address. A mere refresh is no event.",
  data: z.object({
    extensionId: id,
    number,
    contactUri: z.string().max(2048),
    userAgent: text,
    ipAddress: z.string().max(64),
    transport: z.enum(sipTransports),
    expiresAt: instant,
    /** Names the registration among those of the extension. */
    bindingId: id.exactOptional(),
    ...commonFields,
  }),
  example: {
    extensionId: sample.extensionId,
    number: "200",
    contactUri: "sip:200@192.168.1.50:5060",
    userAgent: "Yealink SIP-T46S 66.85.0.50",
    ipAddress: "192.168.1.50",
    transport: "udp",
    expiresAt: "2025-11-12T09:45:00.000Z",
    bindingId: "0198c0de-0000-7000-8000-000000000007",
    causedBy: { via: "phone" },
  },
});

export const extensionUnregistered = defineEvent({
  type: "EXTENSION_UNREGISTERED",
  source: "§3.2",
  when: "A registration ended.",
  data: z.object({
    extensionId: id,
    number,
    reason: z.enum(unregisterReasons),
    bindingId: id.exactOptional(),
    contactUri: z.string().max(2048).exactOptional(),
    /** Devices of the extension that are still registered. */
    remainingRegistrations: count.exactOptional(),
    ...commonFields,
  }),
  example: {
    extensionId: sample.extensionId,
    number: "200",
    reason: "user_logout",
    bindingId: "0198c0de-0000-7000-8000-000000000007",
    contactUri: "sip:200@192.168.1.50:5060",
    remainingRegistrations: 0,
    causedBy: { via: "phone" },
  },
});

/** Settings whose changes are told; the names are those of REST ([R10]). */
export const extensionSettings = z.object({
  displayName: name.exactOptional(),
  department: name.nullable().exactOptional(),
  dndEnabled: z.boolean().exactOptional(),
  forwardUnconditionalEnabled: z.boolean().exactOptional(),
  forwardUnconditionalDestination: number.nullable().exactOptional(),
  forwardOnBusyEnabled: z.boolean().exactOptional(),
  forwardOnBusyDestination: number.nullable().exactOptional(),
  forwardOnNoAnswerEnabled: z.boolean().exactOptional(),
  forwardOnNoAnswerDestination: number.nullable().exactOptional(),
  forwardOnNoAnswerTimeout: seconds.exactOptional(),
  voicemailEnabled: z.boolean().exactOptional(),
  /** In which its mailbox speaks; null: the language of the system. */
  language: z.enum(["de", "en"]).nullable().exactOptional(),
  callRecordingPolicy: z.enum(["off", "on_demand", "always"]).exactOptional(),
  canRecordCalls: z.boolean().exactOptional(),
  maxConcurrentCalls: count.exactOptional(),
  /** What who is held by it hears ([C24]); null: the music of all. */
  holdMusicPromptId: id.nullable().exactOptional(),
  /** The extension was deleted. */
  deleted: z.boolean().exactOptional(),
});

export const extensionStatusChanged = defineEvent({
  type: "EXTENSION_STATUS_CHANGED",
  source: "§3.2, W31",
  when: "Settings of an extension changed; `changes` has the changed ones only.",
  data: z.object({ extensionId: id, number, changes: extensionSettings, ...commonFields }),
  example: {
    extensionId: sample.extensionId,
    number: "200",
    changes: { dndEnabled: true, forwardUnconditionalEnabled: false },
    causedBy: { via: "command", userId: sample.userId, commandId: "req-050" },
  },
});
