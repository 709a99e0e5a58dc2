import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import { nothing } from "../rest/answers.ts";
import { requirePermission } from "../rest/identity-hook.ts";
import { ProblemError } from "../rest/problem.ts";
import type { AuditLog } from "../storage/audit-log.ts";
import type { Callback } from "./callback.ts";
import type { CallbackDesk } from "./callback-desk.ts";
import type { QueueDirectory } from "./queue.ts";

export interface CallbackRoutesOptions {
  readonly queues: Pick<QueueDirectory, "byId">;
  readonly callbacks: Pick<CallbackDesk, "all" | "giveUp">;
  readonly audit: Pick<AuditLog, "write">;
}

const tags = ["queues"];
const params = z.object({ id: z.string() });

const callbackAnswer = z
  .object({
    callbackId: z.string(),
    callId: z.string().describe("The call that entered the queue."),
    caller: z.object({ number: z.string(), name: z.string().exactOptional() }),
    enteredAt: z.iso.datetime(),
    expiresAt: z.iso.datetime(),
    failedAttempts: z.int(),
    nextAttemptAt: z.iso.datetime().exactOptional(),
    isBeingCalled: z.boolean().describe("An agent is asked, or the caller is being dialled."),
  })
  .meta({ id: "Callback" });

/** Who is to be called back, the first one first; supervisors take somebody out ([Q15]). */
export function createCallbackRoutes({ queues, callbacks, audit }: CallbackRoutesOptions) {
  const inQueue = (id: string): readonly Callback[] => {
    if (queues.byId(id) === undefined) throw new ProblemError(404, "There is no such queue.");
    return callbacks.all().filter(({ entry }) => entry.queueId === id);
  };
  return (instance: FastifyInstance): void => {
    const app = instance.withTypeProvider<ZodTypeProvider>();
    const list = z.object({ data: z.array(callbackAnswer).readonly() });
    const schema = { tags, summary: "Who is to be called back", params, response: { 200: list } };
    app.get("/queues/:id/callbacks", { schema }, (request) => {
      requirePermission(request, "calls.view.all");
      const found = inQueue(request.params.id);
      return { data: found.toSorted((a, b) => a.entry.enteredAtMs - b.entry.enteredAtMs).map(show) };
    });

    const removal = {
      config: { problems: [409] },
      schema: {
        tags,
        summary: "Somebody is not called back any more",
        params: params.extend({ callbackId: z.string() }),
        response: { 204: nothing },
      },
    };
    app.delete("/queues/:id/callbacks/:callbackId", removal, (request, reply) => {
      const { userId } = requirePermission(request, "calls.control.all");
      const { id, callbackId } = request.params;
      const callback = inQueue(id).find((one) => one.callbackId === callbackId);
      if (callback === undefined) throw new ProblemError(404, "Nobody waits under this id.");
      if (callback.attemptCallId !== undefined)
        throw new ProblemError(409, "This caller is being called at this moment.");
      callbacks.giveUp(callback, "cancelled");
      audit.write(userId, "queue.callback.cancel", callback.entry.queueName, { callbackId });
      return reply.code(204).send();
    });
  };
}

function show({
  callbackId,
  callId,
  caller,
  entry,
  expiresAtMs,
  failedAttempts,
  notBeforeMs,
  attemptCallId,
}: Callback) {
  const time = (ms: number): string => new Date(ms).toISOString();
  const { number, name } = caller;
  return {
    callbackId,
    callId,
    caller: { number, ...(name !== undefined && { name }) },
    enteredAt: time(entry.enteredAtMs),
    expiresAt: time(expiresAtMs),
    failedAttempts,
    ...(notBeforeMs > 0 && { nextAttemptAt: time(notBeforeMs) }),
    isBeingCalled: attemptCallId !== undefined,
  };
}
