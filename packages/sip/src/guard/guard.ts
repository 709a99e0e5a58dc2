export interface GuardOptions {
  readonly now: () => number;
  /** A source was blocked; told once for each block. */
  readonly onBlocked: (block: {
    readonly address: string;
    readonly untilMs: number;
    readonly attempts: number;
  }) => void;
  /** The very place of a registered device or a trunk: never blocked, so that nobody can have it blocked by a forged source. */
  readonly isKnown: (address: string, port: number) => boolean;
  /** Messages per second of a stranger; default 20, burst twice as many. */
  readonly messagesPerSecond?: number;
  /** Failed authentications within a minute that block; default 5. */
  readonly maxFailures?: number;
  /** Different unknown users within 5 minutes that block; default 10. */
  readonly maxUnknownUsers?: number;
  /** First block; each further one is four times as long, up to a day. Default 15 min. */
  readonly blockMs?: number;
  /** Sources remembered, default 20,000; the one unseen for longest is forgotten, blocked ones last. */
  readonly maxSources?: number;
}

interface Source {
  tokens: number;
  refilledAtMs: number;
  failures: number[];
  unknownUsers: Map<string, number>;
  blockedUntilMs: number;
  blocks: number;
  /** Its messages are not counted for a while after a right password. */
  trustedUntilMs: number;
}

const dayMs = 24 * 3600_000;
const trustMs = 600_000;
/** Blocked sources passed over in search of one to forget. */
const maxLooks = 64;
const scanners =
  /^(?:User-Agent|Server)[ \t]*:[ \t]*(?:friendly-scanner|friendly-request|sipvicious|sipcli|sip-scan|sundayddr|iWar|pplsip|VaxSIPUserAgent|SIPScan|smap|gulp|eyeBeam release 3006o)/im;
const scannerText = /sipvicious|friendly-scanner/i;

/** Limits what one source may do, in bounded memory. Pure but for its own tables; time comes from outside. */
export class Guard {
  readonly #options: GuardOptions;
  readonly #sources = new Map<string, Source>();

  constructor(options: GuardOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#sources.size;
  }

  /** Whether a message is looked at at all. */
  admit(bytes: Uint8Array, address: string, port: number): boolean {
    const now = this.#options.now();
    const source = this.#sources.get(address);
    if (source === undefined || source.blockedUntilMs > now || source.trustedUntilMs <= now) {
      if (this.#options.isKnown(address, port)) return true;
    } else return true;
    if (source !== undefined && source.blockedUntilMs > now) return false;
    const rate = this.#options.messagesPerSecond ?? 20;
    const entry = this.#touch(address);
    entry.tokens = Math.min(rate * 2, entry.tokens + ((now - entry.refilledAtMs) / 1000) * rate);
    entry.refilledAtMs = now;
    if (entry.tokens < 1) return false;
    entry.tokens -= 1;
    return !isScanner(bytes);
  }

  /** A wrong password, or an unknown user (`user` then names it). */
  failed(address: string, unknownUser?: string): void {
    const now = this.#options.now();
    const source = this.#touch(address);
    source.failures = [...source.failures.filter((at) => now - at < 60_000), now];
    if (unknownUser !== undefined) {
      for (const [user, at] of source.unknownUsers) if (now - at > 300_000) source.unknownUsers.delete(user);
      source.unknownUsers.set(unknownUser.slice(0, 64), now);
    }
    const isTooMuch =
      source.failures.length >= (this.#options.maxFailures ?? 5) ||
      source.unknownUsers.size >= (this.#options.maxUnknownUsers ?? 10);
    if (!isTooMuch) return;
    const attempts = Math.max(source.failures.length, source.unknownUsers.size);
    const lengthMs = Math.min(dayMs, (this.#options.blockMs ?? 900_000) * 4 ** source.blocks);
    source.blocks += 1;
    source.blockedUntilMs = now + lengthMs;
    source.failures = [];
    source.unknownUsers.clear();
    this.#options.onBlocked({ address, untilMs: source.blockedUntilMs, attempts });
  }

  /** A right password clears the failures, not the memory of former blocks. */
  succeeded(address: string): void {
    const source = this.#touch(address);
    source.failures = [];
    source.unknownUsers.clear();
    source.trustedUntilMs = this.#options.now() + trustMs;
  }

  isBlocked(address: string): boolean {
    return (this.#sources.get(address)?.blockedUntilMs ?? 0) > this.#options.now();
  }

  #touch(address: string): Source {
    const known = this.#sources.get(address);
    const source = known ?? {
      tokens: (this.#options.messagesPerSecond ?? 20) * 2,
      refilledAtMs: this.#options.now(),
      failures: [],
      unknownUsers: new Map<string, number>(),
      blockedUntilMs: 0,
      blocks: 0,
      trustedUntilMs: 0,
    };
    if (known !== undefined) this.#sources.delete(address);
    this.#sources.set(address, source);
    if (this.#sources.size > (this.#options.maxSources ?? 20_000)) this.#forgetOne(address);
    return source;
  }

  /** The one unseen for longest that is not blocked: a flood of new addresses must not lift a block. */
  #forgetOne(latest: string): void {
    const now = this.#options.now();
    let looked = 0;
    for (const [address, source] of this.#sources) {
      looked += 1;
      if (address === latest) continue;
      this.#sources.delete(address);
      if (source.blockedUntilMs <= now || looked === maxLooks) return;
      this.#sources.set(address, source);
    }
  }
}

/** Names catch beginners only, but those are many: no answer at all is the best one. */
function isScanner(bytes: Uint8Array): boolean {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 2048)).toString("latin1");
  return scannerText.test(head) || scanners.test(head);
}
