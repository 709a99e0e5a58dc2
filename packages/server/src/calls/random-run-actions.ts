import type { DtmfDigit } from "@pbx-x/protocol";
import fc from "fast-check";
import { queueStrategies, type QueueStrategy } from "../queues/acd-state.ts";

/** The numbers that take part; how many of them have a phone is a run's own choice. */
export const partyNumbers = ["200", "201", "202", "203", "204", "205"] as const;

/** What can be dialled, and passed on to. */
export const targets = [
  ...partyNumbers,
  "701",
  "702",
  "**200",
  "**201",
  "**202",
  "300",
  "310",
  "400",
  "*98205",
  "999",
] as const;

/** Picks one of those that are there at that moment; any number fits. */
type Pick = number;

export type Action =
  | { readonly do: "dial"; readonly phone: Pick; readonly to: string }
  /** One phone calls another one, which answers: what most other actions need first. */
  | { readonly do: "talk"; readonly phone: Pick; readonly to: Pick }
  /** A dialled phone: begins to ring, sends early media, answers, refuses. */
  | { readonly do: "ring" | "earlyMedia" | "answer" | "reject"; readonly leg: Pick }
  | { readonly do: "hangup" | "hold" | "unhold" | "heard"; readonly leg: Pick }
  | { readonly do: "press"; readonly leg: Pick; readonly digit?: DtmfDigit }
  /** Logs in and out, goes on a break, comes back, ends the wrap-up time or makes it longer. */
  | { readonly do: "agent"; readonly name: (typeof agentActions)[number]; readonly by: Pick; readonly queues: Pick }
  /** A supervisor in the conference that goes on. */
  | { readonly do: "conference"; readonly name: (typeof conferenceActions)[number]; readonly who: Pick }
  | { readonly do: "refer"; readonly leg: Pick; readonly to: string }
  | { readonly do: "referReplaces"; readonly leg: Pick; readonly other: Pick }
  /** Of who is in the call, or of anybody; `all`: with a supervisor's rights. */
  | {
      readonly do: "command";
      readonly name: (typeof commandNames)[number];
      readonly by: Pick;
      readonly call: Pick;
      readonly other: Pick;
      readonly to: string;
      readonly isParty: boolean;
      readonly rights: "own" | "all";
    }
  | { readonly do: "pass"; readonly ms: number }
  /** A phone loses its registration; `kill`: its calls too. */
  | { readonly do: "unregister" | "kill"; readonly phone: Pick }
  | { readonly do: "register"; readonly number: string }
  /** The engine dies with all calls, and comes back. */
  | { readonly do: "crash" };

export const agentActions = ["login", "login", "login", "logout", "break", "available", "wrapUp"] as const;
export const conferenceActions = ["kick", "mute", "unmute", "lock", "unlock", "end"] as const;

export const commandNames = [
  "originate",
  "answer",
  "reject",
  "hangup",
  "hold",
  "unhold",
  "sendDtmf",
  "transferBlind",
  "redirect",
  "consult",
  "transferAttended",
  "cancelTransfer",
  "swap",
  "park",
  "pickupSlot",
  "pickupCall",
  "monitor",
  "monitorStop",
  "attachData",
] as const;

const followUps = ["consult", "transferAttended", "swap", "pickupSlot", "pickupCall", "unhold", "monitor"] as const;

/** A run: how the extensions are set, and what happens; `settles`: what one action brings about is over before the next. */
export interface Run {
  readonly phones: number;
  readonly maxConcurrentCalls: number;
  readonly forwards: readonly ("none" | "busy" | "no_answer" | "always" | "dnd")[];
  readonly slots: number;
  /** Left out: two queues with what is usual. */
  readonly acd?: AcdWish;
  readonly steps: readonly { readonly action: Action; readonly settles: boolean }[];
}

/** How the queues are set, and whether the conference has a PIN. */
export interface AcdWish {
  readonly strategy: QueueStrategy;
  readonly overflow: string | undefined;
  readonly waitsWithoutAgents: boolean;
  readonly maxQueueSize: number;
  readonly maxWaitTimeSeconds: number;
  readonly wrapUpTimeSeconds: number;
  readonly hasPin: boolean;
}

const pick = fc.nat({ max: 63 });
/** Mostly who has a phone in every run. */
const to = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom("200", "201", "701", "**201") },
  { weight: 1, arbitrary: fc.constantFrom("300", "300", "310", "400") },
  { weight: 1, arbitrary: fc.constantFrom(...targets) },
);
const weighted = (weight: number, arbitrary: fc.Arbitrary<Action>) => ({ weight, arbitrary });
const onLeg = (name: Extract<Action, { leg: Pick; to?: never; other?: never }>["do"]): fc.Arbitrary<Action> =>
  fc.record({ do: fc.constant(name), leg: pick });

const action: fc.Arbitrary<Action> = fc.oneof(
  weighted(8, fc.record({ do: fc.constant("talk"), phone: pick, to: pick })),
  weighted(6, fc.record({ do: fc.constant("dial"), phone: pick, to })),
  weighted(6, onLeg("ring")),
  weighted(1, onLeg("earlyMedia")),
  weighted(10, onLeg("answer")),
  weighted(2, onLeg("reject")),
  weighted(4, onLeg("hangup")),
  weighted(3, onLeg("hold")),
  weighted(3, onLeg("unhold")),
  weighted(3, fc.record({ do: fc.constant("press"), leg: pick, digit: fc.constantFrom("5", "1", "1", "#") })),
  weighted(3, onLeg("heard")),
  weighted(5, fc.record({ do: fc.constant("agent"), name: fc.constantFrom(...agentActions), by: pick, queues: pick })),
  weighted(1, fc.record({ do: fc.constant("conference"), name: fc.constantFrom(...conferenceActions), who: pick })),
  weighted(3, fc.record({ do: fc.constant("refer"), leg: pick, to })),
  weighted(2, fc.record({ do: fc.constant("referReplaces"), leg: pick, other: pick })),
  weighted(
    24,
    fc.record({
      do: fc.constant("command"),
      // Those that need others before them, more often.
      name: fc.constantFrom(...commandNames, ...followUps, ...followUps),
      by: pick,
      call: pick,
      other: pick,
      to,
      isParty: fc.oneof({ weight: 5, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
      rights: fc.constantFrom("own", "all"),
    }),
  ),
  weighted(4, fc.record({ do: fc.constant("pass"), ms: fc.constantFrom(10, 3000, 21_000, 61_000, 310_000) })),
  weighted(1, fc.record({ do: fc.constant("unregister"), phone: pick })),
  weighted(1, fc.record({ do: fc.constant("kill"), phone: pick })),
  weighted(1, fc.record({ do: fc.constant("register"), number: fc.constantFrom(...partyNumbers) })),
  {
    weight: 1,
    arbitrary: fc.oneof(
      { weight: 1, arbitrary: fc.constant<Action>({ do: "crash" }) },
      { weight: 5, arbitrary: fc.constant<Action>({ do: "pass", ms: 1 }) },
    ),
  },
);

/** Mostly what happens in a contact centre. */
const acdAction: fc.Arbitrary<Action> = fc.oneof(
  weighted(14, fc.record({ do: fc.constant("dial"), phone: pick, to: fc.constantFrom("300", "300", "310", "201") })),
  weighted(12, fc.record({ do: fc.constant("agent"), name: fc.constantFrom(...agentActions), by: pick, queues: pick })),
  weighted(10, onLeg("ring")),
  weighted(14, onLeg("answer")),
  weighted(3, onLeg("reject")),
  weighted(8, onLeg("hangup")),
  weighted(6, fc.record({ do: fc.constant("press"), leg: pick, digit: fc.constant("1") })),
  weighted(3, onLeg("heard")),
  weighted(8, fc.record({ do: fc.constant("pass"), ms: fc.constantFrom(1000, 3000, 11_000, 21_000, 61_000) })),
  weighted(12, action),
);

interface RunShape {
  readonly phones: fc.Arbitrary<number>;
  readonly maxConcurrentCalls: fc.Arbitrary<number>;
  readonly action: fc.Arbitrary<Action>;
}

const runOf = ({ phones, maxConcurrentCalls, action: happens }: RunShape): fc.Arbitrary<Run> =>
  fc.record({
    phones,
    maxConcurrentCalls,
    forwards: fc.array(
      fc.oneof(
        { weight: 6, arbitrary: fc.constant("none" as const) },
        {
          weight: 1,
          arbitrary: fc.constantFrom("busy" as const, "no_answer" as const, "always" as const, "dnd" as const),
        },
      ),
      { minLength: 6, maxLength: 6 },
    ),
    slots: fc.integer({ min: 1, max: 3 }),
    acd: fc.record({
      strategy: fc.constantFrom(...queueStrategies),
      overflow: fc.constantFrom(undefined, "310", "200", "*98205"),
      waitsWithoutAgents: fc.constantFrom(true, true, false),
      maxQueueSize: fc.constantFrom(50, 2, 1),
      maxWaitTimeSeconds: fc.constantFrom(0, 60),
      wrapUpTimeSeconds: fc.constantFrom(0, 10),
      hasPin: fc.boolean(),
    }),
    steps: fc.array(
      fc.record({
        action: happens,
        settles: fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
      }),
      { minLength: 12, maxLength: 50, size: "max" },
    ),
  });

export const run = runOf({
  phones: fc.integer({ min: 2, max: 6 }),
  maxConcurrentCalls: fc.constantFrom(4, 2, 1),
  action,
});
export const acdRun = runOf({
  phones: fc.integer({ min: 4, max: 6 }),
  maxConcurrentCalls: fc.constantFrom(4, 2),
  action: acdAction,
});
