import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Baresip } from "./src/baresip.ts";
import { connectCti } from "./src/cti.ts";
import { readRecorded } from "./src/recorded.ts";
import { isMusic, isVoice, type Sound, untilSoundsLike } from "./src/tone.ts";
import { annaEmail, lisaEmail, startWorld, type World } from "./src/world.ts";

let world: World;
let anna: Baresip;
let seen = 0;
let boxId = "";
const [annaHz, beepHz] = [440, 1000];
beforeAll(async () => {
  world = await startWorld({ env: { PBXX_VOICEMAIL_SILENCE_SECONDS: "3" } });
  expect(await world.cti.send("subscribe", { channels: ["voicemail"] })).toMatchObject({ success: true });
  anna = await world.startPhone("200", { toneHz: annaHz });
  await world.patchExtension("201", { voicemailEnabled: true, forwardOnNoAnswerTimeout: 5 });
  boxId = await world.extensionId("201");
});
afterAll(() => world?.stop());

const isBeep = ({ loudness, share }: Sound): boolean => loudness > 300 && share > 0.4;
const next = (type: string) => world.cti.waitFor(type, (event) => world.cti.events.indexOf(event) >= seen);

async function callTheMailbox(number = "201"): Promise<string> {
  seen = world.cti.events.length;
  await anna.command("dial", number);
  const { data } = await next("CALL_ANSWERED");
  expect(data).toMatchObject({ answeredBy: { number: "201" }, voicemailBoxId: boxId });
  await untilSoundsLike(anna.heardFiles, beepHz, isMusic);
  // Shorter than the half second that is measured.
  await untilSoundsLike(anna.heardFiles, beepHz, isBeep);
  return String(data["callId"]);
}

async function fetchMessage(messageId: string, token = world.token, headers: Readonly<Record<string, string>> = {}) {
  return fetch(`${world.server.url}/api/v1/voicemail/messages/${messageId}/stream`, {
    headers: { authorization: `Bearer ${token}`, ...headers },
  });
}

describe("a mailbox with real phones", () => {
  it("[V1] [V30] nobody there: greeting, tone, message with the caller's voice; read and deleted by command, told once", async () => {
    const callId = await callTheMailbox();
    await delay(4000);
    await anna.command("hangup");
    const { data } = await next("VOICEMAIL_RECEIVED");
    expect(data).toMatchObject({
      voicemailBoxId: boxId,
      extensionNumber: "201",
      caller: { number: "200", name: "Anna Schmidt" },
      isUrgent: false,
      callId,
      unreadCount: 1,
      totalCount: 1,
    });
    const messageId = String(data["messageId"]);
    const lisaToken = await world.tokenOf(lisaEmail);
    const response = await fetchMessage(messageId, lisaToken);
    expect([response.status, response.headers.get("content-type")]).toEqual([200, "audio/wav"]);
    const message = readRecorded(new Uint8Array(await response.arrayBuffer()));
    expect(Math.abs(message.seconds - Number(data["durationSeconds"]))).toBeLessThan(0.6);
    expect(message.seconds).toBeGreaterThan(3);
    expect(message.share("left", annaHz, 0.5, message.seconds - 0.5)).toBeGreaterThan(0.9);
    const part = await fetchMessage(messageId, lisaToken, { range: "bytes=44-163" });
    expect([part.status, part.headers.get("content-range")]).toEqual([206, `bytes 44-163/${message.bytes.length}`]);
    expect((await fetchMessage(messageId, await world.tokenOf(annaEmail))).status).toBe(404);

    const own = await connectCti(world.server.url, lisaToken);
    expect(await own.send("subscribe", { channels: ["me"] })).toMatchObject({ success: true });
    expect(await own.send("voicemailMarkRead", { messageId })).toMatchObject({ success: true });
    expect((await next("VOICEMAIL_READ")).data).toMatchObject({
      voicemailBoxId: boxId,
      messageId,
      readBy: { name: "Lisa Weber" },
      unreadCount: 0,
    });
    const snapshot = (await world.get("/snapshot?channels=voicemail")) as { tables: { mailboxes: object[] } };
    expect(snapshot.tables.mailboxes).toMatchObject([{ voicemailBoxId: boxId, unreadCount: 0, totalCount: 1 }]);
    expect(await own.send("voicemailDelete", { messageId })).toMatchObject({ success: true });
    expect((await own.waitFor("VOICEMAIL_DELETED")).data).toMatchObject({
      messageId,
      deletedBy: { name: "Lisa Weber" },
      totalCount: 0,
    });
    await own.close();
    expect((await fetchMessage(messageId)).status).toBe(404);
    const types = world.cti.events.slice(seen).map(({ type }) => type);
    expect(types.filter((type) => type.startsWith("VOICEMAIL"))).toEqual([
      "VOICEMAIL_RECEIVED",
      "VOICEMAIL_READ",
      "VOICEMAIL_DELETED",
    ]);
  });

  it("[V1] [R8] no answer, 9 while speaking, # at the end: urgent; by REST it is listed, read and deleted", async () => {
    const lisa = await world.startPhone("201", { toneHz: 880 });
    await callTheMailbox();
    await delay(2500);
    await anna.command("sndcode", "9");
    await delay(1000);
    await anna.command("sndcode", "#");
    const { data } = await next("VOICEMAIL_RECEIVED");
    expect(data).toMatchObject({ isUrgent: true, unreadCount: 1 });
    expect((await next("CALL_ENDED")).data).toMatchObject({ hangupBy: "system", hangupCause: "normal_clearing" });
    expect(world.cti.events.slice(seen).map(({ type }) => type)).not.toContain("CALL_DTMF");
    const id = String(data["messageId"]);
    const path = `/voicemail/messages/${id}`;
    expect(await world.get("/voicemail/messages?isRead=false")).toMatchObject({
      data: [{ id, voicemailBoxId: boxId, isUrgent: true, isRead: false }],
      meta: { total: 1 },
    });
    expect(await world.get("/voicemail/boxes")).toMatchObject({
      data: [{ id: boxId, extensionNumber: "201", isEnabled: true, unreadCount: 1, totalCount: 1 }],
    });
    expect(await world.request("PATCH", path, { isRead: true })).toMatchObject({ id, isRead: true });
    expect((await next("VOICEMAIL_READ")).data).toMatchObject({ messageId: id, isRead: true });
    await world.request("DELETE", path);
    expect((await next("VOICEMAIL_DELETED")).data).toMatchObject({ messageId: id, totalCount: 0 });
    await lisa.stop();
  });

  it("[V1] [V34] *97 at the owner's phone: a wrong PIN, the right one, the caller's voice is heard, 7 deletes", async () => {
    const lisa = await world.startPhone("201", { toneHz: 880 });
    await world.request("PATCH", `/voicemail/boxes/${boxId}`, { voicemailPin: "4711" });
    await callTheMailbox("*98201");
    await delay(4000);
    await anna.command("hangup");
    const { data } = await next("VOICEMAIL_RECEIVED");
    const messageId = String(data["messageId"]);
    const type = async (keys: string): Promise<void> => {
      for (const key of keys) {
        await lisa.command("sndcode", key);
        await delay(300);
      }
    };
    await lisa.command("dial", "*97");
    await untilSoundsLike(lisa.heardFiles, annaHz, isMusic);
    await type("0815#");
    await delay(3000);
    await type("4711#");
    await untilSoundsLike(lisa.heardFiles, annaHz, isVoice, 30);
    expect((await next("VOICEMAIL_READ")).data).toMatchObject({
      messageId,
      readBy: { name: "Lisa Weber" },
      causedBy: { via: "phone" },
      unreadCount: 0,
    });
    await type("7");
    expect((await next("VOICEMAIL_DELETED")).data).toMatchObject({
      messageId,
      deletedBy: { name: "Lisa Weber" },
      causedBy: { via: "phone" },
      totalCount: 0,
    });
    await expect.poll(() => lisa.command("listcalls"), { timeout: 15_000 }).not.toContain("sip:");
    await world.request("PATCH", `/voicemail/boxes/${boxId}`, { voicemailPin: null });
    await lisa.stop();
  });

  it("[V30] [V31] *98201 and silence: the mailbox hangs up by itself; do not disturb leads there, too", async () => {
    await callTheMailbox("*98201");
    await delay(3000);
    await anna.command("mute");
    expect((await next("CALL_ENDED")).data).toMatchObject({ hangupBy: "system" });
    await next("VOICEMAIL_RECEIVED");
    await world.patchExtension("201", { dndEnabled: true });
    await callTheMailbox();
    await anna.command("hangup");
    await next("CALL_ENDED");
    await delay(500);
    expect(world.cti.events.slice(seen).map(({ type }) => type)).not.toContain("VOICEMAIL_RECEIVED");
  });
});
