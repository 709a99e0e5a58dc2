import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import type { AgentService } from "../agents/agent-service.ts";
import type { ExtensionDirectory } from "../extensions/extension.ts";
import type { NewId } from "../ids.ts";
import { nothing, pageOf } from "../rest/answers.ts";
import { requirePermission } from "../rest/identity-hook.ts";
import { pageQuery, searchPage } from "../rest/paging.ts";
import { type FieldProblem, ProblemError } from "../rest/problem.ts";
import type { AuditLog } from "../storage/audit-log.ts";
import { type Queue, queueDefaults, type QueueMember } from "./queue.ts";
import type { QueueBook, QueueOutcome } from "./queue-book.ts";
import { shownFigures, midnight } from "./queue-figures-service.ts";
import { sumOf } from "./queue-figures.ts";
import { intervalMs, type QueueInterval } from "./queue-intervals.ts";
import type { QueueFiguresSource } from "./start-queues.ts";
import { memberAnswer, memberList, queueAnswer, queueChanges, queueCreation, statsAnswer } from "./queue-schemas.ts";

export interface QueueRoutesOptions {
  readonly queues: QueueBook;
  readonly agents: Pick<AgentService, "ofExtension">;
  readonly extensions: Pick<ExtensionDirectory, "byId">;
  readonly figures: QueueFiguresSource;
  readonly now: () => number;
  readonly newId: NewId;
  readonly audit: Pick<AuditLog, "write">;
}

const tags = ["queues"];
const params = z.object({ id: z.string() });

/** Queues and who belongs to them ([R7], [R10]). */
export function createQueueRoutes({ queues, agents, extensions, figures, now, newId, audit }: QueueRoutesOptions) {
  /** Without the members whose extensions are no more. */
  const present = (queue: Queue): Queue => ({
    ...queue,
    members: queue.members.filter(({ extensionId }) => extensions.byId(extensionId) !== undefined),
  });
  const find = (id: string): Queue => {
    const queue = queues.byId(id);
    if (queue === undefined) throw new ProblemError(404, "There is no such queue.");
    return present(queue);
  };
  const memberOf = (queueId: string, member: QueueMember) => {
    const agent = agents.ofExtension(member.extensionId);
    const isLoggedIn = agent?.memberships.some((one) => one.queueId === queueId) === true;
    const extension = extensions.byId(member.extensionId);
    return {
      ...member,
      number: extension?.number ?? "",
      name: extension?.displayName ?? "",
      isLoggedIn,
      status: isLoggedIn ? (agent?.status ?? "offline") : ("offline" as const),
    };
  };
  const check = (queue: Queue): Queue => {
    const errors = faultsOf(queue, (id) => extensions.byId(id) !== undefined);
    if (errors.length > 0) throw new ProblemError(422, "The queue cannot work so.", { errors });
    return queue;
  };
  return (instance: FastifyInstance): void => {
    const app = instance.withTypeProvider<ZodTypeProvider>();
    const list = { tags, summary: "Queues; with the `.own` right those that one belongs to", querystring: pageQuery };
    app.get("/queues", { schema: { ...list, response: { 200: pageOf(queueAnswer) } } }, (request) => {
      const { permissions, queueIds } = requirePermission(request, "queues.view.own");
      const seen = queues.all().filter(({ id }) => permissions.has("queues.view.all") || queueIds.includes(id));
      const page = searchPage(seen, request.query, ({ name, extensionNumber }) => `${name} ${extensionNumber}`);
      return { ...page, data: page.data.map(present) };
    });

    const get = { schema: { tags, summary: "A queue", params, response: { 200: queueAnswer } } };
    app.get("/queues/:id", get, (request) => {
      requirePermission(request, "queues.view.all");
      return find(request.params.id);
    });

    const create = {
      config: { problems: [409, 422] },
      schema: { tags, summary: "A new queue", body: queueCreation, response: { 201: queueAnswer } },
    };
    app.post("/queues", create, async (request, reply) => {
      const { userId } = requirePermission(request, "system.configure");
      const { name, extensionNumber, overflowDestination, ...given } = request.body;
      const queue = { ...queueDefaults, ...definedOf(given), id: newId(), name, extensionNumber };
      const outcome = await queues.create(
        check(typeof overflowDestination === "string" ? { ...queue, overflowDestination } : queue),
      );
      const created = resultOf(outcome);
      audit.write(userId, "queue.create", created.name, { extensionNumber });
      return reply.code(201).send(created);
    });

    const patch = {
      config: { problems: [409, 422] },
      schema: {
        tags,
        summary: "Change a queue; calls that wait go on waiting, by the new rules",
        params,
        body: queueChanges,
        response: { 200: queueAnswer },
      },
    };
    app.patch("/queues/:id", patch, async (request) => {
      const { userId } = requirePermission(request, "system.configure");
      const { overflowDestination, ...given } = request.body;
      const outcome = await queues.update(request.params.id, (before) => {
        const { overflowDestination: kept, ...rest } = present(before);
        const destination = overflowDestination === undefined ? kept : (overflowDestination ?? undefined);
        const changed = { ...rest, ...definedOf(given) };
        return check(destination === undefined ? changed : { ...changed, overflowDestination: destination });
      });
      const queue = resultOf(outcome);
      audit.write(userId, "queue.update", queue.name, { changed: Object.keys(request.body) });
      return queue;
    });

    const remove = {
      schema: {
        tags,
        summary: "Remove a queue; calls that wait there end, its agents are logged out of it",
        params,
        response: { 204: nothing },
      },
    };
    app.delete("/queues/:id", remove, async (request, reply) => {
      const { userId } = requirePermission(request, "system.configure");
      const queue = resultOf(await queues.remove(request.params.id));
      audit.write(userId, "queue.delete", queue.name, {});
      return reply.code(204).send();
    });

    const members = {
      schema: { tags, summary: "Who belongs to a queue, and what they do", params, response: { 200: membersAnswer } },
    };
    app.get("/queues/:id/members", members, (request) => {
      requirePermission(request, "queues.view.all");
      const queue = find(request.params.id);
      return { data: queue.members.map((member) => memberOf(queue.id, member)) };
    });

    const stats = {
      config: { problems: [422] },
      schema: {
        tags,
        summary: "A queue's figures: now, in sum, and by intervals",
        params,
        querystring: statsQuery,
        response: { 200: statsAnswer },
      },
    };
    app.get("/queues/:id/stats", stats, async (request) => {
      requirePermission(request, "queues.view.all");
      const { id, name } = find(request.params.id);
      const { from, to, intervalMinutes } = request.query;
      const toMs = to === undefined ? now() : Date.parse(to);
      const fromMs = from === undefined ? midnight(now()) : Date.parse(from);
      if (toMs - fromMs > longestMs || toMs < fromMs) {
        throw new ProblemError(422, "`from` has to be before `to`, by 31 days at most.");
      }
      await figures.flush();
      const kept = await figures.list(id, Math.floor(fromMs / intervalMs) * intervalMs, toMs, longestMs / intervalMs);
      const lengthMs = intervalMinutes * 60_000;
      const groups = new Map<number, QueueInterval[]>();
      for (const interval of kept) {
        const start = Math.floor(interval.startMs / lengthMs) * lengthMs;
        groups.set(start, [...(groups.get(start) ?? []), interval]);
      }
      const sum = (some: readonly QueueInterval[]) => shownFigures(sumOf(some.map((one) => one.figures)));
      return {
        queueId: id,
        queueName: name,
        now: figures.now(id),
        total: sum(kept),
        intervals: [...groups].map(([start, some]) => ({
          from: new Date(start).toISOString(),
          to: new Date(start + lengthMs).toISOString(),
          ...sum(some),
        })),
      };
    });

    const put = {
      config: { problems: [422] },
      schema: {
        tags,
        summary: "Who belongs to a queue; who is logged in stays so until the log-out",
        params,
        body: memberList,
        response: { 200: membersAnswer },
      },
    };
    app.put("/queues/:id/members", put, async (request) => {
      const { userId } = requirePermission(request, "system.configure");
      const queue = resultOf(
        await queues.update(request.params.id, (before) => check({ ...before, members: request.body.members })),
      );
      audit.write(userId, "queue.members", queue.name, { members: queue.members.length });
      return { data: queue.members.map((member) => memberOf(queue.id, member)) };
    });
  };
}

/** Longest time that figures are given for. */
const longestMs = 31 * 86_400_000;
const statsQuery = z.object({
  from: z.iso.datetime().optional().describe("Left out: since midnight."),
  to: z.iso.datetime().optional().describe("Left out: now."),
  intervalMinutes: z.coerce
    .number()
    .pipe(z.union([z.literal(15), z.literal(30), z.literal(60), z.literal(1440)]))
    .default(60),
});

const membersAnswer = z.object({ data: z.array(memberAnswer).readonly() });

type Definite<Fields> = { [Name in keyof Fields]?: Exclude<Fields[Name], undefined> };

function definedOf<Fields extends object>(fields: Fields): Definite<Fields> {
  // The same fields without those that were not given.
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Definite<Fields>;
}

function resultOf(outcome: QueueOutcome): Queue {
  if (outcome.ok) return outcome.queue;
  switch (outcome.reason) {
    case "no_such_queue":
      throw new ProblemError(404, "There is no such queue.");
    case "number_taken":
      throw new ProblemError(409, "Another queue, an extension or a parking slot has this number.");
    case "too_many":
      throw new ProblemError(409, "There are as many queues as there may be.");
  }
}

function faultsOf(queue: Queue, isExtension: (id: string) => boolean): readonly FieldProblem[] {
  const { overflowAction, overflowDestination, extensionNumber, members } = queue;
  const problems: FieldProblem[] = [];
  if (overflowAction !== "hangup" && overflowDestination === undefined) {
    problems.push({ field: "overflowDestination", message: `is needed with ${overflowAction}` });
  }
  if (overflowDestination === extensionNumber) {
    problems.push({ field: "overflowDestination", message: "is the queue itself" });
  }
  members.forEach(({ extensionId }, at) => {
    if (!isExtension(extensionId)) {
      problems.push({ field: `members.${at}.extensionId`, message: "There is no such extension." });
    }
    if (members.findIndex((other) => other.extensionId === extensionId) !== at) {
      problems.push({ field: `members.${at}.extensionId`, message: "is there twice" });
    }
  });
  return problems;
}
