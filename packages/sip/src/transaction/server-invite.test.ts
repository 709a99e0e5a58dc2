import { expect, test } from "vitest";
import { type ServerInviteInput, type ServerInviteState, stepServerInvite } from "./server-invite.ts";
import { defaultTimers } from "./timers.ts";

interface Row {
  readonly fact: string;
  readonly isReliable?: boolean;
  readonly from: ServerInviteState;
  readonly input: ServerInviteInput;
  readonly to: ServerInviteState;
  readonly effects: ReturnType<typeof stepServerInvite>["effects"];
}

const fresh = { at: "proceeding", hasAnswered: false } as const;
const proceeding = { at: "proceeding", hasAnswered: true } as const;
const completed = (intervalMs = 500) => ({ at: "completed", intervalMs }) as const;
const confirmed = { at: "confirmed" } as const;
const accepted = { at: "accepted" } as const;
const terminated = { at: "terminated" } as const;
const again = { type: "retransmission" } as const;
const ack = { type: "ack" } as const;
const respond = (status: number) => ({ type: "respond", status }) as const;
const timer = (name: "G" | "H" | "I" | "L") => ({ type: "timer", timer: name }) as const;
const broken = { type: "transport_error" } as const;
const send = { do: "send" } as const;
const start = (name: "G" | "H" | "I" | "L", afterMs: number) => ({ do: "start", timer: name, afterMs }) as const;
const stop = (name: "G" | "H") => ({ do: "stop", timer: name }) as const;
const report = (what: "message" | "timeout" | "transport_error") => ({ do: "report", what }) as const;

// RFC 3261 §17.2.1, figure 7, with the Accepted state of RFC 6026 §7.1.
const table: readonly Row[] = [
  { fact: "has nothing to repeat before the first answer", from: fresh, input: again, to: fresh, effects: [] },
  { fact: "sends a provisional answer", from: fresh, input: respond(180), to: proceeding, effects: [send] },
  {
    fact: "repeats the last answer for an INVITE that comes again",
    from: proceeding,
    input: again,
    to: proceeding,
    effects: [send],
  },
  { fact: "ignores an ACK before the final answer", from: proceeding, input: ack, to: proceeding, effects: [] },
  {
    fact: "fails when the answer cannot be sent",
    from: proceeding,
    input: broken,
    to: terminated,
    effects: [report("transport_error")],
  },
  {
    fact: "accepts, and swallows INVITEs for timer L (64 × T1)",
    from: proceeding,
    input: respond(200),
    to: accepted,
    effects: [send, start("L", 32_000)],
  },
  {
    fact: "does so on TCP too",
    isReliable: true,
    from: fresh,
    input: respond(200),
    to: accepted,
    effects: [send, start("L", 32_000)],
  },
  {
    fact: "refuses, with timers G (T1) and H (64 × T1) on UDP",
    from: fresh,
    input: respond(486),
    to: completed(),
    effects: [send, start("G", 500), start("H", 32_000)],
  },
  {
    fact: "refuses, with timer H only on TCP",
    isReliable: true,
    from: proceeding,
    input: respond(486),
    to: completed(),
    effects: [send, start("H", 32_000)],
  },
  {
    fact: "repeats the refusal for an INVITE that comes again",
    from: completed(),
    input: again,
    to: completed(),
    effects: [send],
  },
  {
    fact: "doubles timer G",
    from: completed(),
    input: timer("G"),
    to: completed(1000),
    effects: [send, start("G", 1000)],
  },
  {
    fact: "never waits longer than T2",
    from: completed(4000),
    input: timer("G"),
    to: completed(4000),
    effects: [send, start("G", 4000)],
  },
  {
    fact: "gives up at timer H",
    from: completed(),
    input: timer("H"),
    to: terminated,
    effects: [stop("G"), report("timeout")],
  },
  {
    fact: "swallows further ACKs for timer I (T4) on UDP",
    from: completed(),
    input: ack,
    to: confirmed,
    effects: [stop("G"), stop("H"), start("I", 5000)],
  },
  {
    fact: "ends with the ACK on TCP",
    isReliable: true,
    from: completed(),
    input: ack,
    to: terminated,
    effects: [stop("G"), stop("H")],
  },
  { fact: "answers once only", from: completed(), input: respond(200), to: completed(), effects: [] },
  { fact: "swallows ACKs", from: confirmed, input: ack, to: confirmed, effects: [] },
  { fact: "swallows late INVITEs", from: confirmed, input: again, to: confirmed, effects: [] },
  { fact: "ends at timer I", from: confirmed, input: timer("I"), to: terminated, effects: [] },
  { fact: "swallows INVITEs that come again", from: accepted, input: again, to: accepted, effects: [] },
  { fact: "sends the 2xx again when told", from: accepted, input: respond(200), to: accepted, effects: [send] },
  { fact: "cannot refuse any more", from: accepted, input: respond(500), to: accepted, effects: [] },
  { fact: "passes the ACK of a 2xx up", from: accepted, input: ack, to: accepted, effects: [report("message")] },
  { fact: "leaves a lost 2xx to its user", from: accepted, input: broken, to: accepted, effects: [] },
  { fact: "ends at timer L", from: accepted, input: timer("L"), to: terminated, effects: [] },
  { fact: "does nothing once terminated", from: terminated, input: again, to: terminated, effects: [] },
];

test.each(table)("INVITE server in $from.at: $fact", ({ isReliable = false, from, input, to, effects }) => {
  const step = stepServerInvite(from, input, { isReliable, timers: defaultTimers });
  expect(step).toEqual({ state: to, effects });
});
