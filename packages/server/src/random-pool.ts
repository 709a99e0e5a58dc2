import { randomFillSync } from "node:crypto";

/** Random bytes, fetched from the system many at a time: each fetch costs as much as a whole SIP message. */
export function createRandomPool(poolBytes = 8192): (size: number) => Buffer {
  const pool = Buffer.alloc(poolBytes);
  let used = poolBytes;
  return (size) => {
    if (size > poolBytes) return randomFillSync(Buffer.alloc(size));
    if (used + size > poolBytes) {
      randomFillSync(pool);
      used = 0;
    }
    // A copy: what is handed out is never overwritten, and is not left behind in the pool.
    const bytes = Buffer.from(pool.subarray(used, used + size));
    pool.fill(0, used, used + size);
    used += size;
    return bytes;
  };
}
