import { describe, expect, it } from "vitest";
import { asked } from "./consult-testbench.ts";
import { MergedCalls, mergedForMs } from "./merged-calls.ts";

describe("[C5] ids of merged calls", () => {
  it("[C5] a command takes the id of the merged call and names the survivor", async () => {
    const { engine, commands, as, settle, served, target, callId, consultCallId, pair } = await asked();
    await commands.transferAttended(pair, as("201"));
    await settle();
    expect(await commands.hold({ callId: consultCallId }, as("202"))).toEqual({
      ok: true,
      data: { callId, status: "held" },
      seq: expect.any(Number),
    });
    await settle();
    expect(engine.hearsHoldMusic(served)).toBe(true);
    expect(await commands.unhold({ callId: consultCallId }, as("202"))).toMatchObject({ data: { callId } });
    engine.hangup(target);
    await settle();
    expect(await commands.hold({ callId: consultCallId }, as("202"))).toMatchObject({
      error: { code: "INVALID_STATE", details: { state: "ended" } },
    });
  });

  it("[C5] follows calls that were merged again, for 24 hours each", () => {
    const merged = new MergedCalls();
    merged.add("c", "b", 0);
    merged.add("b", "a", 1000);
    expect(merged.survivorOf("c", mergedForMs)).toBe("a");
    expect(merged.survivorOf("c", mergedForMs + 1)).toBeUndefined();
    expect(merged.survivorOf("b", mergedForMs + 1)).toBe("a");
    expect(merged.survivorOf("a", 0)).toBeUndefined();
  });

  it("[C5] a circle leads nowhere, and does not hang", () => {
    const merged = new MergedCalls();
    merged.add("a", "b", 0);
    merged.add("b", "a", 0);
    expect(merged.survivorOf("a", 0)).toBeDefined();
  });

  it("[C5] keeps the newest ten thousand", () => {
    const merged = new MergedCalls();
    for (let count = 0; count <= 10_000; count += 1) merged.add(`merged-${count}`, "survivor", 0);
    expect(merged.survivorOf("merged-0", 0)).toBeUndefined();
    expect(merged.survivorOf("merged-10000", 0)).toBe("survivor");
  });
});
