/** Phones ping every 10 to 120 s (RFC 5626 §3.5.1); a flood of pings, whose answers nobody reads, is none of theirs. */
const mostPerMinute = 600;

/** Counts the pings of one connection; false once there are too many. */
export function createPingLimit(now: () => number = () => performance.now()): () => boolean {
  let count = 0;
  let sinceMs = now();
  return () => {
    const nowMs = now();
    if (nowMs - sinceMs >= 60_000) {
      count = 0;
      sinceMs = nowMs;
    }
    count += 1;
    return count <= mostPerMinute;
  };
}
