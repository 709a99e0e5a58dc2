import type { Hold } from "./call.ts";
import type { LegEvent } from "./leg-event.ts";

/** How a party that waits alone holds or resumes at its phone; told once somebody is there who is held ([C20]). */
export function holdsAfter(
  holds: readonly Hold[],
  { type, legId }: Extract<LegEvent, { type: "legHeld" | "legUnheld" }>,
): readonly Hold[] {
  const others = holds.filter(({ by }) => by !== "device");
  return type === "legHeld" ? [...others, { legId, by: "device" }] : [];
}
