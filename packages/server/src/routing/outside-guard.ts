import type { Role } from "@pbx-x/protocol";
import type { ClassPrefix, DestinationClass } from "./destination-class.ts";

/** `none`: an extension that is nobody's, and the PBX's own inbound rules. */
export const guardRoles = ["user", "agent", "supervisor", "admin", "none"] as const;
export type GuardRole = (typeof guardRoles)[number];

/** What stands between a stolen password and the telephone bill ([G10], [G11]). */
export interface GuardSettings {
  readonly classesByRole: Readonly<Record<GuardRole, readonly DestinationClass[]>>;
  /** Outside calls of one user at the same time. */
  readonly maxCallsAtOnce: number;
  /** Outside calls that one user may begin within any hour. */
  readonly maxCallsPerHour: number;
  /** Dialled as they are, they go out for everybody. */
  readonly emergencyNumbers: readonly string[];
  /** Before the built-in ones. */
  readonly prefixes: readonly ClassPrefix[];
}

const everyday = ["freephone", "national", "mobile", "service"] as const;

/** Nobody may call abroad or premium numbers until somebody says so. */
export const defaultGuards: GuardSettings = {
  classesByRole: {
    user: everyday,
    agent: everyday,
    supervisor: everyday,
    admin: everyday,
    none: ["freephone", "national"],
  },
  maxCallsAtOnce: 5,
  maxCallsPerHour: 60,
  emergencyNumbers: ["112", "110"],
  prefixes: [],
};

/** Who answers for an outside call: whoever dials, passes on or forwards it ([G12]). */
export interface OutsidePayer {
  /** The user, or the extension where it is nobody's. */
  readonly key: string;
  readonly role: GuardRole;
  /** Classes granted to the user beyond the role's. */
  readonly granted: readonly DestinationClass[];
  readonly callsNow: number;
  readonly callsInLastHour: number;
}

export const guardReasons = ["not_allowed", "outside_calls_at_once", "outside_calls_per_hour"] as const;
export type GuardReason = (typeof guardReasons)[number];

/** An outside call that was not let out ([G13]). */
export interface OutsideRefusal {
  readonly reason: GuardReason;
  /** For people, without the number. */
  readonly why: string;
  readonly class: DestinationClass;
  readonly number: string;
  readonly payerId: string | undefined;
  readonly callId?: string;
}

export type GuardVerdict =
  | { readonly ok: true; readonly why: string }
  | {
      readonly ok: false;
      readonly reason: GuardReason;
      /** For people, without the number. */
      readonly why: string;
    };

export function judgeOutsideCall(
  destination: DestinationClass,
  payer: OutsidePayer,
  { classesByRole, maxCallsAtOnce, maxCallsPerHour }: GuardSettings,
): GuardVerdict {
  if (destination === "emergency") return { ok: true, why: "an emergency call always goes out" };
  const { role, granted, callsNow, callsInLastHour } = payer;
  if (!classesByRole[role].includes(destination) && !granted.includes(destination)) {
    const whose = role === "none" ? "an extension without a user" : `the role ${role}`;
    return { ok: false, reason: "not_allowed", why: `${whose} may not call numbers of the class ${destination}` };
  }
  if (callsNow >= maxCallsAtOnce) {
    return {
      ok: false,
      reason: "outside_calls_at_once",
      why: `has ${callsNow} outside calls of ${maxCallsAtOnce} already`,
    };
  }
  if (callsInLastHour >= maxCallsPerHour) {
    const why = `has begun ${callsInLastHour} outside calls of ${maxCallsPerHour} within the last hour`;
    return { ok: false, reason: "outside_calls_per_hour", why };
  }
  return {
    ok: true,
    why: `${destination} is allowed; ${callsNow} outside calls now, ${callsInLastHour} in the last hour`,
  };
}

/** The guard's name of a user's role. */
export function guardRoleOf(role: Role | undefined): GuardRole {
  return role === undefined || role === "display" ? "none" : role;
}
