import { afterEach, describe, expect, it } from "vitest";
import type { RecordingId } from "@pbx-x/telephony";
import { createRecordingBench, type RecordingBench } from "./recording-testbench.ts";

let bench: RecordingBench;
afterEach(() => bench?.stop());

const rowOf = async (callId: string) => {
  await bench.recordings.written();
  return (await bench.store.list({ page: 1, limit: 10, callId })).recordings[0];
};
const anna = () => bench.recorder("200", "calls.record");
const chief = () => bench.recorder("202", "calls.record.others", "calls.record");

describe("recording by command", () => {
  it("[C51] begins, pauses, goes on and ends, each told once with who did it, and is kept", async () => {
    bench = await createRecordingBench();
    const { callId, legs } = await bench.talk();
    const { recordStart, recordPause, recordResume, recordStop } = bench.recordingCommands;
    const started = await recordStart({ callId }, anna());
    if (!started.ok) throw new Error(started.error.message);
    const { recordingId } = started.data;
    expect(bench.last("CALL_RECORDING_STARTED")).toMatchObject({
      callId,
      recordingId,
      state: "answered",
      startedBy: { userId: "user-200", name: "200" },
      causedBy: { via: "command" },
    });
    bench.scheduler.advance(3000);
    expect(await recordPause({ callId }, anna())).toMatchObject({ ok: true, data: { recordingId } });
    bench.scheduler.advance(10_000);
    expect(await recordPause({ callId }, anna())).toMatchObject({
      error: { code: "INVALID_STATE", details: { reason: "recording_paused" } },
    });
    expect(await recordResume({ callId }, anna())).toMatchObject({ ok: true });
    bench.scheduler.advance(2000);
    const stopped = await recordStop({ callId, recordingId }, anna());
    expect(stopped).toMatchObject({ ok: true, data: { recordingId }, seq: bench.events.length });
    expect(bench.last("CALL_RECORDING_STOPPED")).toMatchObject({
      recordingId,
      durationSeconds: 5,
      fileSizeBytes: 44 + 5000 * 32,
      causedBy: { via: "command", userId: "user-200" },
    });
    expect(bench.told(callId)).toEqual(["STARTED", "PAUSED", "RESUMED", "STOPPED"]);
    const recording = bench.engine.recording(recordingId as RecordingId);
    expect([recording?.left, recording?.right]).toEqual([[legs[0]], [legs[1]]]);
    expect(await rowOf(callId)).toMatchObject({
      id: recordingId,
      status: "complete",
      durationMs: 5000,
      caller: { number: "200" },
      callee: { number: "201" },
      startedBy: { userId: "user-200" },
    });
    expect(bench.audited).toEqual(["start", "pause", "resume", "stop"].map((use) => `user-200 recording.${use}`));
  });

  it("[C50] publishes no key while a recording is paused", async () => {
    bench = await createRecordingBench();
    const { callId, legs } = await bench.talk();
    const digits = () => bench.events.flatMap(({ type, data }) => (type === "CALL_DTMF" ? [data["digit"]] : []));
    await bench.recordingCommands.recordStart({ callId }, anna());
    bench.engine.press(legs[0], "1");
    await bench.recordingCommands.recordPause({ callId }, anna());
    bench.engine.press(legs[0], "2");
    bench.engine.press(legs[1], "3");
    await bench.recordingCommands.recordResume({ callId }, anna());
    bench.engine.press(legs[1], "4");
    expect(digits()).toEqual(["1", "4"]);
  });

  it("[W44] needs the right, and the one for others in foreign calls", async () => {
    bench = await createRecordingBench();
    const { callId } = await bench.talk();
    const { recordStart, recordStop, recordPause } = bench.recordingCommands;
    const unauthorized = { ok: false, error: { code: "UNAUTHORIZED" } };
    expect(await recordStart({ callId }, bench.recorder("200"))).toMatchObject(unauthorized);
    expect(await recordStart({ callId }, bench.recorder("202", "calls.record"))).toMatchObject(unauthorized);
    expect(bench.told(callId)).toEqual([]);
    expect(await recordStart({ callId }, chief())).toMatchObject({ ok: true });
    expect(await recordPause({ callId }, bench.recorder("202", "calls.record"))).toMatchObject(unauthorized);
    expect(await recordStop({ callId }, bench.recorder("200"))).toMatchObject(unauthorized);
    expect(await recordStop({ callId }, bench.recorder("201", "calls.record"))).toMatchObject({ ok: true });
  });

  it("[W46] refuses what does not fit the state, with the reasons of allowedActions", async () => {
    bench = await createRecordingBench();
    const { recordStart, recordStop, recordResume } = bench.recordingCommands;
    const unknown = "550e8400-e29b-41d4-a716-446655440000";
    expect(await recordStart({ callId: unknown }, chief())).toMatchObject({ error: { code: "CALL_NOT_FOUND" } });
    bench.register("201");
    const legId = bench.engine.call(bench.register("200"), "201");
    await bench.settle();
    const not = (reason: string) => ({ error: { code: "INVALID_STATE", details: { reason } } });
    const ringing = bench.calls.registry.ofLeg(legId)?.callId ?? "";
    expect(await recordStart({ callId: ringing }, chief())).toMatchObject(not("not_answered"));
    bench.engine.hangup(legId);
    const { callId } = await bench.talk();
    expect(await recordStop({ callId }, chief())).toMatchObject(not("not_recording"));
    const both = await Promise.all([recordStart({ callId }, chief()), recordStart({ callId }, anna())]);
    expect(both).toMatchObject([{ ok: true }, not("already_recording")]);
    expect(await recordResume({ callId }, chief())).toMatchObject(not("not_recording"));
    expect(await recordStop({ callId, recordingId: "another" }, chief())).toMatchObject({
      error: { code: "RECORDING_NOT_FOUND" },
    });
    const ends = await Promise.all([recordStop({ callId }, chief()), recordStop({ callId }, chief())]);
    expect(ends.map(({ ok }) => ok)).toEqual([true, false]);
    expect(bench.told(callId)).toEqual(["STARTED", "STOPPED"]);
  });

  it("[C55] is refused where the disk has too little room, and leaves nothing", async () => {
    bench = await createRecordingBench({}, Number.MAX_SAFE_INTEGER);
    const { callId } = await bench.talk();
    const refused = await bench.recordingCommands.recordStart({ callId }, anna());
    expect(refused).toMatchObject({ error: { code: "ENGINE_UNAVAILABLE", details: { reason: "disk_full" } } });
    expect(await rowOf(callId)).toBeUndefined();
    expect(bench.engine.recordings()).toEqual([]);
  });
});

describe("a recording's policy", () => {
  const always = { "201": { callRecordingPolicy: "always" } } as const;

  it("[C53] always begins at the answer by itself; a party may pause it, and not stop it", async () => {
    bench = await createRecordingBench(always);
    const { callId, call } = await bench.talk();
    await expect.poll(() => bench.told(callId)).toEqual(["STARTED"]);
    expect(bench.last("CALL_RECORDING_STARTED")).not.toHaveProperty("startedBy");
    expect(call()?.recording).toMatchObject({ isByPolicy: true });
    const { recordStop, recordPause } = bench.recordingCommands;
    const lisa = bench.recorder("201", "calls.record");
    expect(await recordStop({ callId }, lisa)).toMatchObject({
      error: { code: "INVALID_STATE", details: { reason: "recording_by_policy" } },
    });
    expect(await recordPause({ callId }, lisa)).toMatchObject({ ok: true });
    expect(await recordStop({ callId }, chief())).toMatchObject({ ok: true });
    expect(bench.told(callId)).toEqual(["STARTED", "PAUSED", "STOPPED"]);
    expect(await rowOf(callId)).not.toHaveProperty("startedBy");
  });

  it("[C53] says when it cannot begin, and the call goes on", async () => {
    bench = await createRecordingBench(always, Number.MAX_SAFE_INTEGER);
    const { callId, call } = await bench.talk();
    await expect.poll(() => bench.told(callId)).toEqual(["FAILED"]);
    expect(bench.last("CALL_RECORDING_FAILED")).toMatchObject({ reason: "disk_full" });
    expect(call()?.stage.at).toBe("connected");
  });

  it("[C53] begins when a call is passed on to such an extension, and keeps what somebody had begun", async () => {
    bench = await createRecordingBench({ "202": { callRecordingPolicy: "always" } });
    const { callId, legs, call } = await bench.talk();
    await bench.recordingCommands.recordStart({ callId }, anna());
    bench.register("202");
    bench.engine.transferBlind(legs[1], "202");
    await bench.answerRinging();
    expect(call()?.recording).toMatchObject({ isByPolicy: true });
    expect(await bench.recordingCommands.recordStop({ callId }, anna())).toMatchObject({ ok: false });
    expect(bench.told(callId)).toEqual(["STARTED"]);
  });
});

describe("a recording and its call", () => {
  it("[C54] the end of the call ends it: complete, once, after the call's end", async () => {
    bench = await createRecordingBench();
    const { callId, legs } = await bench.talk();
    await bench.recordingCommands.recordStart({ callId }, anna());
    bench.scheduler.advance(4000);
    bench.engine.hangup(legs[1]);
    await bench.settle();
    expect(bench.typesOf(callId).slice(-2)).toEqual(["CALL_ENDED", "CALL_RECORDING_STOPPED"]);
    const [ended, stopped] = bench.events.slice(-2);
    expect(Number(stopped?.data["version"])).toBe(Number(ended?.data["version"]) + 1);
    expect(stopped?.data).toMatchObject({ state: "ended", durationSeconds: 4, causedBy: { via: "system" } });
    expect(await rowOf(callId)).toMatchObject({ status: "complete", durationMs: 4000 });
    bench.scheduler.advance(60_000);
    expect(bench.told(callId)).toEqual(["STARTED", "STOPPED"]);
    expect(bench.engine.usage().recordings).toBe(0);
  });

  it("[C51] survives a blind transfer: one file, who stayed keeps the channel", async () => {
    bench = await createRecordingBench();
    const { callId, legs } = await bench.talk();
    const started = await bench.recordingCommands.recordStart({ callId }, anna());
    const recordingId = (started.ok ? started.data.recordingId : "") as RecordingId;
    bench.scheduler.advance(1000);
    bench.register("202");
    bench.engine.transferBlind(legs[0], "202");
    const tom = await bench.answerRinging();
    bench.scheduler.advance(1000);
    bench.engine.hangup(legs[1]);
    await bench.settle();
    const recording = bench.engine.recording(recordingId);
    expect([recording?.left, recording?.right]).toEqual([[legs[0], tom], [legs[1]]]);
    expect(bench.told(callId)).toEqual(["STARTED", "STOPPED"]);
    expect((await rowOf(callId))?.extensions.map(({ number }) => number)).toEqual(["200", "201", "202"]);
  });

  it("[C32] [C51] survives an attended transfer; the consultation's own recording ends with it", async () => {
    bench = await createRecordingBench();
    const { callId, legs } = await bench.talk();
    const started = await bench.recordingCommands.recordStart({ callId }, anna());
    bench.scheduler.advance(1000);
    bench.register("202");
    const consulted = await bench.commands.consult({ callId, to: "202" }, bench.as("201"));
    const consultCallId = consulted.ok ? consulted.data.callId : "";
    const tom = await bench.answerRinging();
    await bench.recordingCommands.recordStart({ callId: consultCallId }, chief());
    bench.scheduler.advance(1000);
    expect(await bench.commands.transferAttended({ callId, consultCallId }, bench.as("201"))).toMatchObject({
      ok: true,
    });
    await bench.settle();
    bench.scheduler.advance(1000);
    expect(bench.told(consultCallId)).toEqual(["STARTED", "STOPPED"]);
    bench.engine.hangup(legs[0]);
    await bench.settle();
    expect(bench.told(callId)).toEqual(["STARTED", "STOPPED"]);
    const recording = bench.engine.recording((started.ok ? started.data.recordingId : "") as RecordingId);
    expect([recording?.left, recording?.right, recording?.durationMs]).toEqual([[legs[0]], [legs[1], tom], 3000]);
    expect(bench.engine.usage().recordings).toBe(0);
  });

  it("[C40] [C51] survives a park: silent while the call waits, then with who picks it up", async () => {
    bench = await createRecordingBench();
    const { callId, legs } = await bench.talk();
    const started = await bench.recordingCommands.recordStart({ callId }, anna());
    bench.scheduler.advance(1000);
    expect(await bench.commands.park({ callId }, bench.as("201"))).toMatchObject({ ok: true });
    await bench.settle();
    bench.scheduler.advance(1000);
    const tom = bench.engine.call(bench.register("202"), "701");
    await bench.settle();
    bench.scheduler.advance(1000);
    bench.engine.hangup(tom);
    await bench.settle();
    const recording = bench.engine.recording((started.ok ? started.data.recordingId : "") as RecordingId);
    expect([recording?.left, recording?.right, recording?.durationMs]).toEqual([[legs[0]], [legs[1], tom], 3000]);
    expect(bench.told(callId)).toEqual(["STARTED", "STOPPED"]);
  });

  it("[C20] [C54] does not record who has left the conversation by holding it", async () => {
    bench = await createRecordingBench();
    const { callId, legs } = await bench.talk();
    await bench.commands.hold({ callId }, bench.as("200"));
    await bench.settle();
    const started = await bench.recordingCommands.recordStart({ callId }, anna());
    bench.scheduler.advance(1000);
    const recording = bench.engine.recording((started.ok ? started.data.recordingId : "") as RecordingId);
    expect([recording?.left, recording?.right]).toEqual([[], [legs[1]]]);
  });

  it("[W49] whoever comes into a recorded call learns that it is recorded", async () => {
    bench = await createRecordingBench();
    const { callId, legs } = await bench.talk();
    await bench.recordingCommands.recordStart({ callId }, anna());
    await bench.recordingCommands.recordPause({ callId }, anna());
    bench.register("202");
    bench.engine.transferBlind(legs[1], "202");
    expect(bench.last("CALL_TRANSFERRED")).toMatchObject({
      call: { recording: { state: "paused", isByPolicy: false } },
    });
  });

  it("[C55] a disk that gives out ends the recording, not the call; another one can begin", async () => {
    bench = await createRecordingBench();
    const { callId, call } = await bench.talk();
    const started = await bench.recordingCommands.recordStart({ callId }, anna());
    bench.scheduler.advance(2000);
    bench.engine.failRecording((started.ok ? started.data.recordingId : "") as RecordingId, "disk_full");
    expect(bench.last("CALL_RECORDING_FAILED")).toMatchObject({ reason: "disk_full", causedBy: { via: "system" } });
    expect(call()?.stage.at).toBe("connected");
    expect(await rowOf(callId)).toMatchObject({ status: "failed", reason: "disk_full", durationMs: 2000 });
    expect(await bench.recordingCommands.recordStart({ callId }, anna())).toMatchObject({ ok: true });
    expect(bench.told(callId)).toEqual(["STARTED", "FAILED", "STARTED"]);
  });

  it("[C54] an engine that is lost, or that says nothing of the end: still exactly one end", async () => {
    bench = await createRecordingBench();
    const first = await bench.talk();
    await bench.recordingCommands.recordStart({ callId: first.callId }, anna());
    bench.engine.crash();
    await bench.settle();
    expect(bench.told(first.callId)).toEqual(["STARTED", "FAILED"]);
    expect(bench.last("CALL_RECORDING_FAILED")).toMatchObject({ reason: "engine_lost" });
    bench.engine.recover();
    const second = await bench.talk();
    await bench.recordingCommands.recordStart({ callId: second.callId }, anna());
    bench.isDeaf = true;
    bench.engine.hangup(second.legs[0]);
    await bench.settle();
    expect(bench.told(second.callId)).toEqual(["STARTED"]);
    bench.scheduler.advance(10_000);
    expect(bench.told(second.callId)).toEqual(["STARTED", "FAILED"]);
    expect(await rowOf(second.callId)).toMatchObject({ status: "failed", reason: "engine_lost" });
  });

  it("[C54] a call that ends while its recording begins leaves neither events nor a row", async () => {
    bench = await createRecordingBench();
    const { callId, legs } = await bench.talk();
    const starting = bench.recordingCommands.recordStart({ callId }, anna());
    bench.engine.hangup(legs[0]);
    expect(await starting).toMatchObject({ ok: false, error: { code: "INVALID_STATE" } });
    expect(bench.told(callId)).toEqual([]);
    await expect.poll(() => rowOf(callId)).toBeUndefined();
    expect(bench.engine.usage().recordings).toBe(0);
  });
});
