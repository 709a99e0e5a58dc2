import { isPbxError } from "./commands/pbx-error.ts";
import { renewalDelayMs, renewalRetryMs } from "./connection/token-life.ts";
import type { TokenSource } from "./connection/token-source.ts";
import type { DiagnosticLog } from "./diagnostic-log.ts";
import type { Clock } from "./platform/clock.ts";

export interface TokenKeeperOptions {
  readonly clock: Clock;
  readonly random: () => number;
  readonly tokens: TokenSource;
  /** Sends `refreshToken`; answers how long the renewed one lasts. */
  readonly renew: (token: string) => Promise<number>;
  readonly onRenewed: (token: string, remainingMs: number) => void;
  readonly diagnostics: DiagnosticLog;
}

/** Renews the token of a live connection in place, before it ends ([S13]). */
export class TokenKeeper {
  readonly #options: TokenKeeperOptions;
  #cancel: () => void = () => undefined;
  #endsAt = 0;
  #failures = 0;
  /** Raised by each start and stop: what an ended session asked for is dropped. */
  #round = 0;
  #isAsking = false;

  constructor(options: TokenKeeperOptions) {
    this.#options = options;
  }

  /** `remainingMs`: by the server's clock alone. */
  start(remainingMs: number): void {
    const { clock, random } = this.#options;
    this.stop();
    this.#endsAt = clock.now() + remainingMs;
    this.#failures = 0;
    this.#plan(renewalDelayMs(remainingMs, random));
  }

  stop(): void {
    this.#cancel();
    this.#round += 1;
    this.#isAsking = false;
  }

  /** `AUTH_EXPIRING`: now at the latest. */
  expiring(): void {
    if (this.#isAsking) return;
    this.#cancel();
    void this.#renew();
  }

  #plan(delayMs: number): void {
    // Longer than a timer can hold: look again later.
    const wait = Math.min(delayMs, 2 ** 31 - 1);
    this.#cancel = this.#options.clock.after(wait, () => {
      if (wait < delayMs) this.#plan(delayMs - wait);
      else void this.#renew();
    });
  }

  async #renew(): Promise<void> {
    const { clock, tokens, renew, onRenewed, diagnostics } = this.#options;
    const round = this.#round;
    this.#isAsking = true;
    const answer = await tokens.ask("expiring");
    if (round !== this.#round || answer === undefined) return;
    try {
      if (!answer.ok) throw new Error(answer.message);
      const remainingMs = await renew(answer.token);
      if (round !== this.#round) return;
      onRenewed(answer.token, remainingMs);
      this.start(remainingMs);
    } catch (error) {
      if (round !== this.#round) return;
      this.#isAsking = false;
      this.#failures += 1;
      diagnostics.add("token", error instanceof Error ? error.message : "failed");
      const toldMs = isPbxError(error) ? (error.retryAfterSeconds ?? 0) * 1000 : 0;
      const wait = Math.max(toldMs, renewalRetryMs(this.#failures));
      if (clock.now() + wait < this.#endsAt) this.#plan(wait);
    }
  }
}
