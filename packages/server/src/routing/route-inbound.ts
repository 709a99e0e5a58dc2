import type { InboundDestination, InboundRule } from "./inbound-rule.ts";
import { isForwardable } from "./is-forwardable.ts";
import { matchesPattern } from "./number-pattern.ts";
import { formatNumber, type NumberFormat, type NumberingPlan, toE164 } from "./numbering-plan.ts";
import type { Compiled } from "./outbound-rule.ts";
import { mailboxPrefix, type Route } from "./route-number.ts";
import { type NoteStep, unheard } from "./routing-step.ts";
import { judgeTime, type TimeProfile } from "./time-profile.ts";

/** What a trunk delivers. */
export interface InboundCall {
  readonly trunkId: string;
  /** The called number as the far side wrote it. */
  readonly dialled: string;
  readonly format?: NumberFormat;
}

export interface InboundTables {
  readonly plan: NumberingPlan;
  /** In the order in which they are tried. */
  readonly rules: readonly Compiled<InboundRule>[];
  readonly timeProfile: (id: string) => TimeProfile | undefined;
  readonly numberOf: (extensionId: string) => string | undefined;
  /** Left out: there are none. */
  readonly queueNumberOf?: (queueId: string) => string | undefined;
  readonly conferenceNumberOf?: (conferenceId: string) => string | undefined;
  /** Where an internal number leads; never outside. */
  readonly internal: (number: string) => Route;
  readonly outside: (number: string) => Route;
  readonly nowMs: number;
}

/** Where a call from outside goes. */
export interface InboundRoute {
  /** The called number in E.164, where it has such a form. */
  readonly did: string;
  /** What leads there, as if somebody had dialled it; the called number where nothing does. */
  readonly dialled: string;
  readonly route: Route;
  readonly rule?: { readonly id: string; readonly name: string };
}

/** The first rule that fits and leads somewhere ([G6]). */
export function routeInbound(call: InboundCall, tables: InboundTables, note: NoteStep = unheard): InboundRoute {
  const { plan, rules } = tables;
  const did = toE164(call.dialled, plan, call.format) ?? call.dialled;
  const ways = [...new Set([did, call.dialled, formatNumber(did, "national", plan)])];
  for (const rule of rules) {
    const subject = `inbound rule ${rule.name}`;
    const isFor = (): string | undefined => {
      if (!rule.isEnabled) return "is switched off";
      if (rule.trunkId !== undefined && rule.trunkId !== call.trunkId) return "is for another trunk";
      return ways.some((way) => matchesPattern(rule.compiled, way))
        ? undefined
        : `the pattern ${rule.didPattern} does not fit`;
    };
    const against = isFor();
    if (against !== undefined) {
      note({ subject, verdict: "passed_over", why: against });
      continue;
    }
    const found = follow(rule, did, tables, note);
    if (found === undefined) continue;
    const { id, name } = rule;
    return { did, ...found, rule: { id, name } };
  }
  note({ subject: `number ${did}`, verdict: "refused", why: "no inbound rule leads anywhere" });
  return { did, dialled: did, route: { kind: "none", reason: "no_such_number" } };
}

/** A rule's destination, or its fallback; undefined where neither leads anywhere now. */
function follow(
  rule: InboundRule,
  did: string,
  tables: InboundTables,
  note: NoteStep,
): Pick<InboundRoute, "dialled" | "route"> | undefined {
  const subject = `inbound rule ${rule.name}`;
  const closed = closedBecause(rule, tables);
  if (closed === undefined) {
    const found = resolve(rule.destination, did, tables);
    if (isForwardable(found.route)) {
      note({ subject, verdict: "taken", why: `the pattern ${rule.didPattern} fits; leads to ${found.dialled}` });
      return found;
    }
    note({ subject, verdict: "noted", why: `its destination ${found.dialled} leads nowhere` });
  } else {
    note({ subject, verdict: "noted", why: closed });
  }
  if (rule.fallbackDestination === undefined) {
    note({ subject, verdict: "passed_over", why: "has no fallback destination" });
    return undefined;
  }
  const found = resolve(rule.fallbackDestination, did, tables);
  if (isForwardable(found.route)) {
    note({ subject, verdict: "taken", why: `its fallback leads to ${found.dialled}` });
    return found;
  }
  note({ subject, verdict: "passed_over", why: `its fallback ${found.dialled} leads nowhere` });
  return undefined;
}

function closedBecause({ timeProfileId }: InboundRule, { timeProfile, nowMs }: InboundTables): string | undefined {
  if (timeProfileId === undefined) return undefined;
  const profile = timeProfile(timeProfileId);
  if (profile === undefined) return "its time profile is gone";
  const { isOpen, why } = judgeTime(profile, nowMs);
  return isOpen ? undefined : `closed: ${why}`;
}

function resolve(
  destination: InboundDestination,
  did: string,
  { numberOf, queueNumberOf, conferenceNumberOf, internal, outside }: InboundTables,
): Pick<InboundRoute, "dialled" | "route"> {
  switch (destination.kind) {
    case "extension": {
      const dialled = numberOf(destination.extensionId) ?? "";
      return { dialled, route: internal(dialled) };
    }
    case "queue": {
      const dialled = queueNumberOf?.(destination.queueId) ?? "";
      return { dialled, route: internal(dialled) };
    }
    case "conference": {
      const dialled = conferenceNumberOf?.(destination.conferenceId) ?? "";
      return { dialled, route: internal(dialled) };
    }
    case "mailbox": {
      const number = numberOf(destination.extensionId);
      const dialled = number === undefined ? "" : `${mailboxPrefix}${number}`;
      return { dialled, route: internal(dialled) };
    }
    case "internal":
      return { dialled: destination.number, route: internal(destination.number) };
    case "direct_dial": {
      const dialled = did.slice(-destination.digits);
      return { dialled, route: internal(dialled) };
    }
    case "outside":
      return { dialled: destination.number, route: outside(destination.number) };
  }
}
