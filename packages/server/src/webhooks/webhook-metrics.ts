import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import type { EventLog } from "../event-log/event-log.ts";
import type { WebhookBook } from "./webhook-book.ts";
import type { AttemptResult, RunnerStatus } from "./webhook-runner.ts";
import type { WebhookStore } from "./webhook-store.ts";

export interface WebhookMetricSources {
  readonly book: Pick<WebhookBook, "all">;
  readonly store: Pick<WebhookStore, "countDeadLetters">;
  readonly statusOf: (id: string) => RunnerStatus | undefined;
  readonly log: Pick<EventLog, "head">;
}

export interface WebhookMetrics {
  countAttempt(result: AttemptResult, tookMs: number): void;
  /** What is read when it is asked for. */
  addGauges(sources: WebhookMetricSources): void;
}

/** Figures of the webhooks for Prometheus ([R47]). */
export function createWebhookMetrics(registry: Registry): WebhookMetrics {
  const registers = [registry];
  const attempts = new Counter({
    name: "pbxx_webhook_attempts_total",
    help: "Tries to deliver: delivered, failed (tried again), dead (given up)",
    labelNames: ["result"],
    registers,
  });
  const times = new Histogram({
    name: "pbxx_webhook_seconds",
    help: "From a try's beginning to its answer",
    buckets: [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers,
  });
  return {
    countAttempt: (result, tookMs) => {
      attempts.inc({ result });
      times.observe(tookMs / 1000);
    },
    addGauges: ({ book, store, statusOf, log }) => {
      const active = () => book.all().filter(({ isActive }) => isActive);
      const lags = () => active().map(({ id }) => log.head() - (statusOf(id)?.progress.seq ?? 0));
      const gauges: Readonly<Record<string, readonly [string, () => number | Promise<number>]>> = {
        pbxx_webhooks_active: ["Webhooks that are on", () => active().length],
        pbxx_webhooks_switched_off: [
          "Webhooks that the system switched off",
          () => book.all().filter(({ isActive, switchedOff }) => !isActive && switchedOff !== undefined).length,
        ],
        pbxx_webhook_events_behind: ["Events that the slowest webhook is behind", () => Math.max(0, ...lags())],
        pbxx_webhook_dead_letters: ["Messages that were given up and are kept", () => store.countDeadLetters()],
      };
      for (const [name, [help, read]] of Object.entries(gauges)) {
        const gauge: Gauge = new Gauge({ name, help, registers, collect: async () => gauge.set(await read()) });
      }
    },
  };
}
