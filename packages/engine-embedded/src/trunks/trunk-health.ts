import type { TrunkStatus, TrunkStatusReason } from "@pbx-x/telephony";

/** What is known of a trunk's far side ([V4]). */
export interface TrunkHealth {
  readonly registration:
    | { readonly is: "unwanted" | "pending" | "up" }
    | { readonly is: "failed"; readonly reason: "registration_failed" | "auth_failed"; readonly detail: string };
  readonly reach: "unknown" | "fast" | "slow" | "gone";
  /** OPTIONS without an answer in a row. */
  readonly misses: number;
  /** Slow answers in a row. */
  readonly slowAnswers: number;
  /** Of the last answer. */
  readonly answerMs: number;
}

export type HealthInput =
  | { readonly type: "registered" }
  | {
      readonly type: "registrationFailed";
      readonly reason: "registration_failed" | "auth_failed";
      readonly detail: string;
      /** The far side said so itself. */
      readonly isAnswer: boolean;
    }
  | { readonly type: "answered"; readonly afterMs: number }
  | { readonly type: "missed" };

export interface TrunkVerdict {
  readonly status: TrunkStatus;
  readonly reason: TrunkStatusReason;
  readonly detail: string;
}

const missesUntilGone = 3;
/** Slow above the one, fast again below the other, so that one in between changes nothing. */
const slowMs = 1000;
const fastMs = 500;
const slowAnswersUntilDegraded = 2;

export function newHealth(isRegistering: boolean, isQualified: boolean): TrunkHealth {
  return {
    registration: { is: isRegistering ? "pending" : "unwanted" },
    // Nobody asks: it counts as there until a call says otherwise.
    reach: isRegistering || isQualified ? "unknown" : "fast",
    misses: 0,
    slowAnswers: 0,
    answerMs: 0,
  };
}

export function stepHealth(health: TrunkHealth, input: HealthInput): TrunkHealth {
  switch (input.type) {
    case "registered":
      return { ...here(health), registration: { is: "up" } };
    case "registrationFailed": {
      const { reason, detail } = input;
      return { ...(input.isAnswer ? here(health) : health), registration: { is: "failed", reason, detail } };
    }
    case "answered": {
      const { afterMs } = input;
      const slowAnswers = afterMs > slowMs ? health.slowAnswers + 1 : 0;
      const before = health.reach === "slow" ? "slow" : "fast";
      const reach = afterMs < fastMs ? "fast" : slowAnswers >= slowAnswersUntilDegraded ? "slow" : before;
      return { ...health, reach, misses: 0, slowAnswers, answerMs: afterMs };
    }
    case "missed": {
      const misses = health.misses + 1;
      if (misses < missesUntilGone) return { ...health, misses };
      // Whoever was away may have forgotten us: nothing is known of the registration any more.
      const registration = health.registration.is === "up" ? ({ is: "pending" } as const) : health.registration;
      return { ...health, registration, reach: "gone", misses, slowAnswers: 0 };
    }
  }
}

/** Undefined as long as nothing is known. */
export function judgeHealth({ registration, reach, misses, answerMs }: TrunkHealth): TrunkVerdict | undefined {
  if (reach === "gone") {
    return { status: "inactive", reason: "unreachable", detail: `no answer to OPTIONS, ${misses} times in a row` };
  }
  if (registration.is === "failed") {
    return { status: "inactive", reason: registration.reason, detail: registration.detail };
  }
  if (registration.is === "pending" || reach === "unknown") return undefined;
  if (reach === "slow") return { status: "degraded", reason: "unreachable", detail: `answers after ${answerMs} ms` };
  return { status: "active", reason: "recovered", detail: registration.is === "up" ? "registered" : "reachable" };
}

function here(health: TrunkHealth): TrunkHealth {
  return { ...health, reach: health.reach === "slow" ? "slow" : "fast", misses: 0 };
}
