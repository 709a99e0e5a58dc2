import type { Extension } from "../extensions/extension.ts";
import type { GuardVerdict } from "./outside-guard.ts";
import type { OutsideCalls } from "./outside-calls.ts";
import { routeInbound } from "./route-inbound.ts";
import { type Route, routeNumber, type RoutingTables } from "./route-number.ts";
import type { OutsideRoute } from "./route-outside.ts";
import type { RoutingStep } from "./routing-step.ts";
import type { RoutingTrunk } from "./routing-trunk.ts";

/** What an administrator asks ([G20]): a phone dials, or a trunk delivers. */
export type RoutingQuestion = { readonly to: string; readonly atMs: number } & (
  | { readonly extension: Extension }
  | { readonly trunk: RoutingTrunk }
);

export interface ExplainParts {
  readonly outside: Pick<OutsideCalls, "tables" | "inboundTables">;
  /** The numbers of the PBX itself. */
  readonly ownNumbers: () => RoutingTables;
  readonly judge: (route: OutsideRoute, payerId: string | undefined) => GuardVerdict;
  readonly isTrunkFree: (trunkId: string) => boolean;
  readonly devicesOf: (extensionId: string) => number;
}

export interface RoutingOutcome {
  /** Kind of the destination; `refused` by a guard, `none` where nothing leads. */
  readonly kind: Route["kind"] | "refused";
  /** Of the destination, in E.164 where it is outside. */
  readonly number: string;
  readonly reason?: string;
  readonly extensionId?: string;
  readonly class?: string;
  readonly rule?: { readonly id: string; readonly name: string };
  /** In the order in which they would be tried now. */
  readonly trunks?: readonly { readonly id: string; readonly name: string; readonly dials: string }[];
}

export interface Explanation {
  readonly direction: "inbound" | "outbound" | "internal";
  readonly outcome: RoutingOutcome;
  readonly steps: readonly RoutingStep[];
}

/** Most forwardings that are followed, as in a call ([C15]). */
const maximumHops = 5;

/** Asks the same functions that route calls, and takes down what they looked at. */
export function explainRoute(question: RoutingQuestion, parts: ExplainParts): Explanation {
  const steps: RoutingStep[] = [];
  const note = (step: RoutingStep): void => void steps.push(step);
  const { to, atMs } = question;
  const own = parts.ownNumbers();
  const dial = (number: string): Route =>
    routeNumber(number, { ...own, outside: () => parts.outside.tables(atMs) }, note);
  if ("trunk" in question) {
    const { id, numberFormat } = question.trunk;
    const call = { trunkId: id, dialled: to, ...(numberFormat !== undefined && { format: numberFormat }) };
    const internal = (number: string): Route => routeNumber(number, own);
    const inbound = routeInbound(call, parts.outside.inboundTables(internal, atMs), note);
    if (!parts.isTrunkFree(id)) {
      note({ subject: `trunk ${question.trunk.name}`, verdict: "refused", why: "has as many calls as it may have" });
    }
    const outcome = follow({ ...inbound, payerId: undefined }, parts, dial, note);
    const { rule } = inbound;
    return { direction: "inbound", outcome: rule === undefined ? outcome : { rule, ...outcome }, steps };
  }
  const route = dial(to);
  const outcome = follow({ route, dialled: to, payerId: question.extension.id }, parts, dial, note);
  return { direction: route.kind === "outside" ? "outbound" : "internal", outcome, steps };
}

interface Reached {
  readonly route: Route;
  readonly dialled: string;
  readonly payerId: string | undefined;
}

function follow(
  { route, dialled, payerId }: Reached,
  parts: ExplainParts,
  dial: (number: string) => Route,
  note: (step: RoutingStep) => void,
  hops = 0,
): RoutingOutcome {
  switch (route.kind) {
    case "none":
      note({ subject: `number ${dialled}`, verdict: "refused", why: "leads nowhere" });
      return { kind: "none", number: dialled, reason: route.reason };
    case "outside":
      return judge(route.outside, payerId, parts, note);
    case "extension": {
      const { extension } = route;
      const always = extension.forwardUnconditionalEnabled ? extension.forwardUnconditionalDestination : undefined;
      const subject = `extension ${extension.number}`;
      if (always === undefined) {
        noteExtension(extension, parts, note);
        return { kind: "extension", number: extension.number, extensionId: extension.id };
      }
      if (hops >= maximumHops) {
        note({ subject, verdict: "refused", why: "is forwarded too often" });
        return { kind: "none", number: dialled, reason: "forwarding_loop" };
      }
      note({ subject, verdict: "noted", why: `is forwarded to ${always}; from here on it answers for the call` });
      return follow({ route: dial(always), dialled: always, payerId: extension.id }, parts, dial, note, hops + 1);
    }
    default:
      return { kind: route.kind, number: dialled };
  }
}

function judge(
  { class: kind, number, rule, attempts }: OutsideRoute,
  payerId: string | undefined,
  parts: ExplainParts,
  note: (step: RoutingStep) => void,
): RoutingOutcome {
  const verdict = parts.judge({ class: kind, number, attempts, ...(rule && { rule }) }, payerId);
  const told = { number, class: kind, ...(rule && { rule }) };
  note({ subject: "guards against toll fraud", verdict: verdict.ok ? "allowed" : "refused", why: verdict.why });
  if (!verdict.ok) return { kind: "refused", reason: verdict.reason, ...told };
  const free = attempts.filter(({ trunk }) => {
    if (kind === "emergency" || parts.isTrunkFree(trunk.id)) return true;
    note({ subject: `trunk ${trunk.name}`, verdict: "passed_over", why: "has as many calls as it may have" });
    return false;
  });
  if (free.length === 0) return { kind: "refused", reason: "trunks_at_maximum_calls", ...told };
  const trunks = free.map(({ trunk, number: dials }) => ({ ...trunk, dials }));
  return { kind: "outside", ...told, trunks };
}

function noteExtension(extension: Extension, { devicesOf }: ExplainParts, note: (step: RoutingStep) => void): void {
  const subject = `extension ${extension.number}`;
  const tell = (verdict: RoutingStep["verdict"], why: string): void => note({ subject, verdict, why });
  if (extension.dndEnabled) tell("noted", "does not want to be disturbed: counts as busy");
  else if (devicesOf(extension.id) === 0) tell("noted", "has no phone registered: counts as no answer");
  else tell("taken", `rings ${devicesOf(extension.id)} phones`);
  if (extension.forwardOnBusyEnabled && extension.forwardOnBusyDestination !== undefined) {
    tell("noted", `on busy: to ${extension.forwardOnBusyDestination}`);
  }
  if (extension.forwardOnNoAnswerEnabled && extension.forwardOnNoAnswerDestination !== undefined) {
    const { forwardOnNoAnswerTimeout, forwardOnNoAnswerDestination } = extension;
    tell("noted", `on no answer within ${forwardOnNoAnswerTimeout} s: to ${forwardOnNoAnswerDestination}`);
  }
}
