/** So many per second, and a burst ([W34]). Time comes from outside. */
export class TokenBucket {
  readonly #perSecond: number;
  readonly #burst: number;
  #tokens: number;
  #refilledAtMs: number;

  constructor(perSecond: number, burst: number, nowMs: number) {
    this.#perSecond = perSecond;
    this.#burst = burst;
    this.#tokens = burst;
    this.#refilledAtMs = nowMs;
  }

  /** 0 when one was taken, else the seconds to wait for the next. */
  take(nowMs: number): number {
    const elapsed = Math.max(0, nowMs - this.#refilledAtMs) / 1000;
    this.#tokens = Math.min(this.#burst, this.#tokens + elapsed * this.#perSecond);
    this.#refilledAtMs = nowMs;
    if (this.#tokens < 1) return (1 - this.#tokens) / this.#perSecond;
    this.#tokens -= 1;
    return 0;
  }

  /** Whether nothing of it is used: it need not be kept. */
  isFull(nowMs: number): boolean {
    return this.#tokens + ((nowMs - this.#refilledAtMs) / 1000) * this.#perSecond >= this.#burst;
  }
}
