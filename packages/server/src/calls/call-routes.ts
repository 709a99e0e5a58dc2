import { type AnyEvent, allowedActions, type Call, eventTable, type ReadonlyTables } from "@pbx-x/protocol";
import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import type { Identity } from "../auth/identity.ts";
import type { EventLog } from "../event-log/event-log.ts";
import { redactMonitors } from "../realtime/redaction.ts";
import { hasRight } from "../realtime/visibility.ts";
import { identityOf } from "../rest/identity-hook.ts";
import { asPage, pageQuery, takePage } from "../rest/paging.ts";
import { ProblemError } from "../rest/problem.ts";
import type { CallRecord } from "./call-ledger.ts";
import { csvOf } from "./call-records-csv.ts";

export interface CallRecordQuery {
  readonly page: number;
  readonly limit: number;
  /** Part of a number. */
  readonly search?: string | undefined;
  /** Numbers that are found, too: of those whose name fits what is searched. */
  readonly searchNumbers?: readonly string[] | undefined;
  readonly direction?: string | undefined;
  readonly hangupCause?: string | undefined;
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
  /** Only calls of this number. */
  readonly number?: string | undefined;
}

/** Finished calls, the newest first. */
export interface CallRecords {
  find(callId: string): Promise<CallRecord | undefined>;
  list(query: CallRecordQuery): Promise<{ readonly records: readonly CallRecord[]; readonly total: number }>;
}

export interface CallRoutesOptions {
  /** The state as of the last committed event. */
  readonly tables: () => ReadonlyTables;
  readonly records: CallRecords;
  readonly log: EventLog;
  readonly extensions: { all(): Iterable<{ readonly number: string; readonly displayName: string }> };
}

/** More names than that say too little to be looked for. */
const mostNamed = 200;

const callParams = z.object({ id: z.uuid() });
const recordQuery = pageQuery.extend({
  number: z.string().max(32).optional().describe("Only calls of exactly this number."),
  direction: z.enum(["inbound", "outbound", "internal"]).optional(),
  hangupCause: z.string().max(32).optional(),
  from: z.iso.datetime({ offset: true }).optional(),
  to: z.iso.datetime({ offset: true }).optional(),
  format: z.enum(["json", "csv"]).default("json"),
});

/** Calls, past and present ([R6]); a merged one names the call that went on ([C5]). */
export function createCallRoutes(options: CallRoutesOptions) {
  const { tables, records, log, extensions } = options;
  return (instance: FastifyInstance): void => {
    const app = instance.withTypeProvider<ZodTypeProvider>();
    const tags = ["calls"];
    const numbersOf = (name: string): readonly string[] =>
      [...extensions.all()]
        .filter(({ displayName }) => displayName.toLowerCase().includes(name.toLowerCase()))
        .slice(0, mostNamed)
        .map(({ number }) => number);

    app.get("/calls", { schema: { tags, summary: "Active calls", querystring: pageQuery } }, (request) => {
      const identity = identityOf(request);
      const calls = [...tables().calls.values()].filter((call) => maySee(identity, call));
      const page = takePage(calls, request.query);
      return { ...page, data: page.data.map((call) => show(call, identity)) };
    });

    app.get(
      "/calls/:id",
      { schema: { tags, summary: "One call, active or past", params: callParams } },
      async (request) => {
        const identity = identityOf(request);
        const { id } = request.params;
        const active = tables().calls.get(id) ?? tables().endedCalls.get(id);
        if (active !== undefined && maySee(identity, active)) return show(active, identity);
        const record = await records.find(id);
        if (record === undefined || !maySeeRecord(identity, record))
          throw new ProblemError(404, "There is no such call.");
        return showRecord(record);
      },
    );

    app.get(
      "/calls/:id/timeline",
      { schema: { tags, summary: "The events of a call", params: callParams } },
      async (request) => {
        const identity = identityOf(request);
        const events = await log.read({ after: 0, limit: 1000, callId: request.params.id });
        const seen = events.filter(
          ({ type, audience }) =>
            hasRight(identity, eventTable[type].permission) &&
            (identity.permissions.has("calls.view.all") ||
              (audience.extensions ?? []).some(({ id }) => id === identity.extensionId)),
        );
        if (seen.length === 0) throw new ProblemError(404, "There is no such call.");
        // Written by this server out of the definitions themselves.
        return { callId: request.params.id, events: seen.map(({ json }) => JSON.parse(json) as AnyEvent) };
      },
    );

    app.get(
      "/cdr",
      {
        schema: {
          tags,
          summary: "Records of ended calls, also as CSV; searched by number, or by name of an extension",
          querystring: recordQuery,
        },
      },
      async (request, reply) => {
        const identity = identityOf(request);
        const { page, limit, search, direction, hangupCause, from, to, format } = request.query;
        const isForAll = identity.permissions.has("calls.view.all");
        const number = request.query.number ?? (isForAll ? undefined : identity.extensionNumber);
        if (!isForAll && (number === undefined || number !== identity.extensionNumber)) {
          return asPage([], 0, request.query);
        }
        const { records: found, total } = await records.list({
          page,
          limit,
          search,
          searchNumbers: search === undefined || search === "" ? [] : numbersOf(search),
          direction,
          hangupCause,
          fromMs: from === undefined ? undefined : Date.parse(from),
          toMs: to === undefined ? undefined : Date.parse(to),
          number,
        });
        if (format === "csv") return reply.type("text/csv; charset=utf-8").send(csvOf(found));
        return asPage(found.map(showRecord), total, request.query);
      },
    );
  };
}

function show(active: Call, identity: Identity): object {
  const call = redactMonitors(active, identity);
  const mergedInto = call.ended?.mergedInto;
  return { ...call, ...(mergedInto !== undefined && { mergedInto }), allowedActions: allowedActions(call, identity) };
}

function showRecord({ createdAtMs, answeredAtMs, endedAtMs, userIds: _userIds, ...rest }: CallRecord): object {
  return {
    ...rest,
    state: "ended",
    startedAt: new Date(createdAtMs).toISOString(),
    ...(answeredAtMs !== undefined && { answeredAt: new Date(answeredAtMs).toISOString() }),
    endedAt: new Date(endedAtMs).toISOString(),
  };
}

function maySee({ permissions, extensionNumber }: Identity, call: Call): boolean {
  if (permissions.has("calls.view.all")) return true;
  return call.participants.some(({ number }) => number === extensionNumber);
}

function maySeeRecord({ permissions, extensionId }: Identity, { extensions }: CallRecord): boolean {
  return permissions.has("calls.view.all") || extensions.some(({ id }) => id === extensionId);
}
