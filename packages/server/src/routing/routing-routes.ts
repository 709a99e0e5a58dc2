import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import type { ConferenceDirectory } from "../conferences/conference-room.ts";
import type { ExtensionDirectory } from "../extensions/extension.ts";
import type { QueueDirectory } from "../queues/queue.ts";
import { requirePermission } from "../rest/identity-hook.ts";
import type { FieldProblem } from "../rest/problem.ts";
import type { InboundDestination } from "./inbound-rule.ts";
import { createRecordRoutes, type RecordRoutesOptions } from "./record-routes.ts";
import type { RoutingTrunks } from "./routing-trunk.ts";
import {
  guardChanges,
  guardsAnswer,
  inboundChanges,
  inboundCreation,
  inboundRuleAnswer,
  outboundChanges,
  outboundCreation,
  outboundRuleAnswer,
  timeProfileAnswer,
  timeProfileChanges,
  timeProfileCreation,
} from "./routing-schemas.ts";

export interface RoutingRoutesOptions extends RecordRoutesOptions {
  readonly trunks: RoutingTrunks;
  readonly extensions: Pick<ExtensionDirectory, "byId">;
  readonly queues: Pick<QueueDirectory, "byId">;
  readonly rooms: Pick<ConferenceDirectory, "byId">;
}

/** Rules, time profiles and guards ([R7], [G21]); an administrator's. */
export function createRoutingRoutes(options: RoutingRoutesOptions) {
  const { rules, trunks, extensions, queues, rooms, audit } = options;
  const profile = (id: string | undefined): readonly FieldProblem[] =>
    id === undefined || rules.timeProfile(id) !== undefined
      ? []
      : [{ field: "timeProfileId", message: "There is no such time profile." }];
  const trunk = (id: string | undefined, field: string): readonly FieldProblem[] =>
    id === undefined || trunks.byId(id) !== undefined ? [] : [{ field, message: `There is no trunk ${id}.` }];
  const destination = (one: InboundDestination | undefined, field: string): readonly FieldProblem[] => {
    switch (one?.kind) {
      case "extension":
        if (extensions.byId(one.extensionId) !== undefined) return [];
        return [{ field: `${field}.extensionId`, message: "There is no such extension." }];
      case "mailbox":
        if (extensions.byId(one.extensionId)?.voicemailEnabled === true) return [];
        return [{ field: `${field}.extensionId`, message: "There is no such extension, or it has no mailbox." }];
      case "queue":
        if (queues.byId(one.queueId) !== undefined) return [];
        return [{ field: `${field}.queueId`, message: "There is no such queue." }];
      case "conference":
        if (rooms.byId(one.conferenceId) !== undefined) return [];
        return [{ field: `${field}.conferenceId`, message: "There is no such conference." }];
      default:
        return [];
    }
  };
  const groups = [
    createRecordRoutes(
      {
        table: "outbound",
        path: "/rules/outbound",
        noun: "outbound rule",
        action: "rule.outbound",
        creation: outboundCreation,
        changes: outboundChanges,
        answer: outboundRuleAnswer,
        defaults: { isEnabled: true, priority: 100, strip: 0, prepend: "", callerId: { mode: "trunk" } },
        problemsOf: ({ timeProfileId, trunkIds }) => [
          ...profile(timeProfileId),
          ...trunkIds.flatMap((id, at) => trunk(id, `trunkIds.${at}`)),
        ],
      },
      options,
    ),
    createRecordRoutes(
      {
        table: "inbound",
        path: "/rules/inbound",
        noun: "inbound rule",
        action: "rule.inbound",
        creation: inboundCreation,
        changes: inboundChanges,
        answer: inboundRuleAnswer,
        defaults: { isEnabled: true, priority: 100 },
        problemsOf: (rule) => [
          ...profile(rule.timeProfileId),
          ...trunk(rule.trunkId, "trunkId"),
          ...destination(rule.destination, "destination"),
          ...destination(rule.fallbackDestination, "fallbackDestination"),
        ],
      },
      options,
    ),
    createRecordRoutes(
      {
        table: "timeProfiles",
        path: "/time-profiles",
        noun: "time profile",
        action: "time-profile",
        creation: timeProfileCreation,
        changes: timeProfileChanges,
        answer: timeProfileAnswer,
        defaults: { holidays: [] },
        problemsOf: () => [],
      },
      options,
    ),
  ];
  return (instance: FastifyInstance): void => {
    for (const group of groups) group(instance);
    const app = instance.withTypeProvider<ZodTypeProvider>();
    const tags = ["routing"];
    const response = { 200: guardsAnswer };
    app.get("/rules/guards", { schema: { tags, summary: "Guards against toll fraud", response } }, (request) => {
      requirePermission(request, "system.configure");
      return rules.guards;
    });
    const patch = { schema: { tags, summary: "Change the guards against toll fraud", body: guardChanges, response } };
    app.patch("/rules/guards", patch, async (request) => {
      const by = requirePermission(request, "system.configure");
      const { classesByRole = {}, ...told } = request.body;
      const changes = Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined));
      const guards = await rules.changeGuards((before) => ({
        ...before,
        ...changes,
        classesByRole: {
          ...before.classesByRole,
          ...Object.fromEntries(Object.entries(classesByRole).filter(([, value]) => value !== undefined)),
        },
      }));
      audit.write(by.userId, "guards.update", "outside calls", { changed: request.body });
      return guards;
    });
  };
}
