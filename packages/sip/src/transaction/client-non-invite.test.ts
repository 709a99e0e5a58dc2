import { expect, test } from "vitest";
import { type ClientNonInviteInput, type ClientNonInviteState, stepClientNonInvite } from "./client-non-invite.ts";
import { defaultTimers } from "./timers.ts";

interface Row {
  readonly fact: string;
  readonly isReliable?: boolean;
  readonly from: ClientNonInviteState;
  readonly input: ClientNonInviteInput;
  readonly to: ClientNonInviteState;
  readonly effects: ReturnType<typeof stepClientNonInvite>["effects"];
}

const trying = (intervalMs = 500) => ({ at: "trying", intervalMs }) as const;
const proceeding = { at: "proceeding" } as const;
const completed = { at: "completed" } as const;
const terminated = { at: "terminated" } as const;
const answer = (status: number) => ({ type: "response", status }) as const;
const timer = (name: "E" | "F" | "K") => ({ type: "timer", timer: name }) as const;
const send = { do: "send" } as const;
const told = { do: "report", what: "message" } as const;
const timeout = { do: "report", what: "timeout" } as const;
const failure = { do: "report", what: "transport_error" } as const;
const start = (name: "E" | "F" | "K", afterMs: number) => ({ do: "start", timer: name, afterMs }) as const;
const stop = (name: "E" | "F") => ({ do: "stop", timer: name }) as const;

// RFC 3261 §17.1.2.2, figure 6.
const table: readonly Row[] = [
  {
    fact: "starts timers E (T1) and F (64 × T1) on UDP",
    from: trying(),
    input: { type: "start" },
    to: trying(),
    effects: [send, start("E", 500), start("F", 32_000)],
  },
  {
    fact: "starts timer F only on TCP",
    isReliable: true,
    from: trying(),
    input: { type: "start" },
    to: trying(),
    effects: [send, start("F", 32_000)],
  },
  { fact: "doubles timer E", from: trying(), input: timer("E"), to: trying(1000), effects: [send, start("E", 1000)] },
  {
    fact: "never waits longer than T2",
    from: trying(4000),
    input: timer("E"),
    to: trying(4000),
    effects: [send, start("E", 4000)],
  },
  {
    fact: "asks every T2 while there are provisional answers only",
    from: proceeding,
    input: timer("E"),
    to: proceeding,
    effects: [send, start("E", 4000)],
  },
  { fact: "gives up at timer F", from: trying(), input: timer("F"), to: terminated, effects: [stop("E"), timeout] },
  {
    fact: "gives up at timer F in Proceeding",
    from: proceeding,
    input: timer("F"),
    to: terminated,
    effects: [stop("E"), timeout],
  },
  {
    fact: "fails when it cannot be sent",
    from: trying(),
    input: { type: "transport_error" },
    to: terminated,
    effects: [stop("E"), stop("F"), failure],
  },
  { fact: "tells a provisional answer", from: trying(), input: answer(100), to: proceeding, effects: [told] },
  { fact: "tells each of them", from: proceeding, input: answer(183), to: proceeding, effects: [told] },
  {
    fact: "waits for the answer again for timer K (T4) on UDP",
    from: trying(),
    input: answer(200),
    to: completed,
    effects: [stop("E"), stop("F"), start("K", 5000), told],
  },
  {
    fact: "treats refusals the same",
    from: proceeding,
    input: answer(603),
    to: completed,
    effects: [stop("E"), stop("F"), start("K", 5000), told],
  },
  {
    fact: "ends with the answer on TCP",
    isReliable: true,
    from: trying(),
    input: answer(200),
    to: terminated,
    effects: [stop("F"), told],
  },
  { fact: "drops the answer that comes again", from: completed, input: answer(200), to: completed, effects: [] },
  { fact: "ignores late errors", from: completed, input: { type: "transport_error" }, to: completed, effects: [] },
  { fact: "ends at timer K", from: completed, input: timer("K"), to: terminated, effects: [] },
  { fact: "does nothing once terminated", from: terminated, input: answer(200), to: terminated, effects: [] },
];

test.each(table)("non-INVITE client in $from.at: $fact", ({ isReliable = false, from, input, to, effects }) => {
  const step = stepClientNonInvite(from, input, { isReliable, timers: defaultTimers });
  expect(step).toEqual({ state: to, effects });
});
