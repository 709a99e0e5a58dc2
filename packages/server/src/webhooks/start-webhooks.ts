import type { Scheduler } from "@pbx-x/telephony";
import type { Registry } from "prom-client";
import type { Alerts } from "../alerts/start-alerts.ts";
import type { EventLog } from "../event-log/event-log.ts";
import type { NewId } from "../ids.ts";
import type { Database } from "../storage/open-database.ts";
import { createAddressGuard } from "./address-guard.ts";
import { createWebhookBook } from "./webhook-book.ts";
import type { DeliveryLimits } from "./webhook-decision.ts";
import { createWebhookMetrics } from "./webhook-metrics.ts";
import type { WebhookRoutesOptions } from "./webhook-routes.ts";
import { createWebhookSender } from "./webhook-sender.ts";
import { WebhookService } from "./webhook-service.ts";
import { createWebhookStore } from "./webhook-store.ts";

export interface WebhookSettings extends DeliveryLimits {
  readonly timeoutMs: number;
  /** Private networks that may be reached. */
  readonly networks: readonly string[];
  /** This machine may be reached, also by plain HTTP. */
  readonly isLoopbackAllowed: boolean;
}

export interface WebhooksOptions {
  readonly db: Database;
  readonly log: EventLog;
  readonly alerts: Pick<Alerts, "desk">;
  readonly registry: Registry;
  readonly scheduler: Scheduler;
  readonly newId: NewId;
  readonly random: () => number;
  readonly randomBytes: (size: number) => Buffer;
  readonly settings: WebhookSettings;
  readonly version: string;
  readonly onError: (error: unknown) => void;
}

export interface Webhooks {
  readonly service: WebhookService;
  /** What the routes need of it. */
  readonly rest: Pick<WebhookRoutesOptions, "webhooks" | "deliveries" | "deadLetters" | "urlRules" | "randomBytes">;
  stop(): Promise<void>;
}

/** The slice as a whole; goes on where the last run ended ([R42]). */
export async function startWebhooks(options: WebhooksOptions): Promise<Webhooks> {
  const { log, scheduler, settings, version, alerts, randomBytes } = options;
  const { networks, isLoopbackAllowed, timeoutMs } = settings;
  const isAllowed = createAddressGuard({ networks, isLoopbackAllowed });
  const store = createWebhookStore(options);
  const book = await createWebhookBook(store);
  const metrics = createWebhookMetrics(options.registry);
  const service = new WebhookService({
    ...options,
    book,
    store,
    desk: alerts.desk,
    sender: createWebhookSender({ scheduler, isAllowed, timeoutMs, userAgent: `PBX-X/${version}` }),
    limits: settings,
    progress: await store.progress(),
    onAttempt: (result, tookMs) => metrics.countAttempt(result, tookMs),
  });
  metrics.addGauges({ book, store, log, statusOf: (id) => service.status(id) });
  service.start();
  return {
    service,
    rest: {
      webhooks: book,
      deliveries: service,
      deadLetters: store,
      urlRules: { isAllowed, isLoopbackAllowed },
      randomBytes,
    },
    stop: () => service.stop(),
  };
}
