/** Milliseconds before attempt n, with full jitter ([S10]): 1, 2, 4, 8 … 30 s at most. */
export function backoffMs(attempt: number, random: () => number, maxMs = 30_000): number {
  const limit = Math.min(maxMs, 1000 * 2 ** Math.max(0, Math.min(attempt, 30) - 1));
  return 100 + random() * Math.max(0, limit - 100);
}

/** The server's word with 0–50 % on top ([S11]). */
export function retryAfterMs(seconds: number, random: () => number): number {
  return seconds * 1000 * (1 + random() * 0.5);
}

/** At most so many attempts in so many milliseconds ([S10]). */
export const attemptLimit = 12;
export const attemptWindowMs = 60_000;

/** Moves an attempt back so that the limit holds. */
export function withinLimit(at: number, starts: readonly number[]): number {
  const oldest = starts.at(-attemptLimit);
  return oldest === undefined ? at : Math.max(at, oldest + attemptWindowMs);
}
