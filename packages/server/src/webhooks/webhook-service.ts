import type { Scheduler } from "@pbx-x/telephony";
import type { AlertDesk, Standing } from "../alerts/alert-desk.ts";
import type { EventLog } from "../event-log/event-log.ts";
import type { NewId } from "../ids.ts";
import type { WebhookEndpoint, WebhookMessage, WebhookProgress } from "./webhook.ts";
import type { WebhookBook, WebhookOutcome } from "./webhook-book.ts";
import { type DeliveryLimits, type DeliveryOutcome, decideDelivery } from "./webhook-decision.ts";
import { type AttemptResult, type RunnerStatus, WebhookRunner } from "./webhook-runner.ts";
import type { WebhookSender } from "./webhook-sender.ts";
import type { WebhookStore } from "./webhook-store.ts";

export interface WebhookServiceOptions {
  readonly book: WebhookBook;
  readonly store: WebhookStore;
  readonly log: EventLog;
  readonly sender: WebhookSender;
  readonly scheduler: Scheduler;
  readonly newId: NewId;
  readonly random: () => number;
  readonly limits: DeliveryLimits;
  readonly desk: Pick<AlertDesk, "watch">;
  /** As the last run left it. */
  readonly progress: ReadonlyMap<string, WebhookProgress>;
  readonly onAttempt: (result: AttemptResult, tookMs: number) => void;
  readonly onError: (error: unknown) => void;
}

/** How a single try by hand ended. */
export interface HandResult {
  readonly isDelivered: boolean;
  readonly outcome: DeliveryOutcome;
}

/** All endpoints with their runners; what switches them off tells by an alert ([R42], [R44]). */
export class WebhookService {
  readonly #options: WebhookServiceOptions;
  readonly #runners = new Map<string, WebhookRunner>();
  /** As it was when its runner heard of it last. */
  readonly #seen = new Map<string, WebhookEndpoint>();
  readonly #tells = new Map<string, (standing: Standing) => void>();
  readonly #byHand = new AbortController();
  readonly #ends: (() => void)[] = [];

  constructor(options: WebhookServiceOptions) {
    this.#options = options;
  }

  start(): void {
    const { book, log, progress } = this.#options;
    // Rather twice than never, where nothing is known.
    const fallback = { epoch: log.epoch, seq: log.oldest() - 1, attempts: 0 };
    for (const { id } of book.all()) this.#run(id, progress.get(id) ?? fallback);
    this.#ends.push(
      book.onChanged(() => this.#follow()),
      log.onCommitted((batch) => {
        for (const runner of this.#runners.values()) runner.wake(batch);
      }),
    );
    this.#follow();
  }

  async stop(): Promise<void> {
    for (const end of this.#ends) end();
    this.#byHand.abort();
    await Promise.all([...this.#runners.values()].map((runner) => runner.stop()));
    await this.#options.store.flush();
    this.#options.sender.close();
  }

  /** It gets what happens from now on; its place in the log is kept before it is. */
  async create(endpoint: WebhookEndpoint): Promise<WebhookOutcome> {
    const { book, store } = this.#options;
    const progress = this.#now();
    store.putProgress(endpoint.id, progress);
    await store.flush();
    this.#run(endpoint.id, progress);
    const outcome = await book.create(endpoint);
    if (!outcome.ok) {
      this.#runners.delete(endpoint.id);
      await store.remove(endpoint.id);
    }
    return outcome;
  }

  status(id: string): RunnerStatus | undefined {
    return this.#runners.get(id)?.status();
  }

  /** Leaves out all that waits and goes on with what happens from now on. */
  async skip(id: string): Promise<void> {
    await this.#runners.get(id)?.stop();
    const progress = this.#now();
    this.#options.store.putProgress(id, progress);
    if (this.#options.book.byId(id) !== undefined) this.#run(id, progress).wake();
  }

  /** Sends one message now, beside what waits. */
  async sendNow(endpoint: WebhookEndpoint, message: WebhookMessage): Promise<HandResult> {
    const { sender, scheduler, limits } = this.#options;
    const outcome = await sender.send(endpoint, message, this.#byHand.signal);
    const context = { nowMs: scheduler.now(), random: 0, limits };
    return { isDelivered: decideDelivery(outcome, { attempts: 0 }, context).kind === "delivered", outcome };
  }

  /** What a new receiver is tried out with. */
  testMessage({ id }: WebhookEndpoint): WebhookMessage {
    const { scheduler, newId } = this.#options;
    const type = "WEBHOOK_TEST";
    const timestamp = new Date(scheduler.now()).toISOString();
    return { id: newId(), type, body: JSON.stringify({ type, timestamp, data: { webhookId: id } }) };
  }

  #now(): WebhookProgress {
    const { log } = this.#options;
    return { epoch: log.epoch, seq: log.head(), attempts: 0 };
  }

  #run(id: string, progress: WebhookProgress): WebhookRunner {
    const { book, store } = this.#options;
    const runner = new WebhookRunner({
      ...this.#options,
      endpoint: () => book.byId(id),
      progress,
      putProgress: (reached) => {
        if (book.byId(id) !== undefined) store.putProgress(id, reached);
      },
      addDeadLetter: (letter) => store.addDeadLetter(letter),
      switchOff: (why, reason) => this.#switchOff(id, why, reason),
    });
    this.#runners.set(id, runner);
    return runner;
  }

  async #switchOff(id: string, why: "gone" | "failing", reason: string): Promise<void> {
    const { book, scheduler } = this.#options;
    const switchedOff = { reason: why, atMs: scheduler.now(), message: reason };
    await book.update(id, (endpoint) => ({ ...endpoint, isActive: false, switchedOff }));
  }

  #follow(): void {
    const { book, onError } = this.#options;
    for (const id of this.#seen.keys()) {
      if (book.byId(id) !== undefined) continue;
      this.#runners.get(id)?.stop().catch(onError);
      this.#tells.get(id)?.({ severity: "info", message: "The webhook was deleted" });
      for (const map of [this.#runners, this.#tells, this.#seen]) map.delete(id);
    }
    for (const endpoint of book.all()) {
      if (this.#seen.get(endpoint.id) === endpoint) continue;
      this.#seen.set(endpoint.id, endpoint);
      this.#tell(endpoint);
      this.#runners.get(endpoint.id)?.changed();
    }
  }

  #tell({ id, name, isActive, switchedOff }: WebhookEndpoint): void {
    const tell = this.#tells.get(id) ?? this.#options.desk.watch({ category: "service" });
    this.#tells.set(id, tell);
    if (isActive || switchedOff === undefined) {
      return tell({ severity: "info", message: `The webhook "${name}" is on again` });
    }
    const why = switchedOff.reason === "gone" ? "its receiver is gone" : "nothing was taken for long";
    tell({ severity: "error", message: `The webhook "${name}" was switched off: ${why} (${switchedOff.message})` });
  }
}
