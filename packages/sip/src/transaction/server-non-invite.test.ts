import { expect, test } from "vitest";
import { type ServerNonInviteInput, type ServerNonInviteState, stepServerNonInvite } from "./server-non-invite.ts";
import { defaultTimers } from "./timers.ts";

interface Row {
  readonly fact: string;
  readonly isReliable?: boolean;
  readonly from: ServerNonInviteState;
  readonly input: ServerNonInviteInput;
  readonly to: ServerNonInviteState;
  readonly effects: ReturnType<typeof stepServerNonInvite>["effects"];
}

const trying = { at: "trying" } as const;
const proceeding = { at: "proceeding" } as const;
const completed = { at: "completed" } as const;
const terminated = { at: "terminated" } as const;
const again = { type: "retransmission" } as const;
const respond = (status: number) => ({ type: "respond", status }) as const;
const timerJ = { type: "timer", timer: "J" } as const;
const broken = { type: "transport_error" } as const;
const send = { do: "send" } as const;
const startJ = { do: "start", timer: "J", afterMs: 32_000 } as const;
const failure = { do: "report", what: "transport_error" } as const;

// RFC 3261 §17.2.2, figure 8.
const table: readonly Row[] = [
  { fact: "swallows a request that comes again unanswered", from: trying, input: again, to: trying, effects: [] },
  { fact: "sends a provisional answer", from: trying, input: respond(100), to: proceeding, effects: [send] },
  {
    fact: "repeats it for a request that comes again",
    from: proceeding,
    input: again,
    to: proceeding,
    effects: [send],
  },
  { fact: "sends a newer one", from: proceeding, input: respond(183), to: proceeding, effects: [send] },
  {
    fact: "keeps the answer for timer J (64 × T1) on UDP",
    from: trying,
    input: respond(200),
    to: completed,
    effects: [send, startJ],
  },
  { fact: "does so for refusals", from: proceeding, input: respond(404), to: completed, effects: [send, startJ] },
  {
    fact: "ends with the answer on TCP",
    isReliable: true,
    from: trying,
    input: respond(200),
    to: terminated,
    effects: [send],
  },
  { fact: "fails when the answer cannot be sent", from: proceeding, input: broken, to: terminated, effects: [failure] },
  { fact: "fails before any answer too", from: trying, input: broken, to: terminated, effects: [failure] },
  {
    fact: "repeats the answer for a request that comes again",
    from: completed,
    input: again,
    to: completed,
    effects: [send],
  },
  { fact: "answers once only", from: completed, input: respond(500), to: completed, effects: [] },
  { fact: "ends at timer J", from: completed, input: timerJ, to: terminated, effects: [] },
  { fact: "does nothing once terminated", from: terminated, input: again, to: terminated, effects: [] },
];

test.each(table)("non-INVITE server in $from.at: $fact", ({ isReliable = false, from, input, to, effects }) => {
  const step = stepServerNonInvite(from, input, { isReliable, timers: defaultTimers });
  expect(step).toEqual({ state: to, effects });
});
