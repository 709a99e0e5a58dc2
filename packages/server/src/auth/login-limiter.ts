export interface LoginLimiterOptions {
  readonly now: () => number;
  readonly triesPerMinute?: number;
  /** Most accounts and addresses remembered. */
  readonly maxKeys?: number;
}

/** Counts tries of a log-in per account and per address ([R3]). Returns seconds to wait, 0 when this try may go on. */
export function createLoginLimiter({
  now,
  triesPerMinute = 5,
  maxKeys = 10_000,
}: LoginLimiterOptions): (account: string, address: string) => number {
  const tries = new Map<string, readonly number[]>();
  return (account, address) => {
    const nowMs = now();
    const key = `${account.toLowerCase().slice(0, 320)} ${address}`;
    const recent = (tries.get(key) ?? []).filter((at) => at > nowMs - 60_000);
    const [first = nowMs] = recent;
    if (recent.length >= triesPerMinute) return Math.max(1, Math.ceil((first + 60_000 - nowMs) / 1000));
    tries.delete(key);
    tries.set(key, [...recent, nowMs]);
    const [oldest] = tries.keys();
    if (tries.size > maxKeys && oldest !== undefined) tries.delete(oldest);
    return 0;
  };
}
