import { type ClassPrefix, classOf, type DestinationClass } from "./destination-class.ts";
import { matchesPattern } from "./number-pattern.ts";
import { formatNumber, type NumberingPlan, toE164, waysToDial } from "./numbering-plan.ts";
import type { CallerIdChoice, Compiled, OutboundRule } from "./outbound-rule.ts";
import type { RoutingTrunk, RoutingTrunks } from "./routing-trunk.ts";
import { type NoteStep, unheard } from "./routing-step.ts";
import { judgeTime, type TimeProfile } from "./time-profile.ts";

/** One trunk that an outside call may take. */
export interface OutsideAttempt {
  readonly trunk: { readonly id: string; readonly name: string };
  /** The way the far side wants it. */
  readonly number: string;
  readonly callerId: CallerIdChoice;
  /** What `trunk` in the caller id means. */
  readonly mainNumber?: string;
}

/** How a number is reached outside. */
export interface OutsideRoute {
  /** In E.164 where it has such a form; what clients see. */
  readonly number: string;
  readonly class: DestinationClass;
  /** Undefined for an emergency call that no rule is about. */
  readonly rule?: { readonly id: string; readonly name: string };
  /** The first one first; never empty. */
  readonly attempts: readonly OutsideAttempt[];
}

/** What outside numbers are looked up in. */
export interface OutsideTables {
  readonly plan: NumberingPlan;
  /** In the order in which they are tried. */
  readonly rules: readonly Compiled<OutboundRule>[];
  readonly trunks: RoutingTrunks;
  readonly timeProfile: (id: string) => TimeProfile | undefined;
  readonly emergencyNumbers: readonly string[];
  readonly prefixes: readonly ClassPrefix[];
  readonly nowMs: number;
}

/** The first rule that fits and is open says how; undefined where none does ([G4]). */
export function routeOutside(
  dialled: string,
  tables: OutsideTables,
  note: NoteStep = unheard,
): OutsideRoute | undefined {
  const { plan, rules, prefixes } = tables;
  for (const rule of rules) {
    const way = wayFor(rule, dialled, tables, note);
    if (way === undefined) continue;
    const sent = rule.prepend + way.slice(rule.strip);
    const number = toE164(sent, plan) ?? sent;
    const attempts = attemptsOf(rule, tables, note, ({ numberFormat }) =>
      numberFormat === undefined ? sent : formatNumber(number, numberFormat, plan),
    );
    if (attempts.length === 0) continue;
    const { id, name } = rule;
    return { number, class: classOf(number, plan.countryCode, prefixes), rule: { id, name }, attempts };
  }
  return undefined;
}

/**
 * Emergency numbers go out by the trunks of the rule that fits, then by any other, exactly as they are ([G8]).
 * Undefined: it is none, or there is no trunk at all.
 */
export function routeEmergency(
  dialled: string,
  tables: OutsideTables,
  note: NoteStep = unheard,
): OutsideRoute | undefined {
  const { plan, rules, trunks, emergencyNumbers } = tables;
  const bare = dialled.startsWith(plan.outsidePrefix) ? dialled.slice(plan.outsidePrefix.length) : dialled;
  const number = emergencyNumbers.find((one) => one === dialled || one === bare);
  if (number === undefined) return undefined;
  const rule = rules.find(({ isEnabled, compiled }) => isEnabled && matchesPattern(compiled, dialled));
  const ordered = [...new Set([...(rule?.trunkIds ?? []), ...trunks.all().map(({ id }) => id)])];
  const attempts = upFirst(ordered, trunks).flatMap((id): OutsideAttempt[] => {
    const trunk = trunks.byId(id);
    if (trunk?.isEnabled !== true) return [];
    return [attempt(trunk, number, rule?.callerId.mode === "fixed" ? rule.callerId : { mode: "trunk" })];
  });
  if (attempts.length === 0) {
    note({ subject: `emergency number ${number}`, verdict: "passed_over", why: "there is no enabled trunk" });
    return undefined;
  }
  note({ subject: `emergency number ${number}`, verdict: "taken", why: "goes out by every trunk that there is" });
  return { number, class: "emergency", ...(rule && { rule: { id: rule.id, name: rule.name } }), attempts };
}

/** The form of the dialled number that a rule fits, if it does and is open now. */
function wayFor(
  rule: Compiled<OutboundRule>,
  dialled: string,
  { plan, timeProfile, nowMs }: OutsideTables,
  note: NoteStep,
): string | undefined {
  const subject = `outbound rule ${rule.name}`;
  const passOver = (why: string): undefined => {
    note({ subject, verdict: "passed_over", why });
    return undefined;
  };
  if (!rule.isEnabled) return passOver("is switched off");
  const way = waysToDial(dialled, plan).find((one) => matchesPattern(rule.compiled, one));
  if (way === undefined) return passOver(`the pattern ${rule.pattern} does not fit`);
  if (rule.prepend.length + way.length <= rule.strip) return passOver("nothing would be left of the number");
  if (rule.timeProfileId !== undefined) {
    const profile = timeProfile(rule.timeProfileId);
    const verdict = profile === undefined ? undefined : judgeTime(profile, nowMs);
    if (verdict?.isOpen !== true)
      return passOver(verdict === undefined ? "has no time profile" : `closed: ${verdict.why}`);
  }
  note({ subject, verdict: "taken", why: `the pattern ${rule.pattern} fits ${way}` });
  return way;
}

function attemptsOf(
  { trunkIds, callerId }: OutboundRule,
  { trunks }: OutsideTables,
  note: NoteStep,
  numberFor: (trunk: RoutingTrunk) => string,
): readonly OutsideAttempt[] {
  return upFirst(trunkIds, trunks).flatMap((id): OutsideAttempt[] => {
    const trunk = trunks.byId(id);
    const subject = `trunk ${trunk?.name ?? id}`;
    if (trunk === undefined) note({ subject, verdict: "passed_over", why: "there is no such trunk" });
    else if (!trunk.isEnabled) note({ subject, verdict: "passed_over", why: "is switched off" });
    if (trunk?.isEnabled !== true) return [];
    const one = attempt(trunk, numberFor(trunk), callerId);
    const why = `dials ${one.number}, caller id: ${callerId.mode}${trunks.isDown(id) ? "; is down, so it comes last" : ""}`;
    note({ subject, verdict: "noted", why });
    return [one];
  });
}

function attempt({ id, name, mainNumber }: RoutingTrunk, number: string, callerId: CallerIdChoice): OutsideAttempt {
  return { trunk: { id, name }, number, callerId, ...(mainNumber !== undefined && { mainNumber }) };
}

/** A trunk whose far side is away is not left out: nobody knows when it comes back. */
function upFirst(ids: readonly string[], trunks: RoutingTrunks): readonly string[] {
  return [...ids.filter((id) => !trunks.isDown(id)), ...ids.filter((id) => trunks.isDown(id))];
}
