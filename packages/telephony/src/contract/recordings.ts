import { expect, it } from "vitest";
import type { BridgeId, RecordingId } from "../ids.ts";
import type { ContractWorld, LegAtPhone } from "./contract-world.ts";
import type { ContractRecording } from "./harness.ts";

interface Talk {
  readonly caller: LegAtPhone;
  readonly callee: LegAtPhone;
  readonly bridgeId: BridgeId;
}

async function talk(world: ContractWorld): Promise<Talk> {
  const caller = await world.answeredFrom(await world.phone("200"));
  const callee = await world.answeredBy(await world.phone("201"));
  const bridgeId = await world.bridge(caller, callee);
  await world.hearEachOther(caller, callee);
  return { caller, callee, bridgeId };
}

/** Stereo files of who talks in a bridge ([C51]). */
export function testRecordings(world: () => ContractWorld): void {
  const start = async ({ bridgeId, caller }: Talk) => {
    const [recordingId, path] = [world().newId<RecordingId>(), world().harness.newFile()];
    await world().perform({ op: "record", recordingId, bridgeId, leftLegId: caller.legId, path });
    const stop = async (): Promise<ContractRecording> => {
      await world().perform({ op: "stopRecording", recordingId });
      const finished = await world().event("recordingFinished", (event) => event.recordingId === recordingId);
      expect(finished.bytes).toBe(44 + finished.durationMs * 32);
      expect(finished).not.toHaveProperty("failure");
      return world().harness.recorded(path);
    };
    return { recordingId, path, stop };
  };
  const hasRecording = (): boolean => world().engine.capabilities.recording;

  it("[C51] has one party per channel, is told to be finished once, and leaves nothing behind", async () => {
    const call = await talk(world());
    if (!hasRecording()) return;
    const { recordingId, path, stop } = await start(call);
    const repeated = { recordingId, bridgeId: call.bridgeId, leftLegId: call.caller.legId, path };
    await world().perform({ op: "record", ...repeated });
    expect(world().engine.usage().recordings).toBe(1);
    await world().harness.talk(1000);
    const recorded = await stop();
    expect(recorded.durationMs).toBeGreaterThanOrEqual(900);
    expect(recorded.has("left", call.caller.call)).toBe(true);
    expect(recorded.has("right", call.callee.call)).toBe(true);
    expect(recorded.has("left", call.callee.call)).toBe(false);
    expect(recorded.has("right", call.caller.call)).toBe(false);
    expect(await world().attempt({ op: "stopRecording", recordingId })).toMatchObject({ error: "unknown_recording" });
    expect(world().eventsOf("recordingFinished")).toHaveLength(1);
    expect(world().engine.usage().recordings).toBe(0);
  });

  it("[C51] leaves a pause out", async () => {
    const call = await talk(world());
    if (!hasRecording()) return;
    const { recordingId, stop } = await start(call);
    await world().harness.talk(500);
    await world().perform({ op: "pauseRecording", recordingId, isPaused: true });
    await world().harness.talk(2000);
    await world().perform({ op: "pauseRecording", recordingId, isPaused: false });
    await world().harness.talk(500);
    expect((await stop()).durationMs).toBeLessThan(2000);
  });

  it("[C51] goes on in another bridge with another party, though the first bridge is gone", async () => {
    const call = await talk(world());
    if (!hasRecording()) return;
    const { recordingId, stop } = await start(call);
    await world().harness.talk(600);
    await world().perform({ op: "hangup", legId: call.callee.legId, cause: "normal" });
    await world().ended(call.callee.legId);
    await world().perform({ op: "destroyBridge", bridgeId: call.bridgeId });
    const other = await world().answeredBy(await world().phone("202"));
    const bridgeId = await world().bridge(other, call.caller);
    await world().perform({ op: "moveRecording", recordingId, bridgeId, leftLegId: call.caller.legId });
    await world().hearEachOther(other, call.caller);
    await world().harness.talk(1000);
    const recorded = await stop();
    expect(recorded.has("left", call.caller.call)).toBe(true);
    expect(recorded.has("right", call.callee.call)).toBe(true);
    expect(recorded.has("right", other.call)).toBe(true);
  });

  it("[C51] does not record who is muted, nor what is played", async () => {
    const call = await talk(world());
    if (!hasRecording()) return;
    await world().perform({ op: "mute", legId: call.caller.legId, isMuted: true });
    await world().harness.until(() => !call.callee.call.hears(call.caller.call), "the caller is muted");
    const { stop } = await start(call);
    await world().harness.talk(800);
    const recorded = await stop();
    expect(recorded.has("left", call.caller.call)).toBe(false);
    expect(recorded.has("right", call.callee.call)).toBe(true);
  });

  it("[C51] finishes the file when the engine is stopped", async () => {
    const call = await talk(world());
    if (!hasRecording()) return;
    const { recordingId, path } = await start(call);
    await world().harness.talk(1000);
    await world().engine.stop();
    const finished = await world().event("recordingFinished");
    expect(finished).toMatchObject({ recordingId });
    const recorded = await world().harness.recorded(path);
    expect(recorded.durationMs).toBe(finished.durationMs);
    expect(recorded.has("left", call.caller.call)).toBe(true);
    expect(world().eventsOf("recordingFinished")).toHaveLength(1);
  });

  it("answers what is unknown with the error of its kind", async () => {
    if (!hasRecording()) return;
    const { bridgeId, caller } = await talk(world());
    const recordingId = world().newId<RecordingId>();
    const leftLegId = caller.legId;
    const unknown = { ok: false, error: "unknown_recording" };
    expect(await world().attempt({ op: "moveRecording", recordingId, bridgeId, leftLegId })).toMatchObject(unknown);
    expect(await world().attempt({ op: "pauseRecording", recordingId, isPaused: true })).toMatchObject(unknown);
    expect(await world().attempt({ op: "stopRecording", recordingId })).toMatchObject(unknown);
    const path = world().harness.newFile();
    const nowhere = world().newId<BridgeId>();
    expect(await world().attempt({ op: "record", recordingId, bridgeId: nowhere, leftLegId, path })).toMatchObject({
      error: "unknown_bridge",
    });
    expect(world().eventsOf("recordingFinished")).toEqual([]);
  });
}
