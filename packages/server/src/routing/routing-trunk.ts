import type { NumberFormat } from "./numbering-plan.ts";

/** What routing has to know of a trunk. */
export interface RoutingTrunk {
  readonly id: string;
  readonly name: string;
  readonly isEnabled: boolean;
  /** Shown to those who are called, where the rule says so. */
  readonly mainNumber?: string;
  /** How the far side writes numbers; as they are where it is left out. */
  readonly numberFormat?: NumberFormat;
  /** Calls in both directions together; no limit where it is left out. */
  readonly maxConcurrentCalls?: number;
}

/** The trunks in memory. */
export interface RoutingTrunks {
  byId(id: string): RoutingTrunk | undefined;
  all(): readonly RoutingTrunk[];
  /** Whether the far side is known to be away; it is tried last then. */
  isDown(id: string): boolean;
}

export const noTrunks: RoutingTrunks = { byId: () => undefined, all: () => [], isDown: () => false };
