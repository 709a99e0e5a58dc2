import { parseNameAddr, type Remote, type SipResponse, type Uri } from "@pbx-x/sip";
import { RegisterExchange, type RegisterExchangeOptions, refusalOf } from "./register-exchange.ts";
import { refreshDelayMs, retryDelayMs } from "./registration-delay.ts";
import type { HealthInput } from "./trunk-health.ts";

export interface TrunkRegistrationOptions extends RegisterExchangeOptions {
  /** Where the far side is now; undefined when its name is not known. */
  readonly findRemote: () => Promise<Remote | undefined>;
  /** Nobody answers there. */
  readonly onSilence: (remote: Remote) => void;
  /** 0 ≤ value < 1. */
  readonly random: () => number;
  readonly onResult: (result: Extract<HealthInput, { type: "registered" | "registrationFailed" }>) => void;
}

const defaultExpirySeconds = 300;
/** Longer ones than that are not asked for, whatever Min-Expires says. */
const maxExpirySeconds = 86_400;

/** Our registration at a far side (RFC 3261 §10.2): kept up until it is stopped. */
export class TrunkRegistration {
  readonly #options: TrunkRegistrationOptions;
  readonly #exchange: RegisterExchange;
  #expirySeconds: number;
  #failures = 0;
  /** Counts the attempts; what an earlier one still brings is not heard. */
  #attempt = 0;
  #remote: Remote | undefined;
  #isRegistered = false;
  #isStopped = false;
  #cancelNext: () => void = () => undefined;

  constructor(options: TrunkRegistrationOptions) {
    this.#options = options;
    this.#exchange = new RegisterExchange(options);
    this.#expirySeconds = options.configuration.registrationExpirySeconds ?? defaultExpirySeconds;
  }

  /** Now, whatever was planned. */
  tryNow(): void {
    if (this.#isStopped) return;
    this.#cancelNext();
    this.#attempt += 1;
    void this.#register(this.#attempt);
  }

  /** Takes the registration back where there is one; resolves at the answer, or after `maxWaitMs`. */
  stop(maxWaitMs: number): Promise<void> {
    this.#cancelNext();
    this.#isStopped = true;
    this.#attempt += 1;
    const remote = this.#remote;
    if (!this.#isRegistered || remote === undefined) return Promise.resolve();
    this.#isRegistered = false;
    return new Promise((resolve) => {
      const cancel = this.#options.endpoint.scheduler.after(maxWaitMs, resolve);
      const settle = (): void => {
        cancel();
        resolve();
      };
      this.#exchange.send(remote, 0, { onFinal: settle, onFailure: settle });
    });
  }

  async #register(attempt: number): Promise<void> {
    const remote = await this.#options.findRemote();
    if (attempt !== this.#attempt) return;
    if (remote === undefined) {
      this.#fail("registration_failed", `the name ${this.#options.configuration.host} has no address`, false);
      return;
    }
    this.#remote = remote;
    this.#exchange.send(remote, this.#expirySeconds, {
      onFinal: (response, contact) => {
        if (attempt === this.#attempt) this.#onFinal(response, contact);
        // Disabled while it was under way: taken back at once.
        else if (this.#isStopped && response.status < 300) this.#exchange.send(remote, 0, ignore);
      },
      onFailure: (failure) => {
        if (attempt !== this.#attempt) return;
        this.#options.onSilence(remote);
        const detail = failure === "timeout" ? "no answer to REGISTER" : "the far side cannot be reached";
        this.#fail("registration_failed", detail, false);
      },
    });
  }

  #onFinal(response: SipResponse, contact: Uri): void {
    const { status } = response;
    if (status < 300) {
      this.#succeed(grantedSeconds(response, contact, this.#expirySeconds));
      return;
    }
    const minimum = Number(response.headers.get("Min-Expires"));
    if (status === 423 && minimum > this.#expirySeconds && minimum <= maxExpirySeconds) {
      this.#expirySeconds = minimum;
      this.tryNow();
      return;
    }
    const { reason, detail } = refusalOf(response, this.#options.credentials !== undefined);
    const retryAfterSeconds = Number.parseInt(response.headers.get("Retry-After") ?? "0", 10) || 0;
    this.#fail(reason, detail, true, retryAfterSeconds);
  }

  #succeed(seconds: number): void {
    this.#failures = 0;
    this.#isRegistered = true;
    this.#plan(refreshDelayMs(seconds));
    this.#options.onResult({ type: "registered" });
  }

  #fail(
    reason: "registration_failed" | "auth_failed",
    detail: string,
    isAnswer: boolean,
    retryAfterSeconds: number = 0,
  ): void {
    this.#failures += 1;
    if (isAnswer) this.#isRegistered = false;
    const isRefused = reason === "auth_failed";
    this.#plan(retryDelayMs(this.#failures, this.#options.random(), { isRefused, retryAfterSeconds }));
    this.#options.onResult({ type: "registrationFailed", reason, detail, isAnswer });
  }

  #plan(delayMs: number): void {
    this.#cancelNext();
    this.#cancelNext = this.#options.endpoint.scheduler.after(delayMs, () => this.tryNow());
  }
}

const ignore = { onFinal: () => undefined, onFailure: () => undefined };

/** What the far side gave: of our own Contact, else Expires, else what was asked for (§10.2.4). */
function grantedSeconds(response: SipResponse, contact: Uri, asked: number): number {
  const own = response.headers
    .list("Contact")
    .flatMap((value) => parseNameAddr(value) ?? [])
    .find(({ uri }) => "user" in uri && "user" in contact && uri.user === contact.user && isSameLine(uri, contact));
  const seconds = Number(own?.params.get("expires") ?? response.headers.get("Expires") ?? asked);
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds, maxExpirySeconds) : asked;
}

/** Far sides may drop parameters of the Contact, they do not change them. */
function isSameLine(a: Uri, b: Uri): boolean {
  const [one, other] = [a, b].map((uri) => (uri.scheme === "other" ? undefined : uri.params.get("line")));
  return one === undefined || one === other;
}
