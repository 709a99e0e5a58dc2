import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { NewId } from "../ids.ts";
import { nothing, pageOf } from "../rest/answers.ts";
import { requirePermission } from "../rest/identity-hook.ts";
import { pageQuery, searchPage } from "../rest/paging.ts";
import { type FieldProblem, ProblemError } from "../rest/problem.ts";
import type { AuditLog } from "../storage/audit-log.ts";
import type { RoutingRecords, RoutingTable, RuleBook } from "./rule-book.ts";

/** One kind of records that an administrator keeps. */
export interface RecordKind<Table extends RoutingTable> {
  readonly table: Table;
  readonly path: string;
  /** e.g. `outbound rule`. */
  readonly noun: string;
  /** In the audit log, e.g. `rule.outbound`, before `.create`. */
  readonly action: string;
  readonly creation: z.ZodType;
  readonly changes: z.ZodType;
  readonly answer: z.ZodType<RoutingRecords[Table]>;
  /** What a new one has where nothing is said. */
  readonly defaults: Partial<RoutingRecords[Table]>;
  /** What does not fit the rest of the configuration. */
  readonly problemsOf: (record: RoutingRecords[Table]) => readonly FieldProblem[];
}

export interface RecordRoutesOptions {
  readonly rules: RuleBook;
  readonly audit: Pick<AuditLog, "write">;
  readonly newId: NewId;
}

interface WithId {
  readonly Params: { readonly id: string };
}

/** Most records of one kind. */
const maximumRecords = 1000;

/** List, read, make, change, delete ([R7], [G21]). */
export function createRecordRoutes<Table extends RoutingTable>(
  kind: RecordKind<Table>,
  { rules, audit, newId }: RecordRoutesOptions,
) {
  const { table, path, noun, action, answer, problemsOf } = kind;
  const tags = ["routing"];
  const params = z.object({ id: z.string().max(128) });
  const response = { 200: answer };
  const mustFind = (id: string): RoutingRecords[Table] => {
    const record = rules.find(table, id);
    if (record === undefined) throw new ProblemError(404, `There is no such ${noun}.`);
    return record;
  };
  const check = (record: RoutingRecords[Table]): void => {
    const errors = problemsOf(record);
    if (errors.length > 0) throw new ProblemError(422, `The ${noun} does not fit the configuration.`, { errors });
  };
  // Without the type provider, which cannot follow schemas of an open kind: what they let through is typed here.
  return (app: FastifyInstance): void => {
    const list = {
      tags,
      summary: `All of the kind ${noun}`,
      querystring: pageQuery,
      response: { 200: pageOf(answer) },
    };
    app.get<{ Querystring: z.output<typeof pageQuery> }>(path, { schema: list }, (request) => {
      requirePermission(request, "system.configure");
      return searchPage(rules.list(table), request.query, ({ name }) => name);
    });
    app.get<WithId>(`${path}/:id`, { schema: { tags, summary: `One ${noun}`, params, response } }, (request) => {
      requirePermission(request, "system.configure");
      return mustFind(request.params.id);
    });
    const create = {
      config: { problems: [422] },
      schema: {
        tags,
        summary: `Make an ${noun}`.replace(/an (?=t)/, "a "),
        body: kind.creation,
        response: { 201: answer },
      },
    };
    app.post(path, create, async (request, reply) => {
      const by = requirePermission(request, "system.configure");
      const record = toRecord<Table>({ ...kind.defaults, id: newId() }, request.body);
      await rules.change(table, record.id, () => {
        if (rules.list(table).length >= maximumRecords) {
          throw new ProblemError(422, `There are ${maximumRecords} of the kind ${noun} already.`);
        }
        check(record);
        return record;
      });
      audit.write(by.userId, `${action}.create`, record.id, { name: record.name });
      return reply.code(201).send(record);
    });
    const patch = {
      config: { problems: [422] },
      schema: { tags, summary: `Change one ${noun}`, params, body: kind.changes, response },
    };
    app.patch<WithId>(`${path}/:id`, patch, async (request) => {
      const by = requirePermission(request, "system.configure");
      const { id } = request.params;
      const record = await rules.change(table, id, (before) => {
        if (before === undefined) throw new ProblemError(404, `There is no such ${noun}.`);
        const after = toRecord<Table>(before, request.body);
        check(after);
        return after;
      });
      audit.write(by.userId, `${action}.update`, id, { name: record.name, changed: Object.keys(Object(request.body)) });
      return record;
    });
    const remove = {
      config: { problems: [409] },
      schema: { tags, summary: `Delete one ${noun}`, params, response: { 204: nothing } },
    };
    app.delete<WithId>(`${path}/:id`, remove, async (request, reply) => {
      const by = requirePermission(request, "system.configure");
      const { id } = request.params;
      const { name } = mustFind(id);
      await rules.remove(table, id, () => {
        mustFind(id);
        const users = rules.usersOf(id);
        if (users.length > 0) throw new ProblemError(409, `The ${noun} is used by ${users.join(", ")}.`);
      });
      audit.write(by.userId, `${action}.delete`, id, { name });
      return reply.code(204).send();
    });
  };
}

/** A record with what is told put over it; a null takes a value away, which the schema allows for optional fields only. */
function toRecord<Table extends RoutingTable>(before: object, told: unknown): RoutingRecords[Table] {
  const merged = Object.entries({ ...before, ...Object(told) }).filter(
    ([, value]) => value !== undefined && value !== null,
  );
  // Checked by the schema of the kind, which has the fields of its records.
  return Object.fromEntries(merged) as unknown as RoutingRecords[Table];
}
