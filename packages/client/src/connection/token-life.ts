/** However short a token lives, or however wrong its server's clock is ([I9]). */
const shortestMs = 10_000;

/** Milliseconds from now at which a token of this remaining life is renewed ([S13]). */
export function renewalDelayMs(remainingMs: number, random: () => number): number {
  const lead = Math.min(remainingMs / 2, 600_000, Math.max(60_000, remainingMs / 10));
  return Math.max(shortestMs, (remainingMs - lead) * (0.9 + random() * 0.1));
}

/** After a failed renewal: 1, 2, 4, 8, 8 … s ([S13]). */
export function renewalRetryMs(failures: number): number {
  return Math.min(8, 2 ** Math.max(0, failures - 1)) * 1000;
}
