import { expect, it } from "vitest";
import type { LoggedEvent } from "../event-log/event-log.ts";
import { Entries } from "./fan-out.ts";
import { createSocketTestbench, identity } from "./socket-testbench.ts";

const event: LoggedEvent = {
  seq: 7,
  eventId: "e",
  type: "CALL_CREATED",
  timestampMs: 0,
  audience: {},
  json: JSON.stringify({ type: "CALL_CREATED", data: { note: "ü" } }),
};

it("[W32] an event is framed once, however many get it; the frame is what any WebSocket client reads", () => {
  const made = new Entries();
  const first = made.of(event, { identity: identity("admin", "admin") });
  expect(made.of(event, { identity: identity("anna", "user", "200") }).frame).toBe(first.frame);
  expect(first.frame[0]).toBe(0x81);
  expect(first.frame[1]).toBe(Buffer.byteLength(event.json));
  expect(first.frame.subarray(2).toString()).toBe(event.json);
});

it("[W32] frames of every length class arrive whole", async () => {
  const bench = await createSocketTestbench();
  const socket = await bench.connect();
  await socket.ask("subscribe", { channels: ["calls"] });
  const sizes = [1, 100, 126, 65_000, 70_000];
  for (const [index, size] of sizes.entries()) {
    const callId = `019a0000-0000-7000-8000-${String(index).padStart(12, "0")}`;
    const data = { callId, note: "y".repeat(size) };
    await bench.append({ type: "CALL_CREATED", callId, audience: {}, data });
  }
  await socket.settle();
  expect(socket.events.map(({ data }) => String(data?.["note"]).length)).toEqual(sizes);
  await bench.stop();
});
