import { eventTable, eventTypes, type LoggedEventType } from "@pbx-x/protocol";
import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import type { EventLog } from "../event-log/event-log.ts";
import type { NewId } from "../ids.ts";
import { nothing, pageOf, time } from "../rest/answers.ts";
import { requirePermission } from "../rest/identity-hook.ts";
import { pageQuery, searchPage } from "../rest/paging.ts";
import { ProblemError } from "../rest/problem.ts";
import type { AuditLog } from "../storage/audit-log.ts";
import { type WebhookEndpoint, webhookLimits } from "./webhook.ts";
import { showWebhook, webhookAnswer, webhookMade } from "./webhook-answer.ts";
import type { WebhookBook, WebhookOutcome } from "./webhook-book.ts";
import { addDeliveryRoutes } from "./webhook-delivery-routes.ts";
import { faultOfChannel } from "./webhook-filter.ts";
import type { WebhookService } from "./webhook-service.ts";
import { createSecret, rotateSecrets } from "./webhook-signature.ts";
import type { WebhookStore } from "./webhook-store.ts";
import { faultOfUrl, type UrlRules } from "./webhook-url.ts";

export interface WebhookRoutesOptions {
  readonly webhooks: WebhookBook;
  readonly deliveries: Pick<WebhookService, "create" | "status" | "skip" | "sendNow" | "testMessage">;
  readonly deadLetters: Pick<WebhookStore, "deadLetters" | "deadLetter" | "addDeadLetter" | "removeDeadLetter">;
  readonly urlRules: UrlRules;
  readonly log: EventLog;
  readonly audit: Pick<AuditLog, "write">;
  readonly newId: NewId;
  readonly now: () => number;
  /** Bytes that nobody can guess. */
  readonly randomBytes: (size: number) => Buffer;
}

/** Types that have a place in the log; the others are not delivered. */
const types = eventTypes.filter((type) => !eventTable[type].isEphemeral) as readonly LoggedEventType[];
const channel = z.string().min(1).max(200);
const settings = {
  eventTypes: z.array(z.enum(types)).max(types.length).optional().describe("None: all."),
  channels: z.array(channel).max(webhookLimits.channels).optional().describe("None: all."),
  isActive: z.boolean().optional(),
};
const name = z.string().trim().min(1).max(100);
const url = z.string().min(1).max(webhookLimits.urlLength);
const creation = z.strictObject({ name, url, ...settings });
const changes = z.strictObject({ name: name.optional(), url: url.optional(), ...settings });
const rotation = z.strictObject({
  overlapHours: z
    .int()
    .min(0)
    .max(webhookLimits.overlapHours)
    .default(24)
    .describe("How long the old secret signs on beside the new one; 0: no longer."),
});
const rotated = z.object({ secret: z.string(), previousSecretUntil: time.exactOptional() });

const tags = ["webhooks"];
const params = z.object({ id: z.string() });

/** Receivers of events ([R40]); for administrators. */
export function createWebhookRoutes(options: WebhookRoutesOptions) {
  const { webhooks, deliveries, urlRules, log, audit, newId, now, randomBytes } = options;
  const find = (id: string): WebhookEndpoint => {
    const endpoint = webhooks.byId(id);
    if (endpoint === undefined) throw new ProblemError(404, "There is no such webhook.");
    return endpoint;
  };
  const show = (endpoint: WebhookEndpoint) => showWebhook(endpoint, deliveries.status(endpoint.id), log.head());
  const refuseFaults = (endpoint: Pick<WebhookEndpoint, "url" | "channels">): void => {
    const fault = faultOfUrl(endpoint.url, urlRules);
    const errors = [
      ...(fault === undefined ? [] : [{ field: "url", message: fault }]),
      ...endpoint.channels.flatMap((one) => {
        const message = faultOfChannel(one);
        return message === undefined ? [] : [{ field: "channels", message }];
      }),
    ];
    if (errors.length > 0) throw new ProblemError(422, "The webhook cannot work like that.", { errors });
  };

  return (instance: FastifyInstance): void => {
    const app = instance.withTypeProvider<ZodTypeProvider>();
    const response = { 200: webhookAnswer };
    const list = {
      schema: { tags, summary: "Webhooks", querystring: pageQuery, response: { 200: pageOf(webhookAnswer) } },
    };
    app.get("/webhooks", list, (request) => {
      requirePermission(request, "system.configure");
      const page = searchPage(webhooks.all(), request.query, (one) => `${one.name} ${one.url}`);
      return { ...page, data: page.data.map(show) };
    });
    app.get("/webhooks/:id", { schema: { tags, summary: "One webhook", params, response } }, (request) => {
      requirePermission(request, "system.configure");
      return show(find(request.params.id));
    });
    const create = {
      config: { problems: [409, 422] },
      schema: { tags, summary: "Create a webhook", body: creation, response: { 201: webhookMade } },
    };
    app.post("/webhooks", create, async (request, reply) => {
      const { userId } = requirePermission(request, "system.configure");
      const { isActive = true, eventTypes: wanted = [], channels = [], ...given } = request.body;
      const secret = createSecret(randomBytes);
      const endpoint: WebhookEndpoint = {
        id: newId(),
        ...given,
        isActive,
        channels,
        eventTypes: wanted,
        secrets: [{ value: secret }],
        createdAtMs: now(),
      };
      refuseFaults(endpoint);
      const made = madeOf(await deliveries.create(endpoint));
      audit.write(userId, "webhook.create", made.name, { webhookId: made.id });
      return reply.code(201).send({ ...show(made), secret });
    });
    const patch = {
      config: { problems: [422] },
      schema: { tags, summary: "Change a webhook, switch it off or on", params, body: changes, response },
    };
    app.patch("/webhooks/:id", patch, async (request) => {
      const { userId } = requirePermission(request, "system.configure");
      const given = Object.entries(request.body).filter(([, value]) => value !== undefined);
      // Fields of the schema with values of their own types.
      const changed = Object.fromEntries(given) as Partial<WebhookEndpoint>;
      refuseFaults({ ...find(request.params.id), ...changed });
      const outcome = await webhooks.update(request.params.id, ({ switchedOff, ...before }) => ({
        ...before,
        ...changed,
        // Who sets it by hand knows.
        ...(switchedOff !== undefined && changed.isActive === undefined && { switchedOff }),
      }));
      const endpoint = madeOf(outcome);
      audit.write(userId, "webhook.change", endpoint.name, {
        webhookId: endpoint.id,
        fields: Object.keys(request.body),
      });
      return show(endpoint);
    });
    const rotate = {
      schema: { tags, summary: "A new secret, shown this once", params, body: rotation, response: { 200: rotated } },
    };
    app.post("/webhooks/:id/secret", rotate, async (request) => {
      const { userId } = requirePermission(request, "system.configure");
      const secret = createSecret(randomBytes);
      const overlapMs = request.body.overlapHours * 3600_000;
      const outcome = await webhooks.update(request.params.id, (before) => ({
        ...before,
        secrets: rotateSecrets(before.secrets, secret, now(), overlapMs),
      }));
      const endpoint = madeOf(outcome);
      audit.write(userId, "webhook.rotateSecret", endpoint.name, { webhookId: endpoint.id });
      const { previousSecretUntil } = show(endpoint);
      return { secret, ...(previousSecretUntil !== undefined && { previousSecretUntil }) };
    });
    const remove = { schema: { tags, summary: "Delete a webhook", params, response: { 204: nothing } } };
    app.delete("/webhooks/:id", remove, async (request, reply) => {
      const { userId } = requirePermission(request, "system.configure");
      const { id, name: subject } = madeOf(await webhooks.remove(request.params.id));
      audit.write(userId, "webhook.delete", subject, { webhookId: id });
      return reply.code(204).send();
    });
    addDeliveryRoutes(app, { ...options, find, show });
  };
}

function madeOf(outcome: WebhookOutcome): WebhookEndpoint {
  if (outcome.ok) return outcome.endpoint;
  if (outcome.reason === "no_such_webhook") throw new ProblemError(404, "There is no such webhook.");
  throw new ProblemError(409, `There are ${webhookLimits.endpoints} webhooks already; delete one first.`);
}
