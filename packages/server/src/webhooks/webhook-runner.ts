import type { Scheduler } from "@pbx-x/telephony";
import type { EventLog, LoggedEvent } from "../event-log/event-log.ts";
import {
  type DeadLetter,
  type WebhookEndpoint,
  webhookLimits,
  type WebhookMessage,
  type WebhookProgress,
} from "./webhook.ts";
import { decideDelivery, type DeliveryLimits } from "./webhook-decision.ts";
import { isWanted } from "./webhook-filter.ts";
import { findGap, gapMessage } from "./webhook-gap.ts";
import type { WebhookSender } from "./webhook-sender.ts";

export type AttemptResult = "delivered" | "failed" | "dead";

export interface WebhookRunnerOptions {
  readonly log: EventLog;
  readonly sender: Pick<WebhookSender, "send">;
  readonly scheduler: Scheduler;
  /** 0 ≤ value < 1. */
  readonly random: () => number;
  readonly limits: DeliveryLimits;
  /** As it is now; undefined: it was deleted. */
  readonly endpoint: () => WebhookEndpoint | undefined;
  readonly progress: WebhookProgress;
  readonly putProgress: (progress: WebhookProgress) => void;
  /** Kept when it resolves. */
  readonly addDeadLetter: (letter: DeadLetter) => Promise<void>;
  readonly switchOff: (why: "gone" | "failing", reason: string) => Promise<void>;
  readonly onAttempt: (result: AttemptResult, tookMs: number) => void;
  readonly onError: (error: unknown) => void;
}

export interface RunnerStatus {
  readonly progress: WebhookProgress;
  readonly lastDeliveredAtMs?: number;
  readonly lastFailure?: { readonly atMs: number; readonly reason: string };
  readonly nextTryAtMs?: number;
}

/** Before the log or the database is asked again after a failure. */
const retryStoreMs = 5000;

/** Delivers the log to one endpoint: one message at a time, in order ([R42]). */
export class WebhookRunner {
  readonly #options: WebhookRunnerOptions;
  readonly #abort = new AbortController();
  #progress: WebhookProgress;
  #lastDeliveredAtMs: number | undefined;
  #lastFailure: RunnerStatus["lastFailure"];
  #nextTryAtMs: number | undefined;
  #running: Promise<void> | undefined;
  /** The next events, given by the commit itself: no need to read them from the disk. */
  #handed: readonly LoggedEvent[] = [];
  #endPause: (() => void) | undefined;

  constructor(options: WebhookRunnerOptions) {
    this.#options = options;
    this.#progress = options.progress;
  }

  status(): RunnerStatus {
    return {
      progress: this.#progress,
      ...(this.#lastDeliveredAtMs !== undefined && { lastDeliveredAtMs: this.#lastDeliveredAtMs }),
      ...(this.#lastFailure !== undefined && { lastFailure: this.#lastFailure }),
      ...(this.#nextTryAtMs !== undefined && { nextTryAtMs: this.#nextTryAtMs }),
    };
  }

  /** There may be something to deliver. */
  wake(batch: readonly LoggedEvent[] = []): void {
    if (this.#running !== undefined || !this.#mayRun()) return;
    if (batch[0]?.seq === this.#progress.seq + 1) this.#handed = batch;
    this.#running = this.#run()
      .catch(async (error: unknown) => {
        this.#options.onError(error);
        if (this.#mayRun()) await this.#pause(retryStoreMs);
      })
      .finally(() => {
        this.#running = undefined;
        if (this.#mayRun() && this.#progress.seq < this.#options.log.head()) this.wake();
      });
  }

  /** The endpoint was changed: what waits for its next try is tried at once. */
  changed(): void {
    const { epoch, seq, attempts, failingSinceMs } = this.#progress;
    const isOff = this.#options.endpoint()?.isActive === false;
    // The time in which it is off is none in which it fails ([R44]).
    if (isOff && (attempts > 0 || failingSinceMs !== undefined)) this.#put({ epoch, seq, attempts: 0 });
    this.#endPause?.();
    this.wake();
  }

  /** A message in progress is given up; it is sent again by the next runner. */
  async stop(): Promise<void> {
    this.#abort.abort();
    this.#endPause?.();
    await this.#running;
  }

  #mayRun(): boolean {
    return !this.#abort.signal.aborted && this.#options.endpoint()?.isActive === true;
  }

  async #run(): Promise<void> {
    const { log } = this.#options;
    while (this.#mayRun()) {
      const page = await this.#nextPage();
      if (!this.#mayRun()) return;
      const to = findGap(this.#progress, page, log);
      if (to !== undefined) {
        if (!(await this.#tellGap(to))) return;
        continue;
      }
      if (page.length === 0) return;
      for (const event of page) {
        const endpoint = this.#options.endpoint();
        if (endpoint === undefined) return;
        if (isWanted(endpoint, event)) {
          const message = { id: event.eventId, type: event.type, body: event.json };
          if (!(await this.#deliver(message))) return;
        }
        this.#put({ ...this.#progress, seq: event.seq, attempts: 0 });
      }
    }
  }

  async #nextPage(): Promise<readonly LoggedEvent[]> {
    const handed = this.#handed;
    this.#handed = [];
    if (handed[0]?.seq === this.#progress.seq + 1) return handed;
    while (!this.#abort.signal.aborted) {
      try {
        return await this.#options.log.read({ after: this.#progress.seq, limit: webhookLimits.page });
      } catch (error) {
        this.#options.onError(error);
        await this.#pause(retryStoreMs);
      }
    }
    return [];
  }

  async #tellGap(to: number): Promise<boolean> {
    const { log, scheduler, endpoint } = this.#options;
    const place = { epoch: log.epoch, seq: to };
    const message = gapMessage({
      webhookId: endpoint()?.id ?? "",
      from: this.#progress,
      to: place,
      nowMs: scheduler.now(),
    });
    if (!(await this.#deliver(message))) return false;
    this.#put({ ...this.#progress, ...place, attempts: 0 });
    return true;
  }

  /** Until it is taken or given up. @returns false where it is neither: stopped, switched off */
  async #deliver(message: WebhookMessage): Promise<boolean> {
    const { scheduler, sender, random, limits, onAttempt } = this.#options;
    for (;;) {
      const endpoint = this.#options.endpoint();
      if (!this.#mayRun() || endpoint === undefined) return false;
      this.#nextTryAtMs = undefined;
      const startedMs = scheduler.now();
      const outcome = await sender.send(endpoint, message, this.#abort.signal);
      if (this.#abort.signal.aborted) return false;
      const nowMs = scheduler.now();
      const verdict = decideDelivery(outcome, this.#progress, { nowMs, random: random(), limits });
      if (verdict.kind === "delivered") {
        this.#lastDeliveredAtMs = nowMs;
        const { failingSinceMs: _over, ...progress } = this.#progress;
        this.#progress = progress;
        onAttempt("delivered", nowMs - startedMs);
        return true;
      }
      if (this.#options.endpoint() !== endpoint) {
        // It says nothing of the endpoint as it is now, which is tried at once ([R43]).
        onAttempt("failed", nowMs - startedMs);
        continue;
      }
      this.#lastFailure = { atMs: nowMs, reason: verdict.reason };
      const failingSinceMs = this.#progress.failingSinceMs ?? startedMs;
      onAttempt(verdict.kind === "dead" ? "dead" : "failed", nowMs - startedMs);
      if (verdict.kind === "switchOff") {
        // The next time starts anew, with the same message.
        const { epoch, seq } = this.#progress;
        this.#put({ epoch, seq, attempts: 0 });
        await this.#options.switchOff(verdict.why, verdict.reason);
        return false;
      }
      if (verdict.kind === "retry") {
        this.#put({ ...this.#progress, attempts: verdict.attempts, failingSinceMs });
        await this.#pause(verdict.delayMs);
        continue;
      }
      this.#progress = { ...this.#progress, failingSinceMs };
      const { attempts, reason } = verdict;
      const letter = { ...message, endpointId: endpoint.id, failedAtMs: nowMs, attempts, reason };
      if (await this.#keepLetter(letter)) return true;
    }
  }

  /** What cannot be kept is not given up either: it is tried again. */
  async #keepLetter(letter: DeadLetter): Promise<boolean> {
    try {
      await this.#options.addDeadLetter(letter);
      return true;
    } catch (error) {
      this.#options.onError(error);
      await this.#pause(retryStoreMs);
      return false;
    }
  }

  #put(progress: WebhookProgress): void {
    this.#progress = progress;
    this.#options.putProgress(progress);
  }

  #pause(ms: number): Promise<void> {
    const { scheduler } = this.#options;
    this.#nextTryAtMs = scheduler.now() + ms;
    return new Promise((resolve) => {
      const done = (): void => {
        cancel();
        this.#endPause = undefined;
        this.#nextTryAtMs = undefined;
        resolve();
      };
      const cancel = scheduler.after(ms, done);
      this.#endPause = done;
    });
  }
}
