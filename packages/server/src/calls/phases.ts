import type { Call, PhaseName, PhaseTotals } from "./call.ts";

export const noPhases: PhaseTotals = { ringMs: 0, queueMs: 0, talkMs: 0, holdMs: 0, parkMs: 0 };

/** Closes the running phase at `nowMs` and begins the next. */
export function enterPhase(
  call: Call,
  phase: PhaseName,
  nowMs: number,
): Pick<Call, "phase" | "phaseSinceMs" | "phases"> {
  const key = `${call.phase}Ms` as const;
  const phases = { ...call.phases, [key]: call.phases[key] + Math.max(0, nowMs - call.phaseSinceMs) };
  return { phase, phaseSinceMs: nowMs, phases };
}

export interface PhaseSeconds {
  readonly ringSeconds: number;
  readonly queueSeconds: number;
  readonly talkSeconds: number;
  readonly holdSeconds: number;
  readonly parkSeconds: number;
}

/**
 * Whole seconds per phase whose sum is the whole seconds of the life ([C14]): every phase is rounded down and the
 * seconds left over go to those that lost the most.
 */
export function phaseSeconds(phases: PhaseTotals): PhaseSeconds {
  const names = ["ringMs", "queueMs", "talkMs", "holdMs", "parkMs"] as const;
  const total = Math.floor(names.reduce((sum, name) => sum + phases[name], 0) / 1000);
  const seconds = new Map(names.map((name) => [name, Math.floor(phases[name] / 1000)]));
  let left = total - [...seconds.values()].reduce((sum, value) => sum + value, 0);
  for (const name of names.toSorted((a, b) => (phases[b] % 1000) - (phases[a] % 1000))) {
    if (left === 0) break;
    seconds.set(name, (seconds.get(name) ?? 0) + 1);
    left -= 1;
  }
  const of = (name: (typeof names)[number]): number => seconds.get(name) ?? 0;
  return {
    ringSeconds: of("ringMs"),
    queueSeconds: of("queueMs"),
    talkSeconds: of("talkMs"),
    holdSeconds: of("holdMs"),
    parkSeconds: of("parkMs"),
  };
}
