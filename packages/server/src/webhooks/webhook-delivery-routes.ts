import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import { nothing, pageOf } from "../rest/answers.ts";
import { requirePermission } from "../rest/identity-hook.ts";
import { asPage, pageQuery } from "../rest/paging.ts";
import { ProblemError } from "../rest/problem.ts";
import type { WebhookEndpoint } from "./webhook.ts";
import { deadLetterAnswer, handAnswer, showDeadLetter, showTry, webhookAnswer } from "./webhook-answer.ts";
import type { WebhookRoutesOptions } from "./webhook-routes.ts";

export interface DeliveryRoutesOptions extends Pick<WebhookRoutesOptions, "deliveries" | "deadLetters" | "audit"> {
  /** Throws a 404 where there is none. */
  readonly find: (id: string) => WebhookEndpoint;
  readonly show: (endpoint: WebhookEndpoint) => z.output<typeof webhookAnswer>;
}

const tags = ["webhooks"];
const params = z.object({ id: z.string() });
const letterParams = z.object({ id: z.string(), messageId: z.string().max(128) });

/** What is done by hand: trying out, leaving out, and what could not be delivered ([R43]). */
export function addDeliveryRoutes(instance: FastifyInstance, options: DeliveryRoutesOptions): void {
  const { deliveries, deadLetters, audit, find, show } = options;
  const app = instance.withTypeProvider<ZodTypeProvider>();

  const test = {
    schema: {
      tags,
      summary: "Send a WEBHOOK_TEST now, also where it is switched off",
      params,
      response: { 200: handAnswer },
    },
  };
  app.post("/webhooks/:id/test", test, async (request) => {
    const { userId } = requirePermission(request, "system.configure");
    const endpoint = find(request.params.id);
    audit.write(userId, "webhook.test", endpoint.name, { webhookId: endpoint.id });
    return showTry(await deliveries.sendNow(endpoint, deliveries.testMessage(endpoint)));
  });
  const skip = {
    schema: {
      tags,
      summary: "Leave out all that waits; what happens from now on is delivered",
      params,
      response: { 200: webhookAnswer },
    },
  };
  app.post("/webhooks/:id/skip", skip, async (request) => {
    const { userId } = requirePermission(request, "system.configure");
    const endpoint = find(request.params.id);
    await deliveries.skip(endpoint.id);
    audit.write(userId, "webhook.skip", endpoint.name, { webhookId: endpoint.id });
    return show(find(endpoint.id));
  });
  const list = {
    schema: {
      tags,
      summary: "Messages that could not be delivered, the newest first",
      params,
      querystring: pageQuery.omit({ search: true }),
      response: { 200: pageOf(deadLetterAnswer) },
    },
  };
  app.get("/webhooks/:id/dead-letters", list, async (request) => {
    requirePermission(request, "system.configure");
    const { page, limit } = request.query;
    const { letters, total } = await deadLetters.deadLetters({ endpointId: find(request.params.id).id, page, limit });
    return asPage(letters.map(showDeadLetter), total, request.query);
  });
  const resend = {
    schema: {
      tags,
      summary: "Send it again now; once it is taken it is no dead letter any more",
      params: letterParams,
      response: { 200: handAnswer },
    },
  };
  app.post("/webhooks/:id/dead-letters/:messageId/resend", resend, async (request) => {
    const { userId } = requirePermission(request, "system.configure");
    const { id, messageId } = request.params;
    const endpoint = find(id);
    const letter = await deadLetters.deadLetter(id, messageId);
    if (letter === undefined) throw new ProblemError(404, "There is no such dead letter.");
    audit.write(userId, "webhook.resend", endpoint.name, { webhookId: id, messageId });
    const result = await deliveries.sendNow(endpoint, letter);
    if (result.isDelivered) await deadLetters.removeDeadLetter(id, messageId);
    return showTry(result);
  });
  const drop = { schema: { tags, summary: "Delete a dead letter", params: letterParams, response: { 204: nothing } } };
  app.delete("/webhooks/:id/dead-letters/:messageId", drop, async (request, reply) => {
    const { userId } = requirePermission(request, "system.configure");
    const { id, messageId } = request.params;
    const { name } = find(id);
    if (!(await deadLetters.removeDeadLetter(id, messageId))) {
      throw new ProblemError(404, "There is no such dead letter.");
    }
    audit.write(userId, "webhook.dropDeadLetter", name, { webhookId: id, messageId });
    return reply.code(204).send();
  });
}
