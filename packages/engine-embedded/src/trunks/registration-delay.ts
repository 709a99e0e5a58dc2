const firstMs = 5000;
const longestMs = 300_000;
/** A far side that refused the password counts wrong ones: it is not asked again at once. */
const firstAfterRefusalMs = 60_000;

/**
 * Time until a failed registration is tried again: 5 s, doubled each time up to 5 min, with up to a quarter more so that many
 * trunks do not come at once.
 * @param failures in a row, 1 for the first
 * @param random 0 ≤ value < 1
 * @param retryAfterSeconds what the far side asked for; kept within the same limits
 */
export function retryDelayMs(
  failures: number,
  random: number,
  {
    isRefused = false,
    retryAfterSeconds = 0,
  }: { readonly isRefused?: boolean; readonly retryAfterSeconds?: number } = {},
): number {
  const wanted = (isRefused ? firstAfterRefusalMs : firstMs) * 2 ** Math.min(failures - 1, 10);
  const asked = retryAfterSeconds * 1000;
  return Math.round(Math.min(longestMs, Math.max(wanted, asked)) * (1 + random / 4));
}

/** A registration is renewed when a fifth of its time is left, at least 10 s, yet never at once again. */
export function refreshDelayMs(grantedSeconds: number): number {
  const left = Math.max(10, grantedSeconds / 5);
  return Math.max(grantedSeconds / 2, grantedSeconds - left) * 1000;
}
