import { describe, expect, it } from "vitest";
import type { LoggedEvent, NewEvent } from "../event-log/event-log.ts";
import { CallLedger } from "./call-ledger.ts";
import { csvOf } from "./call-records-csv.ts";
import { endsAfterRestart } from "./restart-recovery.ts";

const startMs = Date.UTC(2026, 0, 1);

function logged(seq: number, event: Pick<NewEvent, "type" | "data">, atMs = startMs + seq * 1000): LoggedEvent {
  const callId = String(event.data["callId"]);
  return {
    seq,
    eventId: `event-${seq}`,
    type: event.type,
    timestampMs: atMs,
    audience: { extensions: [{ id: "e200", number: "200" }] },
    callId,
    json: JSON.stringify({ seq, type: event.type, data: event.data }),
  };
}

const parties = { caller: { number: "200", name: "Anna" }, callee: { number: "201" } };
const created = { callId: "c1", threadId: "c1", version: 1, direction: "internal", state: "initiated", ...parties };
const life = [
  logged(1, { type: "CALL_CREATED", data: created }),
  logged(2, { type: "CALL_RINGING", data: { callId: "c1", version: 2 } }),
  logged(3, { type: "CALL_ANSWERED", data: { callId: "c1", version: 3 } }),
];
const end = logged(9, {
  type: "CALL_ENDED",
  data: {
    callId: "c1",
    version: 4,
    hangupCause: "normal_clearing",
    hangupBy: "callee",
    durationSeconds: 6,
    phases: { talkSeconds: 6 },
  },
});

describe("call ledger", () => {
  it("[R6] makes one record of a call, with its times and its end", () => {
    const ledger = new CallLedger();
    for (const event of life) expect(ledger.fold(event)).toBeUndefined();
    expect(ledger.fold(end)).toMatchObject({
      callId: "c1",
      caller: { number: "200", name: "Anna" },
      createdAtMs: startMs + 1000,
      answeredAtMs: startMs + 3000,
      endedAtMs: startMs + 9000,
      durationSeconds: 6,
      hangupCause: "normal_clearing",
      hangupBy: "callee",
      phases: { talkSeconds: 6 },
    });
    expect(ledger.open()).toEqual([]);
  });

  it("[R6] an event seen twice changes nothing", () => {
    const ledger = new CallLedger();
    for (const event of [...life, ...life, end]) ledger.fold(event);
    expect(ledger.fold(end)).toBeUndefined();
    expect(ledger.seq).toBe(9);
  });

  it("[R6] [C11] keeps the trunk: the one that took the call in the end, also on an end after a restart", () => {
    const trunk = (id: string) => ({ id, name: `Carrier ${id}` });
    const ledger = new CallLedger();
    ledger.fold(logged(1, { type: "CALL_CREATED", data: { ...created, direction: "outbound", trunk: trunk("a") } }));
    ledger.fold(logged(2, { type: "CALL_RINGING", data: { callId: "c1", version: 2, trunk: trunk("b") } }));
    ledger.fold(logged(3, { type: "CALL_HELD", data: { callId: "c1", version: 3 } }));
    const [ending] = endsAfterRestart(ledger.open(), startMs + 9000);
    expect(ending?.data).toMatchObject({ trunk: trunk("b"), reason: "server_restart" });
    const record = ledger.fold(end);
    expect(record?.trunk).toEqual(trunk("b"));
    expect(record && csvOf([record])).toMatch(/,trunkName\r\n.*,Carrier b\r\n$/);
  });

  it("[C4] goes on from what it kept, and every open call gets exactly one end", () => {
    const before = new CallLedger();
    for (const event of life.slice(0, 2)) before.fold(event);
    const after = new CallLedger({ seq: before.seq, open: before.open() });
    for (const event of life) after.fold(event);
    const [ending, ...more] = endsAfterRestart(after.open(), startMs + 5500);
    expect(more).toEqual([]);
    expect(ending).toMatchObject({
      type: "CALL_ENDED",
      callId: "c1",
      audience: { extensions: [{ number: "200" }] },
      data: {
        hangupCause: "failed",
        reason: "server_restart",
        hangupBy: "system",
        version: 4,
        durationSeconds: 2,
        state: "ended",
      },
    });
    const phases = Object.values((ending?.data["phases"] ?? {}) as Record<string, number>);
    expect(phases.reduce((sum, seconds) => sum + seconds, 0)).toBe(4);
  });

  it("[C4] [W54] a call that was parked ends for those who watch the slots, too", () => {
    const ledger = new CallLedger();
    for (const event of life) ledger.fold(event);
    ledger.fold(logged(5, { type: "CALL_PARKED", data: { callId: "c1", version: 4, parkingSlot: "701" } }));
    const [ending] = endsAfterRestart(ledger.open(), startMs + 9000);
    expect(ending?.audience.isParked).toBe(true);
    expect(ending?.data).toMatchObject({ durationSeconds: 6, phases: { talkSeconds: 2, parkSeconds: 4 } });
    ledger.fold(logged(6, { type: "CALL_UNPARKED", data: { callId: "c1", version: 5, parkingSlot: "701" } }));
    expect(endsAfterRestart(ledger.open(), startMs + 9000)[0]?.audience.isParked).toBeUndefined();
    const record = ledger.fold(end);
    expect(record).toBeDefined();
    expect(record).not.toHaveProperty("parkedAtMs");
  });
});
