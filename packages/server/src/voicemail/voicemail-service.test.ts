import { readFile, writeFile } from "node:fs/promises";
import type { LegId } from "@pbx-x/telephony";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Extension } from "../extensions/extension.ts";
import { MessageDesk } from "./message-desk.ts";
import { createVoicemailBench, type VoicemailBench } from "./voicemail-testbench.ts";
import { recoverMessages } from "./voicemail-recovery.ts";
import type { VoiceMessage } from "./voice-message.ts";

let bench: VoicemailBench;
const all = { page: 1, limit: 10 };
const idOf = (number: string): string => bench.extensions.byNumber(number)?.id ?? "";
const told = (type: string) => bench.events.filter((event) => event.type === type).map(({ data }) => data);
afterEach(() => bench.stop());

/** Greeting and tone are over, it records. */
async function toTheTone(legId: LegId): Promise<void> {
  const before = bench.engine.recordings().length;
  await bench.heard(legId);
  await bench.until(() => bench.engine.hearsPlayback(legId)?.kind === "tone");
  bench.scheduler.advance(1000);
  await bench.until(() => bench.engine.recordings().length > before);
}

async function leaveMessage(number = "201", ms = 5000): Promise<VoiceMessage> {
  const legId = await bench.call(number);
  await toTheTone(legId);
  bench.scheduler.advance(ms);
  bench.engine.hangup(legId);
  await bench.until(() => bench.voicemail.size === 0);
  await bench.voicemail.settled();
  const { messages } = await bench.store.list(all);
  const [newest] = messages;
  if (newest === undefined) throw new Error("there is no message");
  return newest;
}

describe("a caller who knows the greeting", () => {
  it("[V30] may skip it, and mark the message as urgent, before the mailbox knows what is in it", async () => {
    bench = await createVoicemailBench();
    const { counts } = bench.store;
    const asked = Promise.withResolvers<void>();
    const known = Promise.withResolvers<void>();
    Object.assign(bench.store, {
      counts: async (boxId: string) => {
        asked.resolve();
        await known.promise;
        return counts.call(bench.store, boxId);
      },
    });
    const legId = await bench.call("201");
    await asked.promise;
    bench.engine.press(legId, "9");
    bench.engine.press(legId, "#");
    await bench.settle();
    known.resolve();
    await bench.until(() => bench.engine.hearsPlayback(legId)?.kind === "tone");
    bench.scheduler.advance(1000);
    await bench.until(() => bench.engine.recordings().length > 0);
    bench.scheduler.advance(5000);
    bench.engine.hangup(legId);
    await bench.until(() => bench.voicemail.size === 0);
    await bench.voicemail.settled();
    expect(bench.last("VOICEMAIL_RECEIVED")).toMatchObject({ isUrgent: true });
    const played = bench.engine.performed.flatMap((one) => (one.op === "play" ? [one.source.kind] : []));
    expect(played).toEqual(["tone"]);
  });
});

describe("who is not reached", () => {
  const box = { voicemailEnabled: true };
  const cases: readonly (readonly [string, Partial<Extension>, (legId: LegId) => void])[] = [
    ["has no phone", box, () => undefined],
    ["does not want to be disturbed", { ...box, dndEnabled: true }, () => undefined],
  ];
  it.each(cases)("[V30] %s: the mailbox answers as the extension, which stays free", async (_name, changes) => {
    bench = await createVoicemailBench({ 201: changes });
    const legId = await bench.call("201");
    expect(bench.last("CALL_ANSWERED")).toMatchObject({
      answeredBy: { number: "201", name: "Lisa Weber", extensionId: idOf("201") },
      voicemailBoxId: idOf("201"),
      state: "answered",
    });
    expect(bench.calls.registry.countOf(idOf("201"))).toBe(0);
    expect(bench.engine.leg(legId)?.state).toBe("answered");
    bench.engine.hangup(legId);
    await bench.settle();
    expect(bench.last("CALL_ENDED")).toMatchObject({ hangupCause: "normal_clearing", hangupBy: "caller" });
  });

  it("[V30] does not answer within the extension's own time: the phone stops ringing", async () => {
    bench = await createVoicemailBench({ 201: { ...box, forwardOnNoAnswerTimeout: 7 } });
    bench.register("201");
    await bench.call("201");
    const [ringing] = bench.ringingLegs();
    if (ringing === undefined) throw new Error("nothing rings");
    bench.engine.ring(ringing);
    bench.scheduler.advance(7000);
    await bench.settle();
    expect(bench.last("CALL_ANSWERED")).toMatchObject({ voicemailBoxId: idOf("201") });
    expect(bench.ringingLegs()).toEqual([]);
  });

  it("[V30] has a forwarding for the case: it goes before", async () => {
    const forward = { forwardOnNoAnswerEnabled: true, forwardOnNoAnswerDestination: "202" };
    bench = await createVoicemailBench({ 201: { ...box, ...forward } });
    bench.register("202");
    await bench.call("201");
    expect(bench.ringingLegs()).toHaveLength(1);
    expect(told("CALL_ANSWERED")).toEqual([]);
  });

  it("[V35] [V37] has an own greeting, or a language of its own: that is what the caller hears", async () => {
    bench = await createVoicemailBench({ 201: { ...box, language: "en" }, 202: box });
    const hears = async (number: string): Promise<string> => {
      const legId = await bench.call(number);
      await bench.until(() => bench.engine.hearsPlayback(legId) !== undefined);
      const source = bench.engine.hearsPlayback(legId);
      bench.engine.hangup(legId);
      await bench.settle();
      return source?.kind === "file" ? source.path : "";
    };
    expect(await hears("201")).toMatch(/\/en\/voicemail-greeting\.wav$/);
    expect(await hears("202")).toMatch(/\/de\/voicemail-greeting\.wav$/);
    const sound = Buffer.alloc(32_044);
    sound.write("RIFF");
    expect(await bench.greetings.set(idOf("201"), sound)).toMatchObject({ ok: true });
    const { blobKey = "" } = bench.greetings.of(idOf("201")) ?? {};
    expect(await hears("201")).toBe(await bench.blobs.pathFor(blobKey));
    expect(await hears("202")).toMatch(/\/de\/voicemail-greeting\.wav$/);
    // A file that was lost is no reason for silence.
    await bench.blobs.remove(blobKey);
    expect(await hears("201")).toMatch(/\/en\/voicemail-greeting\.wav$/);
  });

  it("[V30] has no mailbox: the call ends as ever", async () => {
    bench = await createVoicemailBench({});
    await bench.call("201");
    expect(bench.last("CALL_ENDED")).toMatchObject({ reason: "extension_offline" });
  });
});

describe("a message", () => {
  beforeEach(async () => {
    bench = await createVoicemailBench();
  });

  it("[V1] is recorded after the tone and told with the specification's fields, once", async () => {
    const { id } = await leaveMessage();
    expect(told("VOICEMAIL_RECEIVED")).toEqual([
      {
        voicemailBoxId: idOf("201"),
        extensionNumber: "201",
        messageId: id,
        caller: { number: "200", name: "Anna Schmidt", extensionId: idOf("200") },
        durationSeconds: 5,
        isUrgent: false,
        unreadCount: 1,
        totalCount: 1,
        callId: bench.last("CALL_ENDED")["callId"],
        causedBy: { via: "phone" },
      },
    ]);
    expect(bench.events.find(({ type }) => type === "VOICEMAIL_RECEIVED")?.audience).toEqual({
      extensions: [{ id: idOf("201"), number: "201" }],
      userIds: ["user-201"],
    });
    expect(bench.engine.usage()).toMatchObject({ legs: 0, bridges: 0, recordings: 0, playbacks: 0 });
  });

  it("[V31] *98201 leads to the mailbox while the phone would ring", async () => {
    bench.register("201");
    const message = await leaveMessage("*98201");
    expect(message).toMatchObject({ boxId: idOf("201"), durationMs: 5000 });
  });

  it("[V1] ends by itself after the longest time, and by #; 9 marks it urgent; keys are in no event", async () => {
    const first = await bench.call("201");
    await toTheTone(first);
    bench.engine.press(first, "9");
    bench.scheduler.advance(180_000);
    await bench.until(() => told("VOICEMAIL_RECEIVED").length === 1);
    expect(bench.last("CALL_ENDED")).toMatchObject({ hangupBy: "system", hangupCause: "normal_clearing" });
    expect(bench.last("VOICEMAIL_RECEIVED")).toMatchObject({ durationSeconds: 180, isUrgent: true });
    const second = await bench.call("201");
    await toTheTone(second);
    bench.scheduler.advance(4000);
    bench.engine.press(second, "#");
    await bench.until(() => told("VOICEMAIL_RECEIVED").length === 2);
    expect(bench.last("VOICEMAIL_RECEIVED")).toMatchObject({ durationSeconds: 4, isUrgent: false, unreadCount: 2 });
    expect(told("CALL_DTMF")).toEqual([]);
  });

  it("[V30] under 2 s is dropped with its file", async () => {
    const legId = await bench.call("201");
    await toTheTone(legId);
    bench.scheduler.advance(1900);
    bench.engine.hangup(legId);
    await bench.until(() => bench.voicemail.size === 0);
    await bench.voicemail.settled();
    expect(told("VOICEMAIL_RECEIVED")).toEqual([]);
    expect(await bench.store.unfinished()).toEqual([]);
  });

  it("[V30] a full mailbox says so and takes none", async () => {
    for (let left = 0; left < 3; left += 1) await leaveMessage();
    const legId = await bench.call("201");
    await bench.until(() => bench.engine.hearsPlayback(legId)?.kind === "file");
    expect(bench.engine.hearsPlayback(legId)).toMatchObject({ path: expect.stringMatching(/voicemail-full\.wav$/) });
    await bench.heard(legId);
    expect(bench.engine.leg(legId)?.end).toMatchObject({ cause: "normal", by: "local" });
    expect((await bench.store.list(all)).total).toBe(3);
  });

  it("[V32] is read and deleted by its owner, each told once; to others there is none", async () => {
    const { id: messageId } = await leaveMessage();
    const { voicemailMarkRead: mark, voicemailDelete: remove } = bench.voicemailCommands;
    const [lisa, tom] = [bench.as("201"), bench.as("202")];
    expect(await mark({ messageId }, tom)).toMatchObject({ ok: false, error: { code: "RECORDING_NOT_FOUND" } });
    expect(await mark({ messageId }, lisa)).toMatchObject({ ok: true, data: { messageId, isRead: true } });
    expect(await mark({ messageId }, lisa)).toMatchObject({ ok: true, data: { messageId, isRead: true } });
    expect(told("VOICEMAIL_READ")).toHaveLength(1);
    expect(bench.last("VOICEMAIL_READ")).toMatchObject({
      messageId,
      readBy: { userId: "user-201", name: "201" },
      isRead: true,
      unreadCount: 0,
      totalCount: 1,
      causedBy: { via: "command" },
    });
    const both = await Promise.all([remove({ messageId }, lisa), remove({ messageId }, bench.as("204", "all"))]);
    expect(both.map(({ ok }) => ok)).toEqual([true, true]);
    expect(told("VOICEMAIL_DELETED")).toHaveLength(1);
    expect(bench.last("VOICEMAIL_DELETED")).toMatchObject({ messageId, unreadCount: 0, totalCount: 0 });
    expect(await remove({ messageId }, lisa)).toMatchObject({ ok: false, error: { code: "RECORDING_NOT_FOUND" } });
  });
});

describe("after a crash", () => {
  it("[V33] what was being left is delivered as far as it goes, once; what is short is dropped", async () => {
    bench = await createVoicemailBench();
    const { store, blobs, desk, events } = bench;
    const log = {
      read: async ({ after }: { readonly after: number }) =>
        after > 0
          ? []
          : events.map((event, index) => ({
              ...event,
              seq: index + 1,
              eventId: String(index),
              timestampMs: 0,
              json: JSON.stringify({ data: event.data }),
            })),
    };
    const message = { boxId: idOf("201"), callId: "c", caller: { number: "200" }, receivedAtMs: 0, durationMs: 0 };
    const open = { ...message, status: "recording", isRead: false, isUrgent: true, bytes: 0 } as const;
    for (const [id, seconds] of [
      ["long", 3],
      ["short", 1],
    ] as const) {
      const blobKey = `voicemail/${id}.wav`;
      await store.insert({ ...open, id, blobKey });
      await writeFile(await blobs.pathFor(blobKey), Buffer.alloc(44 + seconds * 32_000));
    }
    await recoverMessages({ log, store, blobs, desk });
    expect(told("VOICEMAIL_RECEIVED")).toMatchObject([{ messageId: "long", durationSeconds: 3, unreadCount: 1 }]);
    const file = await readFile(await blobs.pathFor("voicemail/long.wav"));
    expect(file.readUInt32LE(40)).toBe(96_000);
    expect(await blobs.size("voicemail/short.wav")).toBeUndefined();
    // The event was kept, the table did not learn of it.
    await store.insert({ ...open, id: "told", blobKey: "voicemail/long.wav" });
    const { states, extensions, scheduler } = bench;
    const quiet = new MessageDesk({ states, store, blobs, log: bench, extensions, scheduler });
    const known = { read: async ({ after }: { readonly after: number }) => (after > 0 ? [] : [toldOf("told")]) };
    await recoverMessages({ log: known, store, blobs, desk: quiet });
    expect(told("VOICEMAIL_RECEIVED")).toHaveLength(1);
    expect(await store.counts(idOf("201"))).toEqual({
      unreadCount: 2,
      totalCount: 2,
      urgentUnreadCount: 2,
      urgentCount: 2,
    });
  });
});

function toldOf(messageId: string) {
  return {
    seq: 1,
    eventId: "e",
    type: "VOICEMAIL_RECEIVED" as const,
    timestampMs: 0,
    audience: {},
    json: JSON.stringify({ data: { messageId } }),
  };
}
