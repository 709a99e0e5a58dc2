/** Why a registration ended. */
export const unregisterReasons = ["user_logout", "timeout", "admin_force"] as const;
export type UnregisterReason = (typeof unregisterReasons)[number];

export const sipTransports = ["udp", "tcp", "tls", "ws", "wss"] as const;
export type SipTransport = (typeof sipTransports)[number];

export const presenceStatuses = ["available", "busy", "away", "dnd", "offline"] as const;
export type PresenceStatus = (typeof presenceStatuses)[number];

export const agentStatuses = ["available", "busy", "wrap_up", "break", "offline"] as const;
export type AgentStatus = (typeof agentStatuses)[number];

/** What `agentSetStatus` may ask for; `busy` and `wrap_up` follow from calls, `offline` from `agentLogout`. */
export const settableAgentStatuses = ["available", "break"] as const;

/** Why a caller left a queue without an agent ([Q7]). */
export const abandonReasons = ["caller_hangup", "timeout", "queue_full", "no_agents"] as const;
export type AbandonReason = (typeof abandonReasons)[number];

/** Why a caller who wanted to be called back was not ([Q15]). */
export const callbackFailures = ["expired", "unreachable", "cancelled"] as const;
export type CallbackFailure = (typeof callbackFailures)[number];

/** How an offer to an agent ended without an answer ([Q4]). */
export const offerOutcomes = [
  "no_answer",
  "rejected",
  "busy",
  "device_lost",
  "answered_elsewhere",
  "caller_left",
  "failed",
] as const;
export type OfferOutcome = (typeof offerOutcomes)[number];

export const leaveReasons = ["left", "kicked", "timeout"] as const;
export type LeaveReason = (typeof leaveReasons)[number];

export const alertSeverities = ["info", "warning", "error", "critical"] as const;
export type AlertSeverity = (typeof alertSeverities)[number];

export const alertCategories = ["trunk", "storage", "database", "service"] as const;
export type AlertCategory = (typeof alertCategories)[number];

/** Status of a trunk ([V4]). */
export const trunkStatuses = ["active", "inactive", "degraded"] as const;
export type TrunkStatus = (typeof trunkStatuses)[number];

export const trunkReasons = ["registration_failed", "unreachable", "auth_failed", "recovered", "disabled"] as const;
export type TrunkReason = (typeof trunkReasons)[number];
