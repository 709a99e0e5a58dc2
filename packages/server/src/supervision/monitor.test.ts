import type { LegId } from "@pbx-x/telephony";
import { describe, expect, it } from "vitest";
import { createTalkingBench, type TalkingBench } from "../parking/parking-testbench.ts";

const noLeft = { legs: 0, bridges: 0, playbacks: 0 };
const idOf = (number: string): string => `10000000-0000-7000-8000-000000000${number}`;

interface Listening extends TalkingBench {
  readonly supervisorLeg: LegId;
  readonly monitorId: string;
  /** Who hears whom now: caller, callee, supervisor. */
  hearing(): string;
  monitor(mode: "listen" | "whisper" | "barge", extensionId?: string): Promise<unknown>;
}

/** 200 talks with 201, and 202's phone, a supervisor's, listens. */
async function listening(mode: "listen" | "whisper" | "barge" = "listen"): Promise<Listening> {
  const bench = await createTalkingBench();
  const { commands, as, engine, rung, settle, callId } = bench;
  const monitor = (wanted: typeof mode, extensionId?: string) =>
    commands.monitor({ callId, mode: wanted, ...(extensionId !== undefined && { extensionId }) }, as("202", "all"));
  const answer = monitor(mode);
  await settle();
  const supervisorLeg = rung();
  expect(engine.leg(supervisorLeg)).toMatchObject({ isAutoAnswer: true, caller: { number: "201" } });
  engine.answer(supervisorLeg);
  const outcome = await answer;
  expect(outcome).toMatchObject({ ok: true, data: { callId, mode } });
  const monitorId = outcome.ok ? outcome.data.monitorId : "";
  const legs = [bench.callerLeg, bench.calleeLeg, supervisorLeg];
  const hearing = (): string =>
    legs.map((ear) => legs.flatMap((mouth, at) => (engine.hears(ear, mouth) ? [at] : [])).join("")).join("/");
  return { ...bench, supervisorLeg, monitorId, monitor, hearing };
}

describe("listening in", () => {
  it.each([
    ["listen", "1/0/01"],
    ["whisper", "1/02/01"],
    ["barge", "12/02/01"],
  ] as const)(
    "[C70] [W50] %s: rings the supervisor's phone, which answers by itself, and is told",
    async (mode, who) => {
      const { hearing, last, monitorId, callId, typesOf, audited, calls } = await listening(mode);
      expect(hearing()).toBe(who);
      expect(typesOf(callId).slice(3)).toEqual(["CALL_MONITOR_STARTED"]);
      expect(last("CALL_MONITOR_STARTED")).toMatchObject({
        monitorId,
        mode,
        monitoredBy: { number: "202", extensionId: idOf("202") },
        monitored: { number: "201" },
        state: "answered",
        causedBy: { via: "command", userId: "user-202" },
      });
      expect(calls.registry.get(callId)?.monitors).toHaveLength(1);
      expect(audited).toEqual(["user-202 monitor.start"]);
    },
  );

  it("[C70] changes its mode without ringing, and whisper to the named party", async () => {
    const { monitor, hearing, monitorId, since, audited, engine } = await listening();
    const { legs } = engine.usage();
    expect(await monitor("whisper", idOf("200"))).toMatchObject({ ok: true, data: { monitorId, mode: "whisper" } });
    expect(hearing()).toBe("12/0/01");
    await monitor("barge");
    expect(hearing()).toBe("12/02/01");
    await monitor("whisper");
    expect(hearing()).toBe("12/0/01");
    await monitor("whisper");
    expect(engine.usage()).toMatchObject({ legs });
    expect(since().slice(1)).toEqual(["CALL_MONITOR_STARTED", "CALL_MONITOR_STARTED", "CALL_MONITOR_STARTED"]);
    expect(audited.slice(1)).toEqual(Array.from({ length: 4 }, () => "user-202 monitor.change"));
  });

  it("[C70] monitorStop ends it: the phone is hung up, the call goes on", async () => {
    const { commands, as, callId, monitorId, supervisorLeg, engine, hearing, since, last } = await listening("barge");
    expect(await commands.monitorStop({ callId }, as("202", "all"))).toMatchObject({ ok: true, data: { callId } });
    expect(engine.leg(supervisorLeg)?.state).toBe("ended");
    expect(hearing()).toBe("1/0/");
    expect(last("CALL_MONITOR_STOPPED")).toMatchObject({ monitorId, monitoredBy: { number: "202" } });
    expect(await commands.monitorStop({ callId }, as("202", "all"))).toMatchObject({
      error: { code: "INVALID_STATE", details: { reason: "not_monitoring" } },
    });
    expect(since()).toEqual(["CALL_MONITOR_STARTED", "CALL_MONITOR_STOPPED"]);
  });

  it("[C70] another supervisor may end it by its id", async () => {
    const { commands, as, callId, monitorId, since } = await listening();
    expect(await commands.monitorStop({ callId }, as("203", "all"))).toMatchObject({ ok: false });
    expect(await commands.monitorStop({ callId, monitorId }, as("203", "all"))).toMatchObject({ ok: true });
    expect(since()).toEqual(["CALL_MONITOR_STARTED", "CALL_MONITOR_STOPPED"]);
  });

  it("[C70] the supervisor hangs up at the phone", async () => {
    const { engine, settle, supervisorLeg, since, last, hearing, monitors } = await listening();
    engine.hangup(supervisorLeg);
    await settle();
    expect(last("CALL_MONITOR_STOPPED")).toMatchObject({ causedBy: { via: "phone" } });
    expect(since()).toEqual(["CALL_MONITOR_STARTED", "CALL_MONITOR_STOPPED"]);
    expect(hearing()).toBe("1/0/");
    expect(monitors.size).toBe(0);
  });

  it("[C70] the end of the call ends it, told before", async () => {
    const { engine, settle, callerLeg, since, monitors } = await listening("barge");
    engine.hangup(callerLeg);
    await settle();
    expect(since()).toEqual(["CALL_MONITOR_STARTED", "CALL_MONITOR_STOPPED", "CALL_ENDED"]);
    expect(engine.usage()).toMatchObject(noLeft);
    expect(monitors.size).toBe(0);
  });

  it("[C70] the engine is lost: one end of it, one of the call", async () => {
    const { engine, settle, since, monitors } = await listening();
    engine.crash();
    await settle();
    expect(since().toSorted()).toEqual(["CALL_ENDED", "CALL_MONITOR_STARTED", "CALL_MONITOR_STOPPED"]);
    expect(monitors.size).toBe(0);
  });

  it("[C70] a user who may not come back listens no more", async () => {
    const { monitors, engine, supervisorLeg, since } = await listening();
    monitors.stopOf("user-202");
    expect(engine.leg(supervisorLeg)?.state).toBe("ended");
    expect(since()).toEqual(["CALL_MONITOR_STARTED", "CALL_MONITOR_STOPPED"]);
  });
});

describe("the way of the call", () => {
  it("[C71] a hold: a whisper is heard by nobody else, and by its party again afterwards", async () => {
    const { commands, as, callId, hearing, settle } = await listening("whisper");
    await commands.hold({ callId }, as("201"));
    await settle();
    expect(hearing()).toBe("//0");
    await commands.unhold({ callId }, as("201"));
    await settle();
    expect(hearing()).toBe("1/02/01");
  });

  it("[C71] a blind transfer: silence while it rings, then the new talk; the whisper's party has left", async () => {
    const { commands, as, callId, callerLeg, supervisorLeg, engine, register, rung, settle, since } =
      await listening("whisper");
    register("203");
    await commands.transferBlind({ callId, destination: "203" }, as("201"));
    await settle();
    const target = rung();
    expect(engine.leg(supervisorLeg)?.bridgeId).toBeUndefined();
    engine.answer(target);
    await settle();
    expect(engine.hears(supervisorLeg, target)).toBe(true);
    expect(engine.hears(supervisorLeg, callerLeg)).toBe(true);
    expect([engine.hears(target, supervisorLeg), engine.hears(callerLeg, supervisorLeg)]).toEqual([false, false]);
    expect(since().filter((type) => type.startsWith("CALL_MONITOR"))).toEqual(["CALL_MONITOR_STARTED"]);
    engine.hangup(target);
    await settle();
    expect(since().slice(-2)).toEqual(["CALL_MONITOR_STOPPED", "CALL_ENDED"]);
    expect(engine.usage()).toMatchObject(noLeft);
  });

  it("[C71] parked and picked up again", async () => {
    const { commands, as, callId, engine, supervisorLeg, callerLeg, phone, settle } = await listening();
    await commands.park({ callId }, as("201"));
    await settle();
    expect(engine.leg(supervisorLeg)?.bridgeId).toBeUndefined();
    engine.call(phone("201"), "701");
    await settle();
    expect(engine.hears(supervisorLeg, callerLeg)).toBe(true);
  });
});

describe("what is refused", () => {
  it("[C70] who has not the right, an own call, a stranger's extension, a second call", async () => {
    const { commands, as, callId, engine, phone, settle, rung, last } = await listening();
    const on = (mode: "listen", extensionId?: string) => ({
      callId,
      mode,
      ...(extensionId !== undefined && { extensionId }),
    });
    expect(await commands.monitor(on("listen"), as("203"))).toMatchObject({ ok: false });
    expect(await commands.monitorStop({ callId }, as("203"))).toMatchObject({ ok: false });
    expect(await commands.monitor(on("listen"), as("200", "all"))).toMatchObject({
      error: { code: "INVALID_STATE", details: { reason: "own_call" } },
    });
    expect(await commands.monitor(on("listen", idOf("203")), as("202", "all"))).toMatchObject({
      error: { code: "INVALID_PARAMS" },
    });
    const other = engine.call(phone("200"), "201");
    await settle();
    engine.answer(rung());
    await settle();
    expect(engine.leg(other)?.state).toBe("answered");
    const second = String(last("CALL_ANSWERED")["callId"]);
    expect(second).not.toBe(callId);
    expect(await commands.monitor({ callId: second, mode: "listen" }, as("202", "all"))).toMatchObject({
      error: { details: { reason: "monitoring_other", callId } },
    });
  });

  it("[C70] without a phone; a phone that refuses, or rings on until it answers", async () => {
    const { commands, as, callId, engine, rung, settle, since, monitors, scheduler, register } =
      await createTalkingBench();
    expect(await commands.monitor({ callId, mode: "listen" }, as("203", "all"))).toMatchObject({
      error: { code: "EXTENSION_OFFLINE" },
    });
    register("203");
    const refused = commands.monitor({ callId, mode: "listen" }, as("203", "all"));
    await settle();
    engine.reject(rung(), "rejected", 603);
    expect(await refused).toMatchObject({ error: { code: "INVALID_STATE", details: { reason: "not_answered" } } });
    expect(monitors.size).toBe(0);
    const slow = commands.monitor({ callId, mode: "listen" }, as("203", "all"));
    await settle();
    scheduler.advance(5000);
    expect(await slow).toMatchObject({ ok: true });
    expect(since()).toEqual([]);
    engine.answer(rung());
    await settle();
    expect(since()).toEqual(["CALL_MONITOR_STARTED"]);
  });

  it("[C70] the call ends while the phone rings: that stops, and nothing was told of it", async () => {
    const { commands, as, callId, engine, callerLeg, settle, since } = await createTalkingBench();
    const answer = commands.monitor({ callId, mode: "listen" }, as("202", "all"));
    await settle();
    engine.hangup(callerLeg);
    await settle();
    expect(await answer).toMatchObject({ error: { details: { reason: "call_ended" } } });
    expect(engine.usage()).toMatchObject(noLeft);
    expect(since()).toEqual(["CALL_ENDED"]);
  });
});
