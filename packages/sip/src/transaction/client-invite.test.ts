import { expect, test } from "vitest";
import { type ClientInviteInput, type ClientInviteState, stepClientInvite } from "./client-invite.ts";
import { defaultTimers } from "./timers.ts";

type Effects = ReturnType<typeof stepClientInvite>["effects"];
interface Row {
  readonly fact: string;
  readonly isReliable?: boolean;
  readonly from: ClientInviteState;
  readonly input: ClientInviteInput;
  readonly to: ClientInviteState;
  readonly effects: Effects;
}

const calling = { at: "calling", intervalMs: 500 } as const;
const proceeding = { at: "proceeding" } as const;
const completed = { at: "completed" } as const;
const accepted = { at: "accepted" } as const;
const terminated = { at: "terminated" } as const;
const answer = (status: number) => ({ type: "response", status }) as const;
const timer = (name: "A" | "B" | "D" | "M") => ({ type: "timer", timer: name }) as const;
const send = { do: "send" } as const;
const told = { do: "report", what: "message" } as const;
const timeout = { do: "report", what: "timeout" } as const;
const failure = { do: "report", what: "transport_error" } as const;
const acknowledge = { do: "acknowledge" } as const;
const start = (name: "A" | "B" | "D" | "M", afterMs: number) => ({ do: "start", timer: name, afterMs }) as const;
const stopAB = [
  { do: "stop", timer: "A" },
  { do: "stop", timer: "B" },
] as const;

// RFC 3261 §17.1.1.2, figure 5, with the Accepted state of RFC 6026 §7.2.
const table: readonly Row[] = [
  {
    fact: "starts timers A (T1) and B (64 × T1) on UDP",
    from: calling,
    input: { type: "start" },
    to: calling,
    effects: [send, start("A", 500), start("B", 32_000)],
  },
  {
    fact: "starts timer B only on TCP",
    isReliable: true,
    from: calling,
    input: { type: "start" },
    to: calling,
    effects: [send, start("B", 32_000)],
  },
  {
    fact: "doubles timer A with every retransmission",
    from: { at: "calling", intervalMs: 8000 },
    input: timer("A"),
    to: { at: "calling", intervalMs: 16_000 },
    effects: [send, start("A", 16_000)],
  },
  { fact: "gives up at timer B", from: calling, input: timer("B"), to: terminated, effects: [timeout] },
  {
    fact: "fails when it cannot be sent",
    from: calling,
    input: { type: "transport_error" },
    to: terminated,
    effects: [failure],
  },
  {
    fact: "waits without timers after a provisional answer",
    from: calling,
    input: answer(180),
    to: proceeding,
    effects: [...stopAB, told],
  },
  {
    fact: "tells every further provisional answer",
    from: proceeding,
    input: answer(183),
    to: proceeding,
    effects: [told],
  },
  {
    fact: "waits 64 × T1 for the end of a cancelled call",
    from: proceeding,
    input: { type: "cancelled" },
    to: proceeding,
    effects: [start("B", 32_000)],
  },
  {
    fact: "leaves timer B alone when cancelled before any answer",
    from: calling,
    input: { type: "cancelled" },
    to: calling,
    effects: [],
  },
  {
    fact: "goes on sending what was given up at once, so that it can be cancelled if only the answer was lost",
    from: calling,
    input: { type: "given_up" },
    to: { ...calling, isGivenUp: true },
    effects: [],
  },
  {
    fact: "sends what was given up again",
    from: { ...calling, isGivenUp: true },
    input: timer("A"),
    to: { at: "calling", intervalMs: 1000, isGivenUp: true },
    effects: [send, start("A", 1000)],
  },
  {
    fact: "sends what was given up for the last time after 7 × T1",
    from: { at: "calling", intervalMs: 2000, isGivenUp: true },
    input: timer("A"),
    to: { at: "calling", intervalMs: 4000, isGivenUp: true },
    effects: [send],
  },
  {
    fact: "stops sending what is given up after a long silence, and still waits for an answer",
    from: { at: "calling", intervalMs: 4000 },
    input: { type: "given_up" },
    to: { at: "calling", intervalMs: 4000, isGivenUp: true },
    effects: [{ do: "stop", timer: "A" }],
  },
  {
    fact: "takes a late answer to what was given up",
    from: { at: "calling", intervalMs: 4000, isGivenUp: true },
    input: answer(180),
    to: proceeding,
    effects: [...stopAB, told],
  },
  {
    fact: "gives up a cancelled call at timer B",
    from: proceeding,
    input: timer("B"),
    to: terminated,
    effects: [timeout],
  },
  {
    fact: "fails in Proceeding too",
    from: proceeding,
    input: { type: "transport_error" },
    to: terminated,
    effects: [failure],
  },
  {
    fact: "keeps room for more 2xx for timer M (64 × T1)",
    from: calling,
    input: answer(200),
    to: accepted,
    effects: [...stopAB, start("M", 32_000), told],
  },
  {
    fact: "does so after a provisional answer, and on TCP",
    isReliable: true,
    from: proceeding,
    input: answer(299),
    to: accepted,
    effects: [...stopAB, start("M", 32_000), told],
  },
  { fact: "passes every 2xx up", from: accepted, input: answer(200), to: accepted, effects: [told] },
  { fact: "drops other answers once accepted", from: accepted, input: answer(486), to: accepted, effects: [] },
  { fact: "drops provisional answers once accepted", from: accepted, input: answer(180), to: accepted, effects: [] },
  {
    fact: "ignores a failed ACK once accepted",
    from: accepted,
    input: { type: "transport_error" },
    to: accepted,
    effects: [],
  },
  { fact: "ends at timer M", from: accepted, input: timer("M"), to: terminated, effects: [] },
  {
    fact: "acknowledges a refusal and waits for it again for timer D (32 s) on UDP",
    from: calling,
    input: answer(486),
    to: completed,
    effects: [...stopAB, acknowledge, told, start("D", 32_000)],
  },
  {
    fact: "acknowledges a refusal and ends on TCP",
    isReliable: true,
    from: proceeding,
    input: answer(300),
    to: terminated,
    effects: [...stopAB, acknowledge, told],
  },
  {
    fact: "acknowledges a repeated refusal without a word",
    from: completed,
    input: answer(486),
    to: completed,
    effects: [acknowledge],
  },
  {
    fact: "drops provisional answers after a refusal",
    from: completed,
    input: answer(180),
    to: completed,
    effects: [],
  },
  { fact: "drops a 2xx after a refusal", from: completed, input: answer(200), to: completed, effects: [] },
  { fact: "ends at timer D", from: completed, input: timer("D"), to: terminated, effects: [] },
  { fact: "does nothing once terminated", from: terminated, input: answer(200), to: terminated, effects: [] },
];

test.each(table)("INVITE client in $from.at: $fact", ({ isReliable = false, from, input, to, effects }) => {
  const step = stepClientInvite(from, input, { isReliable, timers: defaultTimers });
  expect(step).toEqual({ state: to, effects });
});
