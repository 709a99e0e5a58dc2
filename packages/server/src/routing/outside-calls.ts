import type { Permission, Role } from "@pbx-x/protocol";
import type { ConferenceDirectory } from "../conferences/conference-room.ts";
import type { ExtensionDirectory } from "../extensions/extension.ts";
import type { QueueDirectory } from "../queues/queue.ts";
import type { DestinationClass } from "./destination-class.ts";
import { type NumberingPlan, toE164 } from "./numbering-plan.ts";
import { OutsideCallCounter } from "./outside-call-counter.ts";
import { guardRoleOf, judgeOutsideCall, type OutsidePayer, type OutsideRefusal } from "./outside-guard.ts";
import type { OutsideCallCounts, OutsideWorld } from "./outside-world.ts";
import { type InboundTables, routeInbound } from "./route-inbound.ts";
import { normaliseNumber, type Route } from "./route-number.ts";
import { type OutsideTables, routeOutside } from "./route-outside.ts";
import type { RoutingTrunks } from "./routing-trunk.ts";
import type { RuleBook } from "./rule-book.ts";

/** A user's rights, as far as outside calls go. */
export interface PayerRights {
  readonly role: Role;
  readonly grantedPermissions: readonly Permission[];
}

export interface OutsideCallsOptions {
  readonly rules: RuleBook;
  readonly trunks: RoutingTrunks;
  readonly extensions: Pick<ExtensionDirectory, "byId">;
  /** Left out: there are none. */
  readonly queues?: Pick<QueueDirectory, "byId">;
  readonly rooms?: Pick<ConferenceDirectory, "byId">;
  readonly rightsOf: (userId: string) => PayerRights | undefined;
  readonly plan: NumberingPlan;
  readonly now: () => number;
  readonly onRefused: (refusal: OutsideRefusal) => void;
}

/** Rules and guards as calls use them, and as an administrator asks about them. */
export interface OutsideCalls extends OutsideWorld {
  tables(nowMs?: number): OutsideTables;
  inboundTables(internal: (number: string) => Route, nowMs?: number): InboundTables;
  readonly rules: RuleBook;
}

/** Permissions that open a class to one user ([G10]). */
const opening: Partial<Readonly<Record<Permission, DestinationClass>>> = {
  "calls.outside.international": "international",
  "calls.outside.premium": "premium",
};

export function createOutsideCalls(options: OutsideCallsOptions): OutsideCalls {
  const { rules, trunks, extensions, queues, rooms, rightsOf, plan, now, onRefused } = options;
  const begun = new OutsideCallCounter(() => rules.guards.maxCallsPerHour);
  /** Limits are the user's, over all of the user's extensions. */
  const keyOf = (extensionId: string | undefined): string =>
    extensionId === undefined ? "inbound rules" : (extensions.byId(extensionId)?.userId ?? extensionId);
  const payerOf = (payerId: string | undefined, counts: OutsideCallCounts): OutsidePayer => {
    const key = keyOf(payerId);
    const userId = payerId === undefined ? undefined : extensions.byId(payerId)?.userId;
    const rights = userId === undefined ? undefined : rightsOf(userId);
    return {
      key,
      role: guardRoleOf(rights?.role),
      granted: (rights?.grantedPermissions ?? []).flatMap((permission) => opening[permission] ?? []),
      callsNow: counts.paidBy((extensionId) => keyOf(extensionId) === key),
      callsInLastHour: begun.count(key, now()),
    };
  };
  const tables = (nowMs = now()): OutsideTables => ({
    plan,
    rules: rules.outboundRules(),
    trunks,
    timeProfile: (id) => rules.timeProfile(id),
    emergencyNumbers: rules.guards.emergencyNumbers,
    prefixes: rules.guards.prefixes,
    nowMs,
  });
  const inboundTables = (internal: (number: string) => Route, nowMs = now()): InboundTables => ({
    plan,
    rules: rules.inboundRules(),
    timeProfile: (id) => rules.timeProfile(id),
    numberOf: (extensionId) => extensions.byId(extensionId)?.number,
    queueNumberOf: (queueId) => queues?.byId(queueId)?.extensionNumber,
    conferenceNumberOf: (conferenceId) => rooms?.byId(conferenceId)?.number,
    internal,
    outside: (number) => {
      const outside = routeOutside(number, tables(nowMs));
      return outside === undefined ? { kind: "none", reason: "no_such_number" } : { kind: "outside", outside };
    },
    nowMs,
  });
  const formatOf = (trunkId: string) => {
    const format = trunks.byId(trunkId)?.numberFormat;
    return format === undefined ? {} : { format };
  };
  return {
    rules,
    tables,
    inboundTables,
    trunk: (trunkId) => trunks.byId(trunkId),
    inbound: ({ trunkId, dialled }, internal) =>
      routeInbound({ trunkId, dialled: normaliseNumber(dialled), ...formatOf(trunkId) }, inboundTables(internal)),
    readNumber: (trunkId, number) => toE164(normaliseNumber(number), plan, formatOf(trunkId).format) ?? number,
    judge: (route, payerId, counts) => judgeOutsideCall(route.class, payerOf(payerId, counts), rules.guards),
    noteCall: (payerId) => begun.note(keyOf(payerId), now()),
    reportRefusal: onRefused,
  };
}
