import { trunkTransports, trunkTypes } from "@pbx-x/telephony";
import { z } from "zod";
import { numberFormats } from "../routing/numbering-plan.ts";
import type { Trunk } from "./trunk.ts";
import { isHost, isNetwork, parsePlace } from "./trunk-place.ts";

const codecNames = ["PCMA", "PCMU", "G722"] as const;
/** What may stand in a SIP address without being escaped, short enough for every far side. */
const user = z.string().regex(/^[\w.+*#!~()-]{1,64}$/, "letters, digits and . + - _ * #, at most 64");
const host = z.string().max(253).refine(isHost, "a name or an address, without port");
const number = z.string().regex(/^\+?[0-9]{2,20}$/, "digits, with + in front or without");

/** `null` takes a value away. */
export const trunkChanges = z.strictObject({
  name: z.string().trim().min(1).max(100).optional(),
  isEnabled: z.boolean().optional(),
  trunkType: z.enum(trunkTypes).optional(),
  host: host.optional(),
  port: z.int().min(1).max(65_535).nullable().optional(),
  transport: z.enum(trunkTransports).optional(),
  username: user.nullable().optional(),
  /** Write-only. */
  password: z.string().min(1).max(256).nullable().optional(),
  allowedIps: z
    .array(z.string().max(64).refine(isNetwork, "an address, or a network as in 192.0.2.0/24"))
    .max(64)
    .optional(),
  maxConcurrentCalls: z.int().min(1).max(10_000).nullable().optional(),
  mainNumber: number.nullable().optional(),
  numberFormat: z.enum(numberFormats).nullable().optional(),
  fromUser: user.nullable().optional(),
  fromDomain: host.nullable().optional(),
  outboundProxy: z
    .string()
    .max(260)
    .refine((text) => parsePlace(text) !== undefined, "host, or host:port")
    .nullable()
    .optional(),
  codecPreferences: z.array(z.enum(codecNames)).max(codecNames.length).optional(),
  registrationExpirySeconds: z.int().min(60).max(86_400).optional(),
  optionsEnabled: z.boolean().optional(),
  tlsVerify: z.boolean().optional(),
});

export const trunkCreation = trunkChanges.extend({
  name: z.string().trim().min(1).max(100),
  trunkType: z.enum(trunkTypes),
  host,
});

export interface TrunkFault {
  readonly field: string;
  readonly message: string;
}

/** What no field says alone: what fits together. */
export function checkTrunk(trunk: Trunk, hasPassword: boolean): readonly TrunkFault[] {
  const faults: TrunkFault[] = [];
  const { trunkType, username, isEnabled } = trunk;
  if (trunkType === "register" && username === undefined) {
    faults.push({ field: "username", message: "a trunk that registers needs the user name of its account" });
  }
  if (trunkType === "register" && isEnabled && !hasPassword) {
    faults.push({ field: "password", message: "a trunk that registers needs a password before it can be enabled" });
  }
  if (username === undefined && hasPassword) {
    faults.push({ field: "username", message: "a password is of no use without a user name" });
  }
  return faults;
}
