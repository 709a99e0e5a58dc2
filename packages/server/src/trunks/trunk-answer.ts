import { trunkReasons, trunkStatuses } from "@pbx-x/protocol";
import { trunkTransports, trunkTypes } from "@pbx-x/telephony";
import { z } from "zod";
import { time } from "../rest/answers.ts";
import { numberFormats } from "../routing/numbering-plan.ts";

/** A trunk as REST shows it ([R10]): without the password. */
export const trunkAnswer = z
  .object({
    id: z.string(),
    name: z.string(),
    isEnabled: z.boolean(),
    trunkType: z.enum(trunkTypes),
    host: z.string(),
    port: z.int().exactOptional(),
    transport: z.enum(trunkTransports),
    username: z.string().exactOptional(),
    hasPassword: z.boolean(),
    allowedIps: z.array(z.string()).readonly(),
    maxConcurrentCalls: z.int().exactOptional(),
    mainNumber: z.string().exactOptional(),
    numberFormat: z.enum(numberFormats).exactOptional(),
    fromUser: z.string().exactOptional(),
    fromDomain: z.string().exactOptional(),
    outboundProxy: z.string().exactOptional(),
    codecPreferences: z.array(z.string()).readonly(),
    registrationExpirySeconds: z.int(),
    optionsEnabled: z.boolean(),
    tlsVerify: z.boolean(),
    status: z.enum(trunkStatuses).describe("`inactive` without a reason: nothing is known yet."),
    statusReason: z.enum(trunkReasons).exactOptional(),
    errorMessage: z.string().exactOptional(),
    statusSince: time,
    activeCalls: z.int().describe("Calls in both directions now."),
  })
  .meta({ id: "Trunk" });

/** What was found when a trunk was tried out ([R7]). */
export const trunkTestAnswer = z
  .object({
    ok: z.boolean(),
    steps: z
      .array(
        z.object({
          step: z.enum(["resolve", "options", "register"]),
          ok: z.boolean(),
          detail: z.string(),
          durationMs: z.int(),
        }),
      )
      .readonly()
      .describe("In order; what comes after a failed step is not tried."),
  })
  .meta({ id: "TrunkTest" });

export type TrunkAnswer = z.infer<typeof trunkAnswer>;
