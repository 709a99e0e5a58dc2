import { z } from "zod";
import { announcementLanguages } from "../announcements/announcement-texts.ts";
import { queueStrategies } from "./acd-state.ts";
import { maximumMembers, overflowActions } from "./queue.ts";

const number = z.string().regex(/^[1-9]\d{1,9}$/, "2 to 10 digits, the first one not 0");
const skill = z.string().min(1).max(50);
const member = z.strictObject({
  extensionId: z.string().min(1).max(128),
  penalty: z.int().min(0).max(100).default(0).describe("Agents with a lower one are asked first."),
  skills: z.record(skill, z.int().min(1).max(10)).default({}).describe("Level per skill."),
});

const fields = {
  name: z.string().min(1).max(100),
  extensionNumber: number,
  strategy: z.enum(queueStrategies),
  weight: z.int().min(0).max(1000).describe("Calls of a heavier queue get the agents first that several share."),
  priority: z.int().min(0).max(1000).describe("Of its calls; higher ones go first."),
  requiredSkills: z
    .array(z.strictObject({ skill, minimum: z.int().min(1).max(10) }))
    .max(10)
    .readonly(),
  serviceLevelThresholdSeconds: z.int().min(1).max(3600),
  serviceLevelGoalPercent: z.int().min(0).max(100),
  maxWaitTimeSeconds: z.int().min(0).max(86_400).describe("0: without limit."),
  maxQueueSize: z.int().min(0).max(10_000),
  wrapUpTimeSeconds: z.int().min(0).max(3600),
  ringTimeoutSeconds: z.int().min(1).max(300),
  waitsWithoutAgents: z.boolean().describe("Calls wait although nobody is there."),
  overflowAction: z.enum(overflowActions),
  language: z.enum(announcementLanguages),
  greetingEnabled: z.boolean(),
  announcementIntervalSeconds: z.int().min(0).max(3600).describe("How often the place is said; 0: never."),
  callbackEnabled: z.boolean().describe("Who waits may ask to be called back by key 1, and keeps the place."),
  callbackAttempts: z.int().min(1).max(20).describe("How often a caller is tried whom an agent does not reach."),
  callbackRetrySeconds: z.int().min(1).max(86_400).describe("Between two attempts."),
  callbackExpirySeconds: z
    .int()
    .min(60)
    .max(604_800)
    .describe("How long a caller who is to be called back keeps the place."),
} as const;

const destination = z
  .string()
  .regex(/^[+]?[0-9*#]{1,64}$/, "digits, * and #, with + in front where it is in E.164")
  .describe("The number that is dialled then.");

/** A queue as REST shows it ([R10]). */
export const queueAnswer = z
  .object({
    id: z.string(),
    ...fields,
    overflowDestination: destination.exactOptional(),
    members: z.array(member).readonly(),
  })
  .meta({ id: "Queue" });

const optional = z.strictObject(fields).partial().extend({ overflowDestination: destination.nullable().optional() });

/** `null` takes the destination away. */
export const queueChanges = optional;
export const queueCreation = optional.extend({ name: fields.name, extensionNumber: number });

export const memberAnswer = member
  .extend({
    number: z.string(),
    name: z.string(),
    isLoggedIn: z.boolean(),
    status: z.enum(["available", "busy", "wrap_up", "break", "offline"]),
  })
  .meta({ id: "QueueMember" });
export const memberList = z.strictObject({ members: z.array(member).max(maximumMembers) });

const figures = z.object({
  entered: z.int(),
  answered: z.int(),
  answeredInTime: z.int().describe("Within `serviceLevelThresholdSeconds`."),
  abandoned: z.object({ caller_hangup: z.int(), timeout: z.int(), queue_full: z.int(), no_agents: z.int() }),
  avgWaitTimeSeconds: z.number(),
  longestWaitSeconds: z.number(),
  avgTalkTimeSeconds: z.number(),
  serviceLevelPercent: z.number().exactOptional(),
});

export const statsAnswer = z
  .object({
    queueId: z.string(),
    queueName: z.string(),
    now: z.object({
      waitingCalls: z.int(),
      waitingCallbacks: z.int().describe("How many of them are called back."),
      activeCalls: z.int(),
      availableAgents: z.int(),
      busyAgents: z.int(),
      wrapUpAgents: z.int(),
      breakAgents: z.int(),
      longestWaitSeconds: z.number(),
    }),
    total: figures.describe("Of the whole time that was asked for."),
    intervals: z.array(figures.extend({ from: z.iso.datetime(), to: z.iso.datetime() })).readonly(),
  })
  .meta({ id: "QueueStats" });
