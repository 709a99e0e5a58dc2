import { createManualScheduler } from "@pbx-x/telephony/fake";
import { describe, expect, it } from "vitest";
import { type LedgerCheckpoint, LedgerKeeper } from "../calls/ledger-keeper.ts";
import { createMemoryEventLog } from "../event-log/memory-event-log.ts";
import { createConferenceLedger } from "./conference-ledger.ts";
import { createConferenceBench } from "./conference-testbench.ts";

/** A log with the life of a conference that nobody ended, up to some event. */
async function crashed(count: number) {
  const bench = await createConferenceBench();
  await bench.dial("200");
  bench.scheduler.advance(5000);
  await bench.dial("201");
  const clock = { ms: 1000 };
  const log = createMemoryEventLog({ newId: () => crypto.randomUUID(), now: () => clock.ms });
  const life = bench.events.filter(({ type }) => type.startsWith("CONFERENCE_")).slice(0, count);
  for (const event of life) {
    clock.ms += 2000;
    await log.append([event]).committed;
  }
  return log;
}

async function start(log: Awaited<ReturnType<typeof crashed>>, kept?: LedgerCheckpoint) {
  const saved: LedgerCheckpoint[] = kept === undefined ? [] : [kept];
  const keeper = new LedgerKeeper({
    log,
    store: { load: async () => saved.at(-1), save: async (now) => void saved.push(now), record: () => undefined },
    scheduler: createManualScheduler(),
    onError: (error) => {
      throw error;
    },
    parts: [createConferenceLedger()],
  });
  const before = log.head();
  await keeper.start();
  const ends = await log.read({ after: before, limit: 100 });
  await keeper.stop();
  return { ends, checkpoint: saved.at(-1) };
}

const dataOf = (json: string) => (JSON.parse(json) as { data: object }).data;

describe("conferences after a crash", () => {
  it("[C4] [V22] everybody who was in it leaves, then it ends; exactly once", async () => {
    const log = await crashed(3);
    const { ends, checkpoint } = await start(log);
    expect(ends.map(({ type }) => type)).toEqual([
      "CONFERENCE_PARTICIPANT_LEFT",
      "CONFERENCE_PARTICIPANT_LEFT",
      "CONFERENCE_ENDED",
    ]);
    expect(dataOf(ends[1]?.json ?? "")).toMatchObject({ reason: "timeout", currentParticipantCount: 0 });
    expect(dataOf(ends[2]?.json ?? "")).toMatchObject({
      conferenceId: "room",
      name: "Team Meeting",
      durationSeconds: 4,
      totalParticipants: 2,
      reason: "server_restart",
    });
    expect(ends[2]?.audience).toMatchObject({ conferenceIds: ["room"], userIds: ["user-200", "user-201"] });
    expect((await start(log, checkpoint)).ends).toEqual([]);
    expect((await start(log)).ends).toEqual([]);
  });

  it("[C4] from a checkpoint in its midst as from its beginning", async () => {
    const log = await crashed(2);
    const ledger = createConferenceLedger();
    for (const event of await log.read({ after: 0, limit: 10 })) ledger.fold(event);
    const kept = JSON.parse(JSON.stringify({ conferences: ledger.keep() })) as Record<string, unknown>;
    const { ends } = await start(log, { seq: log.head(), epoch: log.epoch, open: [], parts: kept });
    expect(ends.map(({ type }) => type)).toEqual(["CONFERENCE_PARTICIPANT_LEFT", "CONFERENCE_ENDED"]);
  });
});
