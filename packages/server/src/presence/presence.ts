import type { PresenceStatus } from "@pbx-x/protocol/runtime";

/** What a user set by hand. */
export interface PresenceSetting {
  readonly status: PresenceStatus;
  readonly statusMessage?: string;
}

/** What others see of an extension's user, or of an extension that is nobody's. */
export interface Presence {
  readonly presenceStatus: PresenceStatus;
  readonly statusMessage?: string;
  /** Set by hand, not derived. */
  readonly isManual: boolean;
}

export interface PresenceFacts {
  readonly setting: PresenceSetting | undefined;
  readonly isInCall: boolean;
  readonly isDnd: boolean;
  /** A phone is registered, or the user has a client session. */
  readonly isReachable: boolean;
}

/** Before anything is known of an extension; no event tells it. */
export const unknownPresence: Presence = { presenceStatus: "offline", isManual: false };

/** What is set by hand wins; else the first that is true of: in a call, do not disturb, nothing to be reached by ([P1], [P2]). */
export function derivePresence({ setting, isInCall, isDnd, isReachable }: PresenceFacts): Presence {
  if (setting !== undefined) {
    const { status, statusMessage } = setting;
    return { presenceStatus: status, ...(statusMessage !== undefined && { statusMessage }), isManual: true };
  }
  if (isInCall) return { presenceStatus: "busy", statusMessage: "In a call", isManual: false };
  if (isDnd) return { presenceStatus: "dnd", isManual: false };
  return { presenceStatus: isReachable ? "available" : "offline", isManual: false };
}

export function isSamePresence(a: Presence, b: Presence): boolean {
  return a.presenceStatus === b.presenceStatus && a.statusMessage === b.statusMessage && a.isManual === b.isManual;
}
