import { describe, expect, it } from "vitest";
import { createTestbench } from "./client-testbench.ts";
import { isPbxError } from "./commands/pbx-error.ts";

describe("commands", () => {
  it("[K1] [K7] answers typed results; visible() waits for the effect's events", async () => {
    const bench = await createTestbench({
      onCommand: (_, params) => {
        bench.call((params as { callId: string }).callId, "CALL_CREATED");
        return { callId: (params as { callId: string }).callId, status: "initiated" };
      },
    });
    const request = bench.client.call.originate({ from: "200", to: "201" });
    expect(bench.client.state.pending(request.callId)).toMatchObject([{ command: "originate" }]);
    const visible = request.visible();
    await bench.server.flushAll();
    await visible;
    expect(bench.client.state.call(request.callId)?.state).toBe("initiated");
    expect(bench.client.state.pending(request.callId)).toEqual([]);
  });

  it("[K7] a refusal is told by visible() alone to who waits for that, and reaches nobody else as an error", async () => {
    const bench = await createTestbench();
    bench.server.goSilent();
    const unheard: unknown[] = [];
    const note = (error: unknown): void => void unheard.push(error);
    process.on("unhandledRejection", note);
    const visible = bench.client.call.hold({ callId: "x" }).visible();
    const told = expect(visible).rejects.toMatchObject({ code: "TIMED_OUT" });
    await bench.clock.advance(10_000);
    await told;
    await new Promise((resolve) => setImmediate(resolve));
    process.off("unhandledRejection", note);
    expect(unheard).toEqual([]);
  });

  it("[K2] settles by time-out, and at most 256 are open", async () => {
    const bench = await createTestbench();
    bench.server.goSilent();
    const open = Array.from({ length: 256 }, () => bench.client.call.hold({ callId: "x" }).safe());
    const tooMany = bench.client.call.hold({ callId: "x" }).safe();
    expect(await tooMany).toMatchObject({ ok: false, error: { code: "BUSY", outcome: "not_executed" } });
    await bench.clock.advance(10_000);
    const outcomes = await Promise.all(open);
    expect(new Set(outcomes.map((each) => (each.ok ? "" : each.error.code)))).toEqual(new Set(["TIMED_OUT"]));
  });

  it("[K3] while resuming a command waits 2 s, then it was not executed", async () => {
    const bench = await createTestbench();
    bench.server.refusals = Array.from({ length: 50 }, () => 503);
    bench.server.cut();
    await bench.server.flushAll();
    const outcome = bench.client.call.hangup({ callId: "x" }).safe();
    await bench.pass(2500);
    expect(await outcome).toMatchObject({ ok: false, error: { code: "OFFLINE", outcome: "not_executed" } });
    await bench.pass(20_000);
    expect(await bench.client.call.hangup({ callId: "x" }).safe()).toMatchObject({ error: { code: "OFFLINE" } });
    expect(bench.server.executed).toEqual([]);
  });

  it("[K3] what may wait longer is sent once, the latest for its target only", async () => {
    const bench = await createTestbench();
    bench.server.refusals = [503, 503];
    bench.server.cut();
    await bench.pass(500);
    const patient = { offline: { waitMs: 30_000 } };
    const first = bench.client.extension.setDnd({ extensionId: "e1", enabled: true }, patient).safe();
    const second = bench.client.extension.setDnd({ extensionId: "e1", enabled: false }, patient).safe();
    expect(await first).toMatchObject({ ok: false, error: { code: "SUPERSEDED" } });
    await bench.pass(30_000);
    expect((await second).ok).toBe(true);
    expect(bench.server.executed).toHaveLength(1);
  });

  it("[K4] sent and not answered: repeated under the same id in a resumed session, nothing runs twice", async () => {
    const bench = await createTestbench();
    const outcome = bench.client.call.hangup({ callId: "x" }).safe();
    bench.server.cut();
    await bench.pass(5000);
    expect((await outcome).ok).toBe(true);
    expect(bench.server.executed).toHaveLength(1);
  });

  it("[K4] in another session its outcome is unknown, unless a repeat is harmless", async () => {
    const bench = await createTestbench();
    bench.server.dropNext();
    const hangup = bench.client.call.hangup({ callId: "x" }).safe();
    bench.server.dropNext();
    const mute = bench.client.call.mute({ callId: "x" }).safe();
    bench.server.forgetSessions();
    await bench.pass(5000);
    expect(await hangup).toMatchObject({ error: { code: "CONNECTION_LOST", outcome: "unknown" } });
    expect((await mute).ok).toBe(true);
  });

  it("[K5] a refusal carries its code, [K6] an abort says whether it was sent, a close ends all", async () => {
    const bench = await createTestbench();
    const before = bench.client.call.hold({ callId: "x" }, { signal: AbortSignal.abort() });
    await expect(before).rejects.toSatisfy((error) => isPbxError(error, "ABORTED") && error.outcome === "not_executed");
    const controller = new AbortController();
    const after = bench.client.call.hold({ callId: "x" }, { signal: controller.signal });
    controller.abort();
    await expect(after).rejects.toSatisfy((error) => isPbxError(error, "ABORTED") && error.outcome === "unknown");
    const open = bench.client.call.hold({ callId: "x" });
    await bench.client.close();
    await expect(open).rejects.toSatisfy((error) => isPbxError(error, "CLOSED"));
    await expect(bench.client.call.hold({ callId: "x" })).rejects.toSatisfy((error) => isPbxError(error, "CLOSED"));
    const large = await createTestbench();
    const huge = large.client.command("setPresence", { presenceStatus: "x".repeat(70_000) } as never);
    await expect(huge).rejects.toSatisfy((error) => isPbxError(error, "TOO_LARGE"));
  });

  it("[K9] a refused command is not tried again; the client's own subscription and renewal are, when the server says", async () => {
    const refusals: string[] = [];
    const bench = await createTestbench({
      refuse: (name) => {
        refusals.push(name);
        const isFirst = refusals.filter((each) => each === name).length === 1;
        const error = { code: "RATE_LIMIT_EXCEEDED", message: "later", retryAfterSeconds: 2 } as const;
        return isFirst && name !== "unsubscribe" ? error : undefined;
      },
    });
    expect(bench.client.connection.get().at).toBe("connecting");
    await bench.pass(3000);
    expect(bench.client.connection.get().at).toBe("live");
    const outcome = bench.client.call.hold({ callId: "x" }).safe();
    await bench.pass(0);
    await bench.server.flushAll();
    expect(await outcome).toMatchObject({
      error: { code: "RATE_LIMIT_EXCEEDED", outcome: "refused", retryAfterSeconds: 2 },
    });
    await bench.pass(1_200_000);
    const times = (name: string): number => refusals.filter((each) => each === name).length;
    expect([times("subscribe"), times("hold"), times("refreshToken")]).toEqual([2, 1, 2]);
    expect(bench.server.attempts).toHaveLength(1);
  });

  it("[K4] a command that is given in the moment the client is live is none of before the loss", async () => {
    const bench = await createTestbench();
    const outcomes: Promise<{ readonly ok: boolean }>[] = [];
    const stop = bench.client.connection.subscribe(() => {
      if (bench.client.connection.get().at !== "live") return;
      stop();
      outcomes.push(bench.client.call.hold({ callId: "x" }).safe());
    });
    bench.server.forgetSessions();
    await bench.pass(5000);
    expect((await Promise.all(outcomes)).map(({ ok }) => ok)).toEqual([true]);
  });
});
