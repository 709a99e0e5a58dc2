import { z } from "zod";
import { destinationClasses } from "./destination-class.ts";
import { maximumPatternLength, parsePattern } from "./number-pattern.ts";
import { callerIdModes } from "./outbound-rule.ts";
import { guardRoles } from "./outside-guard.ts";
import { isTimeZone, weekdays } from "./time-profile.ts";

const id = z.string().min(1).max(128);
const name = z.string().min(1).max(100);
const number = z
  .string()
  .max(64)
  .regex(/^[+]?[0-9*#]+$/, "digits, * and #, with + in front where it is in E.164");
const pattern = z
  .string()
  .max(maximumPatternLength)
  .superRefine((text, context) => {
    const parsed = parsePattern(text);
    if (!parsed.ok) context.addIssue({ code: "custom", message: parsed.message });
  })
  .describe("Digits, + * #, X = 0-9, Z = 1-9, N = 2-9, [1-5] = one of these, . at the end = one or more of anything.");
const priority = z.int().min(0).max(10_000).describe("The lowest is tried first.");
const optionalId = id.nullable().optional();

const callerId = z
  .strictObject({ mode: z.enum(callerIdModes), number: number.exactOptional() })
  .refine(({ mode, number: given }) => mode !== "fixed" || given !== undefined, {
    path: ["number"],
    message: "is needed where the mode is fixed",
  })
  .describe(
    "Whom the called party sees. `number`: the fixed one, or the head of the number block before the extension.",
  );

/** `null` takes a value away. */
export const outboundChanges = z.strictObject({
  name: name.optional(),
  isEnabled: z.boolean().optional(),
  priority: priority.optional(),
  pattern: pattern.optional(),
  strip: z.int().min(0).max(20).optional(),
  prepend: z
    .string()
    .max(20)
    .regex(/^[+]?[0-9*#]*$/, "digits, * and #, with + in front")
    .optional(),
  trunkIds: z.array(id).min(1).max(10).optional(),
  timeProfileId: optionalId,
  callerId: callerId.optional(),
});
export const outboundCreation = outboundChanges.extend({ name, pattern, trunkIds: z.array(id).min(1).max(10) });

const destination = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("extension"), extensionId: id }),
    z.strictObject({ kind: z.literal("queue"), queueId: id }),
    z.strictObject({ kind: z.literal("conference"), conferenceId: id }),
    z.strictObject({ kind: z.literal("mailbox"), extensionId: id }),
    z.strictObject({ kind: z.literal("internal"), number }),
    z.strictObject({ kind: z.literal("direct_dial"), digits: z.int().min(1).max(10) }),
    z.strictObject({ kind: z.literal("outside"), number }),
  ])
  .describe(
    "`internal`: whatever this number leads to; `direct_dial`: the last digits of the called number are dialled.",
  );

export const inboundChanges = z.strictObject({
  name: name.optional(),
  isEnabled: z.boolean().optional(),
  priority: priority.optional(),
  trunkId: optionalId,
  didPattern: pattern.optional(),
  timeProfileId: optionalId,
  destination: destination.optional(),
  fallbackDestination: destination.nullable().optional(),
});
export const inboundCreation = inboundChanges.extend({ name, didPattern: pattern, destination });

const time = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$/, "a time such as 08:30, up to 24:00");
const range = z.strictObject({
  days: z.array(z.enum(weekdays)).min(1).max(7),
  from: time,
  to: time.describe("Not included; over midnight where it is not later than `from`."),
});
const holiday = z.strictObject({
  date: z
    .string()
    .regex(/^(?:\d{4}-)?(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/, "2026-12-24, or 12-25 for every year")
    .describe("2026-12-24, or 12-25 for every year."),
  name: name.exactOptional(),
});
export const timeProfileChanges = z.strictObject({
  name: name.optional(),
  timeZone: z.string().max(64).refine(isTimeZone, "is no IANA time zone such as Europe/Berlin").optional(),
  ranges: z.array(range).max(50).optional(),
  holidays: z.array(holiday).max(200).optional(),
});
export const timeProfileCreation = timeProfileChanges.extend({
  name,
  timeZone: timeProfileChanges.shape.timeZone.unwrap(),
  ranges: z.array(range).min(1).max(50),
});

const destinationClass = z.enum(destinationClasses);
const classes = z.array(destinationClass.exclude(["emergency"])).max(destinationClasses.length);
const classPrefix = z.strictObject({
  prefix: z
    .string()
    .max(20)
    .regex(/^[+]?[0-9*#]+$/, "digits, with + in front of a country code"),
  class: destinationClass.exclude(["emergency"]),
});
const byRole = z.strictObject({ user: classes, agent: classes, supervisor: classes, admin: classes, none: classes });
export const guardChanges = z.strictObject({
  classesByRole: byRole
    .partial()
    .optional()
    .describe(`Which classes each of ${guardRoles.join(", ")} may call.`),
  maxCallsAtOnce: z.int().min(0).max(1000).optional(),
  maxCallsPerHour: z.int().min(0).max(10_000).optional(),
  emergencyNumbers: z
    .array(z.string().regex(/^\d{2,8}$/, "2 to 8 digits"))
    .min(1)
    .max(20)
    .optional(),
  prefixes: z.array(classPrefix).max(500).optional(),
});

const told = z.array(destinationClass).readonly();
export const guardsAnswer = z
  .object({
    classesByRole: z.object({ user: told, agent: told, supervisor: told, admin: told, none: told }),
    maxCallsAtOnce: z.int().describe("Outside calls of one user at the same time."),
    maxCallsPerHour: z.int().describe("Outside calls that one user may begin within any hour."),
    emergencyNumbers: z.array(z.string()).readonly(),
    prefixes: z
      .array(z.object({ prefix: z.string(), class: destinationClass }))
      .readonly()
      .describe("Own prefixes; they count before the built-in ones."),
  })
  .meta({ id: "OutsideGuards" });

export const outboundRuleAnswer = z
  .object({
    id,
    name,
    isEnabled: z.boolean(),
    priority,
    pattern: z.string(),
    strip: z.int(),
    prepend: z.string(),
    trunkIds: z.array(id).readonly(),
    timeProfileId: id.exactOptional(),
    callerId: z.object({ mode: z.enum(callerIdModes), number: z.string().exactOptional() }),
  })
  .meta({ id: "OutboundRule" });

export const inboundRuleAnswer = z
  .object({
    id,
    name,
    isEnabled: z.boolean(),
    priority,
    trunkId: id.exactOptional(),
    didPattern: z.string(),
    timeProfileId: id.exactOptional(),
    destination,
    fallbackDestination: destination.exactOptional(),
  })
  .meta({ id: "InboundRule" });

export const timeProfileAnswer = z
  .object({
    id,
    name,
    timeZone: z.string(),
    ranges: z.array(range).readonly(),
    holidays: z.array(holiday).readonly(),
  })
  .meta({ id: "TimeProfile" });
