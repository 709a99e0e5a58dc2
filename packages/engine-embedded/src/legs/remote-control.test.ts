import { afterEach, describe, expect, it } from "vitest";
import { type EngineWithCall, type PhoneSide, startEngineWithCall } from "../testing/engine-with-call.ts";

let around: EngineWithCall;
afterEach(() => around.stop());

async function start(sides: { readonly caller?: PhoneSide; readonly callee?: PhoneSide }) {
  around = await startEngineWithCall(sides, { min: 24_200, max: 24_299 });
  return around;
}

describe("telling a phone to hold", () => {
  const talkHold = [{ name: "Allow-Events", value: "talk, hold" }];

  it("[C23] works with phones that called, too; it resolves when the phone has obeyed", async () => {
    const { engine, caller, events } = await start({ caller: { headers: talkHold } });
    const seen: string[] = [];
    caller.call.onRequest = (transaction) => {
      const event = transaction.request.headers.get("Event") ?? "";
      seen.push(event);
      transaction.respond(200);
      const direction = event === "hold" ? "a=sendonly" : "a=sendrecv";
      void caller.call.reinvite(caller.call.describe().replace(/a=(sendrecv|sendonly)|$/, direction));
    };
    expect(await engine.perform({ op: "remoteHold", legId: caller.legId })).toEqual({ ok: true });
    expect(events.at(-1)).toMatchObject({ type: "legHeld", legId: caller.legId });
    expect(await engine.perform({ op: "remoteTalk", legId: caller.legId })).toEqual({ ok: true });
    expect(events.at(-1)).toMatchObject({ type: "legUnheld", legId: caller.legId });
    expect(seen).toEqual(["hold", "talk"]);
  });

  it("[C23] a phone that announces nothing is not asked, one that does not obey has not held", async () => {
    const { engine, caller, callee } = await start({ callee: { headers: talkHold } });
    const asked: string[] = [];
    caller.call.onRequest = (transaction) => void asked.push(transaction.request.method);
    expect(await engine.perform({ op: "remoteHold", legId: caller.legId })).toMatchObject({ error: "device_cannot" });
    expect(asked).toEqual([]);
    callee.call.onRequest = (transaction) => void transaction.respond(200);
    expect(await engine.perform({ op: "remoteHold", legId: callee.legId })).toMatchObject({ error: "device_cannot" });
  });
});
