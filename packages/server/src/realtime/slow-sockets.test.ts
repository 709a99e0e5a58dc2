import { afterEach, describe, expect, it } from "vitest";
import { createSocketTestbench, idOf, type SocketTestbench, statusEvent } from "./socket-testbench.ts";

let bench: SocketTestbench | undefined;
afterEach(async () => {
  await bench?.stop();
  bench = undefined;
});

const id = (count: number): string => `019a0000-0000-7000-8000-${String(count).padStart(12, "0")}`;
const padding = "x".repeat(2000);
const limits = { outboxBytes: 64 << 10, hardOutboxBytes: 256 << 10, slowMs: 10_000, maxReplay: 100_000 };

/** Fills the machine's socket buffers and more, with events that may not be merged. */
async function flood(own: SocketTestbench, count: number, from = 1): Promise<void> {
  for (let at = 0; at < count; at += 200) {
    await own.append(
      ...Array.from({ length: Math.min(200, count - at) }, (_, index) => ({
        type: "CALL_CREATED" as const,
        callId: id(from + at + index),
        audience: { extensions: [{ id: idOf("200"), number: "200" }] },
        data: {
          callId: id(from + at + index),
          state: "initiated",
          version: 1,
          direction: "internal",
          caller: { number: "200", name: padding },
          callee: { number: "201" },
        },
      })),
    );
  }
}

describe("a client that does not read", () => {
  it("[W31] is ended as slow_consumer at the hard limit, in bounded memory; the others get everything; it resumes", async () => {
    const own = await createSocketTestbench({ limits });
    bench = own;
    const [stuck, lively] = [await own.connect("admin"), await own.connect("admin")];
    for (const socket of [stuck, lively]) await socket.ask("subscribe", { channels: ["calls"] });
    stuck.stopReading();
    let most = 0;
    let rounds = 0;
    for (; rounds < 40 && own.realtime.connections().connections === 2; rounds += 1) {
      await flood(own, 500, 1 + rounds * 500);
      await lively.settle();
      most = Math.max(most, own.realtime.connections().waitingBytes);
    }
    expect(own.realtime.connections().connections).toBe(1);
    // The outbox, what is written to the socket directly, and one batch on top.
    expect(most).toBeLessThan(2 << 20);
    expect(lively.events).toHaveLength(rounds * 500);
    const { resume } = stuck;
    stuck.readOn();
    await stuck.closed();
    const back = await own.connect("admin", { resume: { ...resume, since: stuck.events.at(-1)?.seq ?? resume.since } });
    expect(back.connected).toMatchObject({ resumed: true });
    await back.settle();
    const seqs = [...stuck.events, ...back.events].map(({ seq }) => seq);
    expect(seqs).toEqual(Array.from({ length: rounds * 500 }, (_, index) => index + 1));
  });

  it("[W31] [N6] changes are united, not replaced, and say for how many they stand; beginnings and ends never are", async () => {
    const own = await createSocketTestbench({ limits: { ...limits, hardOutboxBytes: 8 << 20 } });
    bench = own;
    const socket = await own.connect("admin");
    await socket.ask("subscribe", { channels: ["calls", "extensions"] });
    socket.stopReading();
    // So many that the outbox, not only the system's buffers, is in use; then changes until it is over its limit.
    for (let round = 0; own.realtime.connections().waitingBytes < 400 << 10; round += 1) {
      await flood(own, 200, 1 + round * 200);
    }
    await own.append(statusEvent({ dndEnabled: true, displayName: padding }));
    for (let count = 0; count < 100; count += 1) await own.append(statusEvent({ displayName: `${count}${padding}` }));
    await own.append(statusEvent({ department: "Sales" }));
    const head = own.log.head();
    const before = head - 102;
    await flood(own, 200, 500_000);
    socket.readOn();
    await socket.settle();
    const changes = socket.events.filter(({ type }) => type === "EXTENSION_STATUS_CHANGED");
    expect(changes.length).toBeLessThan(102);
    const merged = changes.reduce((sum, { conflated = 0 }) => sum + conflated + 1, 0);
    expect(merged).toBe(102);
    const whole = Object.assign({}, ...changes.map(({ data }) => data?.["changes"] as object)) as object;
    expect(whole).toMatchObject({ dndEnabled: true, displayName: `99${padding}`, department: "Sales" });
    const created = socket.events.filter(({ type }) => type === "CALL_CREATED");
    expect(created).toHaveLength(before + 200);
    const seqs = socket.events.map(({ seq }) => seq ?? 0);
    expect(seqs).toEqual(seqs.toSorted((a, b) => a - b));
  });

  it("[W31] who stays over the limit for 10 s is ended, who reads again in time is not", async () => {
    const own = await createSocketTestbench({ limits: { ...limits, hardOutboxBytes: 64 << 20 } });
    bench = own;
    const [stuck, tired] = [await own.connect("admin"), await own.connect("admin")];
    for (const socket of [stuck, tired]) {
      await socket.ask("subscribe", { channels: ["calls"] });
      socket.stopReading();
    }
    for (let round = 0; own.realtime.connections().waitingBytes < 3 << 20; round += 1) {
      await flood(own, 200, 1 + round * 200);
    }
    own.scheduler.advance(5000);
    tired.readOn();
    await tired.settle();
    own.scheduler.advance(6000);
    await expect.poll(() => own.realtime.connections().connections).toBe(1);
    expect((await tired.settle()).type).toBe("PONG");
    expect(tired.events).toHaveLength(own.log.head());
  });
});
