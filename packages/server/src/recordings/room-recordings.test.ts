import type { RecordingId } from "@pbx-x/telephony";
import { describe, expect, it } from "vitest";
import { createConferenceBench } from "../conferences/conference-testbench.ts";

const room = { conferenceId: "room" };

async function recorded() {
  const bench = await createConferenceBench({ moderatorUserIds: ["user-200"] });
  const legs = { anna: await bench.dial("200"), lisa: await bench.dial("201") };
  const answer = await bench.commands.conferenceRecordStart(room, bench.as("205", "all"));
  if (!answer.ok) throw new Error(answer.error.message);
  await bench.settle();
  const recordingId = answer.data.recordingId as RecordingId;
  const recordings = (): readonly string[] => bench.told().filter((type) => type.startsWith("RECORDING"));
  return { ...bench, ...legs, answer, recordingId, recordings };
}

describe("the recording of a conference", () => {
  it("[V26] goes on whoever comes and goes; one on the left, everybody else on the right; the end has the file's size", async () => {
    const { engine, dial, anna, lisa, settle, recordingId, answer, events, last, scheduler, commands, as, audited } =
      await recorded();
    expect(last("CONFERENCE_RECORDING_STARTED")).toMatchObject({
      ...room,
      recordingId,
      startedBy: { userId: "user-205", name: "205" },
      causedBy: { via: "command" },
    });
    expect(answer.seq).toBe(events.length);
    scheduler.advance(2000);
    const tom = await dial("202");
    scheduler.advance(2000);
    engine.hangup(anna);
    await settle();
    scheduler.advance(2000);
    expect(engine.recording(recordingId)).toMatchObject({ left: [anna, lisa], right: [lisa, tom] });
    const stopped = await commands.conferenceRecordStop(room, as("205", "all"));
    expect(stopped).toMatchObject({ ok: true, data: { ...room, recordingId }, seq: events.length });
    expect(last("CONFERENCE_RECORDING_STOPPED")).toMatchObject({
      recordingId,
      durationSeconds: 6,
      fileSizeBytes: 44 + 6000 * 32,
    });
    expect(audited).toEqual(["user-205 recording.start", "user-205 recording.stop"]);
  });

  it("[V26] ends with the conference, once, and is kept with who was in it", async () => {
    const { engine, anna, lisa, settle, recordings, told, roomRecordings, recordingId, conferences } = await recorded();
    expect(conferences.get("room")).toMatchObject({ recordingId });
    for (const leg of [anna, lisa]) engine.hangup(leg);
    await settle();
    expect(recordings()).toEqual(["RECORDING_STARTED", "RECORDING_STOPPED"]);
    expect(told().slice(-2)).toEqual(["ENDED", "RECORDING_STOPPED"]);
    expect(roomRecordings.get(recordingId)).toMatchObject({
      status: "complete",
      callId: "room",
      extensions: [{ number: "200" }, { number: "201" }],
    });
    expect(engine.usage()).toMatchObject({ recordings: 0, bridges: 0 });
  });

  it("[V26] who is in it hears a short tone, and so does who comes in later", async () => {
    const { engine, anna, lisa, dial, listen } = await recorded();
    for (const leg of [anna, lisa]) expect(engine.hearsPlayback(leg)).toMatchObject({ kind: "tone", tone: "beep" });
    await listen();
    const tom = await dial("202");
    expect(engine.hearsPlayback(tom)).toMatchObject({ tone: "beep" });
    expect(engine.hearsPlayback(anna)).toBeUndefined();
  });

  it("[V26] is for moderators who may record, and for who may record others", async () => {
    const { commands, as, recordings } = await recorded();
    const refused = { error: { code: "UNAUTHORIZED" } };
    expect(await commands.conferenceRecordStop(room, as("201"))).toMatchObject(refused);
    expect(await commands.conferenceRecordStop(room, as("200"))).toMatchObject(refused);
    expect(await commands.conferenceRecordStart(room, as("205", "all"))).toMatchObject({
      error: { code: "INVALID_STATE", details: { reason: "already_recording" } },
    });
    expect(recordings()).toEqual(["RECORDING_STARTED"]);
  });

  it("[V26] a disk that fails ends the recording and not the conference; so does the engine's end, once", async () => {
    const first = await recorded();
    first.engine.failRecording(first.recordingId, "disk_full");
    expect(first.last("CONFERENCE_RECORDING_FAILED")).toMatchObject({ reason: "disk_full" });
    expect(first.conferences.get("room")?.recordingId).toBeUndefined();
    const again = await first.commands.conferenceRecordStart(room, first.as("205", "all"));
    expect(again).toMatchObject({ ok: true });
    first.engine.crash();
    await first.settle();
    expect(first.recordings()).toEqual([
      "RECORDING_STARTED",
      "RECORDING_FAILED",
      "RECORDING_STARTED",
      "RECORDING_FAILED",
    ]);
  });
});

describe("the moderator's key", () => {
  it("[V21] [V26] *3 begins the recording and ends it, where the extension may record", async () => {
    const bench = await createConferenceBench(
      { moderatorUserIds: ["user-200", "user-201"] },
      { "200": { canRecordCalls: true, callRecordingPolicy: "on_demand" } },
    );
    const [anna, lisa] = [await bench.dial("200"), await bench.dial("201")];
    await bench.press(lisa, "*3");
    expect(bench.told()).not.toContain("RECORDING_STARTED");
    await bench.press(anna, "*3");
    expect(bench.last("CONFERENCE_RECORDING_STARTED")).toMatchObject({
      startedBy: { userId: "user-200", name: "Anna Schmidt" },
      causedBy: { via: "phone" },
    });
    await bench.press(anna, "*3");
    expect(bench.told().slice(-1)).toEqual(["RECORDING_STOPPED"]);
    expect(bench.audited).toEqual(["user-200 recording.start", "user-200 recording.stop"]);
  });
});
