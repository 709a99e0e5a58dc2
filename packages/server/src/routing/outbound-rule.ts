import type { NumberPattern } from "./number-pattern.ts";

/**
 * Whom the called party sees ([G4]). `extension`: the extension's number, behind the head of a number block where one is given;
 * `trunk`: the trunk's main number; `fixed`: always the same one; `anonymous`: nobody.
 */
export const callerIdModes = ["extension", "trunk", "fixed", "anonymous"] as const;
export type CallerIdMode = (typeof callerIdModes)[number];

export interface CallerIdChoice {
  readonly mode: CallerIdMode;
  /** `fixed`: the number. `extension`: the head of the number block, e.g. `+493012345`. */
  readonly number?: string;
}

/** Which numbers go out over which trunks ([G4]). */
export interface OutboundRule {
  readonly id: string;
  readonly name: string;
  readonly isEnabled: boolean;
  /** The lowest is tried first; rules of the same priority in the order in which they were made. */
  readonly priority: number;
  /** {@link NumberPattern}, of the number as dialled. */
  readonly pattern: string;
  /** Digits that are taken away in front. */
  readonly strip: number;
  /** Put in front after that. */
  readonly prepend: string;
  /** The first one first; the next where one does not do its work ([G7]). */
  readonly trunkIds: readonly string[];
  /** Only while it is open. */
  readonly timeProfileId?: string;
  readonly callerId: CallerIdChoice;
}

/** A rule with its pattern read. */
export type Compiled<Rule> = Rule & { readonly compiled: NumberPattern };
