import { backoffMs, retryAfterMs, withinLimit } from "./backoff.ts";
import type { ClosedReason, LossCause } from "./connection-state.ts";
import { judgeEnd, type SocketEnd } from "./judge-end.ts";
import {
  deadlines,
  type Effect,
  type Fault,
  faultWindowMs,
  idleMachine,
  type Input,
  type Machine,
  offlineAt,
  type Phase,
  recent,
  recentStarts,
  steadyAfterMs,
  type Step,
} from "./machine.ts";

/** What chance decides, and how long the back-off may grow. */
export interface Chance {
  readonly random: () => number;
  readonly maxBackoffMs?: number | undefined;
}

/** The next state of a connection: pure; sockets, timers and page are inputs ([S1]–[S11], [S31], [S40], [S41]). */
export function next(machine: Machine, input: Input, now: number, chance: Chance): Step {
  if (input.on === "connect") return connect(machine, now);
  if (machine.at === "idle" || machine.at === "closed") return stay(machine);
  if ("generation" in input && input.generation !== machine.generation) return stay(machine);
  const phase = phaseOf[input.on];
  if (phase !== undefined && phase !== machine.phase) return stay(machine);
  switch (input.on) {
    case "close":
      return close(machine, "user", "Closed by the application.");
    case "token":
      // A new one; whether it is any good is for the server to say.
      return enter(machine, now, "opening", { isTokenRejected: false }, "open");
    case "tokenFailed":
      if (input.isFinal) return close(machine, "auth", input.message);
      return fail(machine, now, chance, { kind: "token", message: input.message }, {});
    case "opened":
      return enter(machine, now, "greeting");
    case "greeted":
      return enter(machine, now, "catchingUp", { unanswered: 0, configFaults: 0 });
    case "progress":
      return enter(machine, now, "catchingUp");
    case "caughtUp":
      return step(machine, {
        at: "live",
        phase: "live",
        deadline: undefined,
        liveAt: now,
        wasLive: true,
        cause: undefined,
      });
    case "ended":
      return ended(machine, now, chance, input.end);
    case "lost":
      return fail(machine, now, chance, input.cause, input);
    case "probed":
      return probed(machine, now, chance, input.status, input.retryAfterSeconds);
    case "wake":
      return wake(machine, now, chance);
    case "tick":
      return tick(machine, now, chance);
  }
}

/** What is heard in one phase only. */
const phaseOf: Partial<Readonly<Record<Input["on"], Phase>>> = {
  token: "token",
  tokenFailed: "token",
  opened: "opening",
  progress: "catchingUp",
  caughtUp: "catchingUp",
  probed: "waiting",
  wake: "waiting",
};

function connect(machine: Machine, now: number): Step {
  if (machine.at !== "idle" && machine.at !== "closed") return stay(machine);
  const fresh: Machine = {
    ...idleMachine,
    at: "connecting",
    wasLive: machine.wasLive,
    generation: machine.generation,
    starts: recentStarts(machine, now),
    isTokenRejected: machine.closed?.reason === "auth",
    lostAt: now,
  };
  return begin(fresh, now);
}

/** Starts an attempt: a token first. */
function begin(machine: Machine, now: number): Step {
  const attempt = {
    generation: machine.generation + 1,
    attempt: machine.attempt + 1,
    starts: [...recentStarts(machine, now), now],
  };
  return enter(machine, now, "token", attempt, "askToken");
}

interface Retry {
  readonly withinMs?: number;
  readonly afterSeconds?: number;
  readonly fault?: Fault | undefined;
}

/** Gives up what there is and plans the next attempt; every failure takes this path ([S5]). */
function fail(machine: Machine, now: number, chance: Chance, cause: LossCause, retry: Retry): Step {
  const wasUp = machine.phase === "live";
  const isSteady = now - (machine.liveAt ?? now) >= steadyAfterMs;
  const isUnanswered = machine.phase === "opening" || machine.phase === "greeting";
  const attempt = isSteady ? 0 : machine.attempt;
  const faulty: Machine = {
    ...machine,
    at: wasUp ? "resuming" : machine.at,
    lostAt: wasUp ? now : machine.lostAt,
    liveAt: undefined,
    attempt,
    cause,
    unanswered: machine.unanswered + (isUnanswered ? 1 : 0),
    generation: machine.generation + 1,
  };
  const counted = count(faulty, now, retry.fault);
  if (counted.closed !== undefined) return step(counted, {}, "abandon");
  const wait = waitMs(counted, chance, retry);
  const deadline = withinLimit(now + wait, recentStarts(counted, now));
  const asks: readonly Effect[] = isUnanswered && counted.unanswered % 4 === 1 ? ["probe"] : [];
  return step(counted, { phase: "waiting", deadline }, "abandon", ...asks);
}

function waitMs({ attempt }: Machine, { random, maxBackoffMs }: Chance, { withinMs, afterSeconds }: Retry): number {
  if (afterSeconds !== undefined) return retryAfterMs(afterSeconds, random);
  return withinMs === undefined ? backoffMs(attempt + 1, random, maxBackoffMs) : random() * withinMs;
}

/** Counts a fault; the third within its window ends the client, but for slowness. */
function count(machine: Machine, now: number, fault: Fault | undefined): Machine {
  if (fault === undefined) return machine;
  const times = [...recent(machine.faults[fault], now, faultWindowMs[fault]), now];
  const counted = {
    ...machine,
    faults: { ...machine.faults, [fault]: times },
    ...(fault === "token" && { isTokenRejected: true, unanswered: 0 }),
  };
  if (times.length < 3 || fault === "slow") return counted;
  return fault === "token"
    ? toClosed(counted, "auth", "The token was refused three times; log in again.")
    : toClosed(counted, "protocol", "Three frames could not be read.");
}

function ended(machine: Machine, now: number, chance: Chance, end: SocketEnd): Step {
  const verdict = judgeEnd(end);
  if (verdict.do === "close") return close(machine, verdict.reason, verdict.message);
  const kind = end.reason === undefined ? "network" : "server";
  const text = machine.phase === "opening" ? "The server was not reached" : "The connection ended";
  const message = end.reason ?? `${text} (code ${end.code}).`;
  return fail(machine, now, chance, { kind, code: end.code, message }, verdict);
}

function probed(
  machine: Machine,
  now: number,
  { random }: Chance,
  status: number | undefined,
  afterSeconds: number | undefined,
): Step {
  if (status === 401) {
    const counted = count(machine, now, "token");
    if (counted.closed !== undefined) return stay(counted);
    return step(counted, { deadline: withinLimit(now, recentStarts(machine, now)) });
  }
  if (status === 403) return close(machine, "forbidden", "This user is not let in.");
  if ((status === 404 || status === 426) && !machine.wasLive) {
    const configFaults = machine.configFaults + 1;
    // The next failed attempt asks again.
    const counted = { ...machine, configFaults, unanswered: 0 };
    if (configFaults < 3) return stay(counted);
    return close(counted, "config", "No PBX-X there; check the URL.");
  }
  if ((status === 429 || status === 503) && afterSeconds !== undefined) {
    const at = now + retryAfterMs(afterSeconds, random);
    return step(machine, { deadline: Math.max(machine.deadline ?? 0, at) });
  }
  return stay(machine);
}

function wake(machine: Machine, now: number, { random }: Chance): Step {
  if (now - machine.lastWakeAt < 5000) return stay(machine);
  const soon = withinLimit(now + random() * 500, recentStarts(machine, now));
  return step(machine, { lastWakeAt: now, deadline: Math.min(machine.deadline ?? soon, soon) });
}

function tick(machine: Machine, now: number, chance: Chance): Step {
  const isLate = now >= (machine.deadline ?? Infinity);
  const shown: Machine =
    now >= offlineAt(machine)
      ? { ...machine, at: "offline", cause: machine.cause ?? { kind: "timeout", message: "No answer in time." } }
      : machine;
  if (!isLate) return stay(shown);
  if (shown.phase === "waiting") return begin(shown, now);
  return fail(shown, now, chance, { kind: "timeout", message: `No answer in time (${shown.phase}).` }, {});
}

function close(machine: Machine, reason: ClosedReason, message: string): Step {
  return step(toClosed({ ...machine, generation: machine.generation + 1 }, reason, message), {}, "abandon");
}

function toClosed(machine: Machine, reason: ClosedReason, message: string): Machine {
  return {
    ...machine,
    at: "closed",
    phase: "none",
    deadline: undefined,
    liveAt: undefined,
    closed: { reason, message },
  };
}

/** Into a phase that has a deadline. */
function enter(
  machine: Machine,
  now: number,
  phase: "token" | "opening" | "greeting" | "catchingUp",
  changes: Partial<Machine> = {},
  ...effects: readonly Effect[]
): Step {
  return step(machine, { ...changes, phase, deadline: now + deadlines[phase] }, ...effects);
}

function step(machine: Machine, changes: Partial<Machine>, ...effects: readonly Effect[]): Step {
  return { machine: { ...machine, ...changes }, effects };
}

function stay(machine: Machine): Step {
  return { machine, effects: [] };
}
