import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createSocketTestbench, type SocketTestbench } from "./socket-testbench.ts";
import type { TestSocket } from "./test-socket.ts";

let bench: SocketTestbench;
beforeEach(async () => {
  bench = await createSocketTestbench({ limits: { maxReplay: 20, resumeMs: 120_000 }, keepEvents: 30 });
});
afterEach(() => bench.stop());

const id = (count: number): string => `019a0000-0000-7000-8000-${String(count).padStart(12, "0")}`;
const seqsOf = (socket: TestSocket): readonly (number | undefined)[] => socket.events.map(({ seq }) => seq);

async function subscribed(channels: readonly string[] = ["calls"], token = "admin"): Promise<TestSocket> {
  const socket = await bench.connect(token);
  await socket.ask("subscribe", { channels });
  return socket;
}

describe("resume", () => {
  it("[W28] brings the subscriptions back and exactly what was missed, in order, then what is new", async () => {
    const socket = await subscribed();
    await bench.call(id(1), "CALL_CREATED");
    await socket.settle();
    socket.cut();
    await bench.call(id(1), "CALL_RINGING", "CALL_ENDED");
    const back = await bench.connect("admin", { resume: socket.resume });
    expect(back.connected).toMatchObject({ resumed: true, replaying: 2, sessionId: socket.connected.sessionId });
    await bench.call(id(2), "CALL_CREATED");
    await back.settle();
    expect(seqsOf(back)).toEqual([2, 3, 4]);
  });

  it("[N2] works before any event came, and again and again", async () => {
    let socket = await subscribed();
    for (let round = 1; round <= 3; round += 1) {
      socket.cut();
      await bench.call(id(round), "CALL_CREATED");
      const back = await bench.connect("admin", { resume: socket.resume });
      await back.settle();
      expect(seqsOf(back)).toEqual([round]);
      socket = back;
    }
  });

  it("[N2] a number of another epoch, one that is not reached yet, or another user's session is no resume", async () => {
    const socket = await subscribed();
    await bench.call(id(1), "CALL_CREATED");
    await socket.settle();
    socket.cut();
    const { resume } = socket;
    for (const wrong of [
      { ...resume, epoch: "another" },
      { ...resume, since: 99 },
      { ...resume, sessionId: id(9) },
    ]) {
      const back = await bench.connect("admin", { resume: wrong });
      expect(back.connected).toMatchObject({ resumed: false, replaying: 0 });
      await bench.call(id(5), "CALL_CREATED");
      await back.settle();
      expect(back.events).toEqual([]);
    }
    const stranger = await bench.connect("anna", { resume });
    expect(stranger.connected).toMatchObject({ resumed: false, userId: "anna" });
  });

  it("[W25] what is too much or too old is never sent in part: the client is told to start anew", async () => {
    const socket = await subscribed();
    await bench.call(id(1), "CALL_CREATED");
    await socket.settle();
    socket.cut();
    for (let count = 2; count < 24; count += 1) await bench.call(id(count), "CALL_CREATED");
    const tooMuch = await bench.connect("admin", { resume: socket.resume });
    expect(tooMuch.connected).toMatchObject({ resumed: false, replaying: 0 });
    const since = { epoch: bench.log.epoch, seq: 0 };
    const answer = await tooMuch.ask("subscribe", { channels: ["calls"], since });
    expect(answer).toMatchObject({ data: { recovered: false } });
    await tooMuch.settle();
    expect(tooMuch.events).toEqual([]);
  });

  it("[W25] [N4] subscribe with a position: the answer, then exactly the missed events, then live ones", async () => {
    await bench.call(id(1), "CALL_CREATED", "CALL_RINGING", "CALL_ENDED");
    const socket = await bench.connect();
    const since = { epoch: bench.log.epoch, seq: 1 };
    const answering = socket.ask("subscribe", { channels: ["calls"], since });
    const meanwhile = bench.call(id(2), "CALL_CREATED");
    const answer = await answering;
    await meanwhile;
    await socket.settle();
    expect(answer.data).toMatchObject({ recovered: true });
    const missed = Number(answer.data?.["missed"]);
    expect(missed).toBe(Number(answer.data?.["seq"]) - 1);
    expect(seqsOf(socket)).toEqual([2, 3, 4]);
    expect(socket.frames.findIndex(({ id: own }) => own === answer.id)).toBeLessThan(
      socket.frames.findIndex(({ seq, type }) => seq !== undefined && type !== undefined),
    );
  });

  it("[W25] a log that cannot be read is a gap: the client is told so and gets what happens from then on", async () => {
    await bench.call(id(1), "CALL_CREATED");
    const socket = await bench.connect();
    const { log } = bench;
    const read = log.read.bind(log);
    log.read = () => Promise.reject(new Error("disk I/O error"));
    const answer = await socket.ask("subscribe", { channels: ["calls"], since: { epoch: log.epoch, seq: 0 } });
    log.read = read;
    expect(answer).toMatchObject({ success: true, data: { recovered: false } });
    await bench.call(id(1), "CALL_ENDED");
    await socket.settle();
    expect(seqsOf(socket)).toEqual([2]);
  });

  it("[W28] a session that nobody comes back to is forgotten after two minutes", async () => {
    const socket = await subscribed();
    socket.cut();
    await expect.poll(() => bench.realtime.connections().connections).toBe(0);
    bench.scheduler.advance(119_000);
    expect(bench.realtime.connections().sessions).toBe(1);
    bench.scheduler.advance(2000);
    expect(bench.realtime.connections().sessions).toBe(0);
    expect((await bench.connect("admin", { resume: socket.resume })).connected).toMatchObject({ resumed: false });
  });

  it("[W28] a second connection takes the session over; the late end of the first does not touch it", async () => {
    const socket = await subscribed();
    const taken = await bench.connect("admin", { resume: socket.resume });
    expect(await socket.closed()).toBe(4002);
    bench.scheduler.advance(60_000);
    await taken.settle();
    bench.scheduler.advance(61_000);
    await bench.call(id(1), "CALL_CREATED");
    await taken.settle();
    expect(seqsOf(taken)).toEqual([1]);
  });

  it("[W24] [W28] what the user may not see any more is not replayed", async () => {
    const socket = await subscribed(["calls"]);
    socket.cut();
    await bench.call(id(1), "CALL_CREATED");
    const anna = bench.users.get("anna");
    if (anna === undefined) throw new Error("anna is missing");
    bench.users.set("admin", { ...anna, userId: "admin", extensionId: id(77), extensionNumber: "299" });
    const back = await bench.connect("admin", { resume: socket.resume });
    await back.settle();
    expect(back.events).toEqual([]);
  });
});

describe("snapshot", () => {
  it("[W26] [N8] is the state as of its position, names its channels, and events go on after it", async () => {
    await bench.call(id(1), "CALL_CREATED", "CALL_RINGING");
    await bench.call(id(2), "CALL_CREATED", "CALL_ENDED");
    const socket = await bench.connect();
    const answer = await socket.ask("subscribe", { channels: ["calls"], snapshot: true });
    expect(answer.data?.["snapshot"]).toMatchObject({
      epoch: bench.log.epoch,
      seq: 4,
      scope: ["calls"],
      tables: { calls: [{ callId: id(1), state: "ringing", version: 2, seq: 2 }] },
    });
    await bench.call(id(1), "CALL_ANSWERED");
    await socket.settle();
    expect(seqsOf(socket)).toEqual([5]);
  });
});
