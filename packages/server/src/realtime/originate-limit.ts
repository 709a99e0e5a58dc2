import { TokenBucket } from "./token-bucket.ts";

/** How often a user may originate a call, by command and by REST together ([W34]). */
export class OriginateLimit {
  readonly #perMinute: number;
  readonly #now: () => number;
  readonly #buckets = new Map<string, TokenBucket>();

  constructor({ perMinute, now }: { readonly perMinute: number; readonly now: () => number }) {
    this.#perMinute = perMinute;
    this.#now = now;
  }

  /** 0 where this one may go on, else the seconds to wait. */
  take(userId: string): number {
    const now = this.#now();
    const bucket = this.#buckets.get(userId) ?? new TokenBucket(this.#perMinute / 60, this.#perMinute, now);
    this.#buckets.set(userId, bucket);
    return bucket.take(now);
  }

  /** Forgets what is unused. */
  sweep(): void {
    const now = this.#now();
    for (const [userId, bucket] of this.#buckets) if (bucket.isFull(now)) this.#buckets.delete(userId);
  }
}
