import type { LegId } from "@pbx-x/telephony";

/** For tests: the phone that rings since last. */
export function newestLeg(legs: readonly LegId[]): LegId {
  const leg = legs.at(-1);
  if (leg === undefined) throw new Error("nothing rings");
  return leg;
}
