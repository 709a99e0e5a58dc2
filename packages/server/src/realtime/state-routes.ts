import { type AnyEvent, isEventType } from "@pbx-x/protocol";
import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import type { Identity } from "../auth/identity.ts";
import type { EventLog } from "../event-log/event-log.ts";
import { identityOf } from "../rest/identity-hook.ts";
import { ProblemError } from "../rest/problem.ts";
import type { Projection } from "./projection.ts";
import { isRedactedFor, redactJson, redactSnapshot } from "./redaction.ts";
import { scopeOf } from "./session-commands.ts";
import { canSubscribe, isVisible } from "./visibility.ts";

export interface StateRoutesOptions {
  readonly log: EventLog;
  readonly projection: Projection;
}

const list = z
  .string()
  .max(4000)
  .transform((text) => text.split(",").filter((part) => part !== ""));
const eventsQuery = z.object({
  after: z.coerce.number().int().min(0),
  epoch: z.string().min(1).max(128),
  channels: list.optional(),
  types: list.optional(),
  callId: z.uuid().optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(200),
});

/** Most events looked at for one page; the answer says where to go on. */
const maxLooked = 20_000;

/** Missed events ([R4]) and the state ([R5]): the same objects and the same rights as on the socket. */
export function createStateRoutes({ log, projection }: StateRoutesOptions) {
  return (instance: FastifyInstance): void => {
    const app = instance.withTypeProvider<ZodTypeProvider>();
    const tags = ["events"];

    app.get("/events", { schema: { tags, summary: "Missed events", querystring: eventsQuery } }, async (request) => {
      const identity = identityOf(request);
      const { after, epoch, channels, types, callId, limit } = request.query;
      if (epoch !== log.epoch || after < log.oldest() - 1 || after > log.head()) {
        throw new ProblemError(
          410,
          `Events after ${after} of epoch ${epoch.slice(0, 64)} are not kept. ` +
            `The oldest position kept is ${log.oldest() - 1} of epoch ${log.epoch}; take a snapshot.`,
        );
      }
      const unknown = types?.find((type) => !isEventType(type));
      if (unknown !== undefined) throw new ProblemError(400, `There is no event type "${unknown.slice(0, 64)}".`);
      const wanted = resolve(identity, channels);
      const head = log.head();
      const events: AnyEvent[] = [];
      let position = after;
      for (let looked = 0; position < head && events.length < limit && looked < maxLooked; ) {
        const page = await log.read({ after: position, limit: 500, ...(callId !== undefined && { callId }) });
        if (page.length === 0) position = head;
        looked += page.length;
        const isPartial = callId === undefined && page[0] !== undefined && page[0].seq !== position + 1;
        if (isPartial) throw new ProblemError(410, `Events after ${position} were removed meanwhile; take a snapshot.`);
        for (const event of page) {
          position = event.seq;
          const isWanted = types === undefined || types.includes(event.type);
          // Written by this server out of the definitions themselves.
          if (isWanted && isVisible(identity, event, wanted)) {
            const json = isRedactedFor(identity, event) ? redactJson(event.json) : event.json;
            events.push(JSON.parse(json) as AnyEvent);
          }
          if (events.length >= limit) break;
        }
      }
      return { epoch: log.epoch, events, nextAfter: position, complete: position >= head };
    });

    const snapshotQuery = z.object({ channels: list });
    app.get(
      "/snapshot",
      { schema: { tags, summary: "The present state of some channels", querystring: snapshotQuery } },
      (request) => {
        const identity = identityOf(request);
        const { channels } = request.query;
        resolve(identity, channels);
        const scope = [...new Set(channels.flatMap((channel) => scopeOf({ identity }, channel)))];
        return redactSnapshot(projection.snapshot(log.epoch, scope, log.head()), projection.tables, identity);
      },
    );
  };
}

/** The channels by their index names; all that the user may see where none are named. Throws what is not allowed. */
function resolve(identity: Identity, channels: readonly string[] | undefined): ReadonlySet<string> {
  const names = new Set<string>();
  for (const channel of channels ?? defaultChannels(identity)) {
    const verdict = canSubscribe(identity, channel);
    if (verdict.ok) names.add(verdict.name);
    else throw new ProblemError(verdict.code === "UNAUTHORIZED" ? 403 : 400, verdict.message);
  }
  return names;
}

function defaultChannels(identity: Identity): readonly string[] {
  const all = [
    "calls",
    "extensions",
    "queues",
    "agents",
    "presence",
    "voicemail",
    "conferences",
    "parking",
    "trunks",
    "system",
  ];
  return ["me", ...all.filter((channel) => canSubscribe(identity, channel).ok)];
}
