import { createManualScheduler } from "@pbx-x/telephony/fake";
import { describe, expect, it } from "vitest";
import type { LoggedEvent } from "../event-log/event-log.ts";
import type { Recording } from "./recording.ts";
import { RecordingEnds } from "./recording-ends.ts";

const recording: Recording = {
  id: "r1",
  callId: "c1",
  status: "recording",
  caller: { number: "200", name: "Anna" },
  callee: { number: "201", name: "Lisa" },
  extensions: [],
  startedAtMs: 0,
  blobKey: "recordings/r1.wav",
  durationMs: 0,
  bytes: 0,
};

/** An end that was told, to a log that commits when it is asked to. */
function told() {
  const scheduler = createManualScheduler();
  const listeners = new Set<(batch: readonly LoggedEvent[]) => void>();
  const finished: string[] = [];
  const ends = new RecordingEnds({
    log: {
      onCommitted: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    store: { finish: async (id) => void finished.push(id), remove: async () => undefined },
    blobs: { size: async () => 44, patch: async () => undefined, remove: async () => undefined },
    scheduler,
    onError: (error) => {
      throw error;
    },
  });
  ends.expect(recording, { status: "complete", durationMs: 1000, bytes: 32_044 });
  const commit = (): void => {
    const json = JSON.stringify({ data: { recordingId: "r1" } });
    const type = "CONFERENCE_RECORDING_STOPPED";
    for (const listener of listeners) listener([{ seq: 1, eventId: "e1", type, timestampMs: 0, audience: {}, json }]);
  };
  return { ends, scheduler, finished, commit };
}

describe("the ends of recordings", () => {
  it("[C55] a log that takes nothing holds up nobody who only wants to read", async () => {
    const { ends, scheduler, finished, commit } = told();
    const order: string[] = [];
    const reading = ends.written().then(() => order.push("read"));
    scheduler.advance(2999);
    // Enough turns for whatever is ready.
    for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
    order.push("2999 ms");
    scheduler.advance(1);
    await reading;
    expect(order).toEqual(["2999 ms", "read"]);
    expect(finished).toEqual([]);
    // It is written all the same, when the log goes on.
    commit();
    await ends.written();
    expect(finished).toEqual(["r1"]);
  });

  it("[C4] who reads waits for the end that was told, and no longer", async () => {
    const { ends, finished, commit } = told();
    const reading = ends.written();
    commit();
    await reading;
    expect(finished).toEqual(["r1"]);
  });
});
