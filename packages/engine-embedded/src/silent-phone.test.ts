import { afterEach, expect, it } from "vitest";
import { type EngineWithCall, startEngineWithCall } from "./testing/engine-with-call.ts";

let around: EngineWithCall;
afterEach(() => around.stop());

const ended = (): readonly string[] =>
  around.events.flatMap((event) => (event.type === "legEnded" ? [`${event.legId} ${event.cause}`] : []));

it("[C18] a silent phone is asked: one that answers stays, one that knows no such call is gone at once", {
  timeout: 20_000,
}, async () => {
  around = await startEngineWithCall({}, { min: 24_300, max: 24_399 }, { silentMs: 1000 });
  const { caller, callee } = around;
  const asked = new Map([
    [caller.call, 0],
    [callee.call, 0],
  ]);
  for (const [{ call }, status] of [
    [caller, 405],
    [callee, 481],
  ] as const) {
    call.onRequest = (transaction) => {
      if (transaction.request.method !== "OPTIONS") return void transaction.respond(200);
      asked.set(call, (asked.get(call) ?? 0) + 1);
      transaction.respond(status);
    };
  }
  await expect.poll(ended, { timeout: 10_000 }).toEqual([`${callee.legId} media_timeout`]);
  await expect.poll(() => asked.get(caller.call), { timeout: 10_000 }).toBeGreaterThan(1);
  expect(ended()).toHaveLength(1);
});
