import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import type { NewId } from "../ids.ts";
import { nothing, pageOf } from "../rest/answers.ts";
import { requirePermission } from "../rest/identity-hook.ts";
import { pageQuery, searchPage } from "../rest/paging.ts";
import { ProblemError } from "../rest/problem.ts";
import type { AuditLog } from "../storage/audit-log.ts";
import { trunkDefaults } from "./default-trunk.ts";
import type { Trunk } from "./trunk.ts";
import { type TrunkAnswer, trunkAnswer, trunkTestAnswer } from "./trunk-answer.ts";
import { checkTrunk, trunkChanges, trunkCreation } from "./trunk-schema.ts";
import type { TrunkOutcome, TrunkService } from "./trunk-service.ts";
import type { TrunkTester } from "./trunk-tester.ts";
import { givenFields } from "../rest/given-fields.ts";

export interface TrunkRoutesOptions {
  readonly trunks: TrunkService;
  readonly tester: Pick<TrunkTester, "test">;
  /** Calls over a trunk now. */
  readonly callsOver: (trunkId: string) => number;
  /** Names of the rules that use a trunk. */
  readonly rulesWith: (trunkId: string) => readonly string[];
  readonly audit: Pick<AuditLog, "write">;
  readonly newId: NewId;
}

const tags = ["trunks"];
const params = z.object({ id: z.string() });

/** Trunks ([R7], [R10]); what is changed acts at once. */
export function createTrunkRoutes({ trunks, tester, callsOver, rulesWith, audit, newId }: TrunkRoutesOptions) {
  const response = { 200: trunkAnswer };

  const find = (id: string): Trunk => {
    const trunk = trunks.byId(id);
    if (trunk === undefined) throw new ProblemError(404, "There is no such trunk.");
    return trunk;
  };
  const show = (trunk: Trunk): TrunkAnswer => {
    const { status = "inactive", reason, errorMessage, sinceMs = 0 } = trunks.statusOf(trunk.id) ?? {};
    return {
      ...trunk,
      hasPassword: trunks.passwordOf(trunk.id) !== undefined,
      status,
      ...(reason !== undefined && { statusReason: reason }),
      ...(errorMessage !== undefined && { errorMessage }),
      statusSince: new Date(sinceMs).toISOString(),
      activeCalls: callsOver(trunk.id),
    };
  };

  return (instance: FastifyInstance): void => {
    const app = instance.withTypeProvider<ZodTypeProvider>();
    const list = {
      schema: { tags, summary: "Trunks", querystring: pageQuery, response: { 200: pageOf(trunkAnswer) } },
    };
    app.get("/trunks", list, (request) => {
      requirePermission(request, "trunks.view");
      const page = searchPage(trunks.all(), request.query, ({ name, host }) => `${name} ${host}`);
      return { ...page, data: page.data.map(show) };
    });
    app.get("/trunks/:id", { schema: { tags, summary: "One trunk", params, response } }, (request) => {
      requirePermission(request, "trunks.view");
      return show(find(request.params.id));
    });
    const create = {
      config: { problems: [409, 422] },
      schema: { tags, summary: "Create a trunk", body: trunkCreation, response: { 201: trunkAnswer } },
    };
    app.post("/trunks", create, async (request, reply) => {
      const { userId } = requirePermission(request, "system.configure");
      const { password, name, trunkType, host, ...settings } = request.body;
      // Fields of the schema with values of their own types.
      const optional = givenFields(settings) as Partial<Trunk>;
      const trunk: Trunk = { ...trunkDefaults, id: newId(), name, trunkType, host, ...optional };
      refuseFaults(trunk, password !== undefined && password !== null);
      const created = madeOf(await trunks.create(trunk, password ?? undefined, { via: "admin", userId }));
      audit.write(userId, "trunk.create", created.name, { trunkId: created.id });
      return reply.code(201).send(show(created));
    });
    const patch = {
      config: { problems: [409, 422] },
      schema: { tags, summary: "Change a trunk; calls in progress go on", params, body: trunkChanges, response },
    };
    app.patch("/trunks/:id", patch, async (request) => {
      const { userId } = requirePermission(request, "system.configure");
      const before = find(request.params.id);
      const { password, ...settings } = request.body;
      // A null takes the value away; the schema allows it for optional fields only.
      const changes = Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, value ?? undefined]));
      const secret = password === null ? "" : password;
      const hasPassword = secret === undefined ? trunks.passwordOf(before.id) !== undefined : secret !== "";
      refuseFaults({ ...before, ...changes }, hasPassword);
      const changed = madeOf(await trunks.update(before.id, changes, { via: "admin", userId }, secret));
      audit.write(userId, "trunk.change", changed.name, { trunkId: changed.id, fields: Object.keys(request.body) });
      return show(changed);
    });
    const test = {
      config: { problems: [409, 503] },
      schema: {
        tags,
        summary: "Try a trunk out, also a disabled one: name, far side, user name and password",
        params,
        response: { 200: trunkTestAnswer },
      },
    };
    app.post("/trunks/:id/test", test, async (request) => {
      const { userId } = requirePermission(request, "system.configure");
      const { id, name } = find(request.params.id);
      audit.write(userId, "trunk.test", name, { trunkId: id });
      const found = await tester.test(id);
      if (found.ok) {
        const steps = found.steps.map(({ isOk, ...step }) => ({ ...step, ok: isOk }));
        return { ok: steps.every(({ ok }) => ok), steps };
      }
      if (found.error === "busy") throw new ProblemError(409, "The trunk is being tried out already; wait for it.");
      throw new ProblemError(503, "The engine cannot try the trunk out now.");
    });
    const remove = {
      config: { problems: [409] },
      schema: { tags, summary: "Delete a trunk; calls in progress go on", params, response: { 204: nothing } },
    };
    app.delete("/trunks/:id", remove, async (request, reply) => {
      const { userId } = requirePermission(request, "system.configure");
      const { id, name } = find(request.params.id);
      const used = rulesWith(id);
      if (used.length > 0) throw new ProblemError(409, `The trunk is used by ${used.join(", ")}.`);
      await trunks.remove(id, { via: "admin", userId });
      audit.write(userId, "trunk.delete", name, { trunkId: id });
      return reply.code(204).send();
    });
  };
}

function refuseFaults(trunk: Trunk, hasPassword: boolean): void {
  const errors = checkTrunk(trunk, hasPassword);
  if (errors.length > 0) throw new ProblemError(422, "The trunk cannot work like that.", { errors });
}

function madeOf(outcome: TrunkOutcome): Trunk {
  if (outcome.ok) return outcome.trunk;
  if (outcome.error === "unknown_trunk") throw new ProblemError(404, "There is no such trunk.");
  throw new ProblemError(409, "Another trunk has this name.", { errors: [{ field: "name", message: "is taken" }] });
}
