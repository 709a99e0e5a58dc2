import type { Call } from "./call.ts";
import { wireParty } from "./wire-party.ts";

/** Everybody who holds the call now, each once ([C20]). */
export function holdersOf({ stage, caller, callee }: Call): readonly Readonly<Record<string, string>>[] {
  if (stage.at !== "connected") return [];
  return [...new Set(stage.holds.map(({ legId }) => legId))].map((legId) =>
    wireParty(legId === stage.callerLegId ? caller : callee),
  );
}
