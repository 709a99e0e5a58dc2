import { sipTransports } from "@pbx-x/protocol";
import { z } from "zod";
import { announcementLanguages } from "../announcements/announcement-texts.ts";
import { time } from "../rest/answers.ts";

/** A registered device ([R7]). */
export const registrationAnswer = z
  .object({
    bindingId: z.string(),
    contactUri: z.string(),
    userAgent: z.string(),
    ipAddress: z.string(),
    port: z.int(),
    transport: z.enum(sipTransports),
    expiresAt: time,
    canAnswerRemotely: z.boolean().describe("Whether the command `answer` can make the device pick up."),
  })
  .meta({ id: "Registration" });

export type Registration = z.infer<typeof registrationAnswer>;

/** An extension as REST shows it ([R10]): without secrets. */
export const extensionAnswer = z
  .object({
    id: z.string(),
    number: z.string(),
    displayName: z.string(),
    userId: z.string().exactOptional(),
    department: z.string().exactOptional(),
    dndEnabled: z.boolean(),
    forwardUnconditionalEnabled: z.boolean(),
    forwardUnconditionalDestination: z.string().exactOptional(),
    forwardOnBusyEnabled: z.boolean(),
    forwardOnBusyDestination: z.string().exactOptional(),
    forwardOnNoAnswerEnabled: z.boolean(),
    forwardOnNoAnswerDestination: z.string().exactOptional(),
    forwardOnNoAnswerTimeout: z.int().describe("Seconds."),
    maxConcurrentCalls: z.int(),
    voicemailEnabled: z.boolean(),
    voicemailEmailEnabled: z.boolean().describe("Whether its messages are mailed."),
    voicemailEmail: z.string().exactOptional().describe("Where to; else to its user."),
    language: z.enum(announcementLanguages).exactOptional().describe("Else the language of the system."),
    callRecordingPolicy: z.enum(["off", "on_demand", "always"]),
    canRecordCalls: z.boolean(),
    codecPreferences: z.array(z.string()).readonly(),
    holdMusicPromptId: z.string().exactOptional().describe("What who is held by it hears; else the music of all."),
    registrations: z.array(registrationAnswer).readonly(),
  })
  .meta({ id: "Extension" });

/** The same, with a generated SIP password, which is shown this once. */
export const createdExtensionAnswer = extensionAnswer
  .extend({ sipPassword: z.string().exactOptional() })
  .meta({ id: "CreatedExtension" });

/** What everybody may know of an extension ([R8]). */
export const directoryEntry = z
  .object({
    extensionId: z.string(),
    number: z.string(),
    displayName: z.string(),
    department: z.string().exactOptional(),
  })
  .meta({ id: "DirectoryEntry" });
