import type { Clock } from "../platform/clock.ts";

export interface HeartbeatOptions {
  readonly clock: Clock;
  readonly random: () => number;
  readonly intervalMs: number;
  /** Sends a ping. */
  readonly ping: () => void;
  readonly onDead: (kind: "heartbeat" | "sleep") => void;
}

/** No frame within this after a ping: dead ([S12]); after a sleep or a doubt less patience ([S20], [S21]). */
const patienceMs = 10_000;
const shortPatienceMs = 3000;
const checkMs = 5000;
const sleepMs = 15_000;

/** Watches one connection: pings, dead peers, sleeping machines. Ends with `stop()`. */
export class Heartbeat {
  readonly #options: HeartbeatOptions;
  #pingedAt: number | undefined;
  #judgeAt = 0;
  #kind: "heartbeat" | "sleep" = "heartbeat";
  #nextPingAt = 0;
  #expectedAt = 0;
  #wallAt: number;
  #cancel: () => void = () => undefined;
  #isStopped = false;
  /**
   * How far it got without a frame: 1 asked after a sleep, so that the next late timer is no new sleep but a hidden page's
   * ([S22]); 2 frames that waited have had their time to be read.
   */
  #doubts = 0;

  constructor(options: HeartbeatOptions) {
    this.#options = options;
    this.#wallAt = options.clock.wall();
    this.#planPing();
    this.#arm();
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancel();
  }

  /** Any frame proves life. */
  onFrame(): void {
    this.#pingedAt = undefined;
    this.#doubts = 0;
  }

  /** Asks at once, with 3 s for the answer. */
  doubt(kind: "heartbeat" | "sleep" = "heartbeat"): void {
    this.#ping(shortPatienceMs, kind);
    this.#cancel();
    this.#arm();
  }

  #planPing(): void {
    const { clock, random, intervalMs } = this.#options;
    this.#nextPingAt = clock.now() + intervalMs * (0.9 + random() * 0.2);
  }

  #ping(patience: number, kind: "heartbeat" | "sleep"): void {
    const now = this.#options.clock.now();
    const judgeAt = now + patience;
    this.#judgeAt = this.#pingedAt === undefined ? judgeAt : Math.min(this.#judgeAt, judgeAt);
    this.#pingedAt ??= now;
    this.#kind = kind;
    this.#options.ping();
    this.#planPing();
  }

  #arm(): void {
    if (this.#isStopped) return;
    const { clock } = this.#options;
    const now = clock.now();
    const until = this.#pingedAt === undefined ? this.#nextPingAt : Math.min(this.#judgeAt, this.#nextPingAt);
    const wait = Math.max(0, Math.min(checkMs, until - now));
    this.#expectedAt = now + wait;
    this.#wallAt = clock.wall() + wait;
    this.#cancel = clock.after(wait, () => this.#tick());
  }

  #tick(): void {
    const { clock } = this.#options;
    const now = clock.now();
    const late = now - this.#expectedAt;
    if (Math.max(late, clock.wall() - this.#wallAt) > sleepMs && this.#doubts === 0) {
      this.#doubts = 1;
      this.#pingedAt = undefined;
      this.doubt("sleep");
      return;
    }
    if (this.#pingedAt !== undefined && now >= this.#judgeAt) {
      if (late <= 1000 || this.#doubts === 2) {
        this.#options.onDead(this.#kind);
        return;
      }
      // The timer itself was late: frames that wait are read first ([S12]).
      this.#doubts = 2;
      this.#judgeAt = now + 1000;
    }
    if (now >= this.#nextPingAt) this.#ping(patienceMs, "heartbeat");
    this.#arm();
  }
}
