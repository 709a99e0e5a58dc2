import { writeFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createRestTestbench, type RestTestbench } from "../rest/rest-testbench.ts";

let bench: RestTestbench;
let boxId = "";
let lisa = "";
let tom = "";
beforeAll(async () => {
  bench = await createRestTestbench();
  lisa = await bench.tokenOf("lisa.weber@pbx-x.example");
  tom = await bench.tokenOf("tom.mueller@pbx-x.example");
  const { data } = (await bench.ask("/extensions?search=201")).json<{ data: { id: string; number: string }[] }>();
  boxId = data.find(({ number }) => number === "201")?.id ?? "";
  for (const [id, receivedAtMs] of [
    ["m1", 1000],
    ["m2", 2000],
  ] as const) {
    const blobKey = `voicemail/${id}.wav`;
    await writeFile(await bench.blobs.pathFor(blobKey), `sound of ${id}`);
    await bench.voicemail.store.insert({
      id,
      boxId,
      status: "complete",
      isRead: false,
      callId: `call-${id}`,
      caller: { number: "+4930123", name: "Max" },
      isUrgent: id === "m2",
      receivedAtMs,
      durationMs: 4500,
      bytes: 11,
      blobKey,
    });
  }
});
afterAll(() => bench.stop());

describe("mailboxes by REST", () => {
  it("[R8] [V32] the owner sees the own box and its messages, the newest first; who has none sees nothing", async () => {
    expect((await bench.ask("/voicemail/boxes", {}, lisa)).json()).toEqual({
      data: [
        {
          id: boxId,
          extensionNumber: "201",
          displayName: "Lisa Weber",
          isEnabled: false,
          unreadCount: 2,
          totalCount: 2,
        },
      ],
    });
    const list = (await bench.ask("/voicemail/messages", {}, lisa)).json<{ data: { id: string }[]; meta: object }>();
    expect(list.data.map(({ id }) => id)).toEqual(["m2", "m1"]);
    expect(list.data[0]).toEqual({
      id: "m2",
      voicemailBoxId: boxId,
      callId: "call-m2",
      caller: { number: "+4930123", name: "Max" },
      receivedAt: "1970-01-01T00:00:02.000Z",
      durationSeconds: 4.5,
      fileSizeBytes: 11,
      isUrgent: true,
      isRead: false,
    });
    expect((await bench.ask("/voicemail/boxes", {}, tom)).json()).toEqual({ data: [] });
    expect((await bench.ask(`/voicemail/messages?boxId=${boxId}`, {}, tom)).json()).toMatchObject({ data: [] });
    expect((await bench.ask(`/voicemail/messages?boxId=${boxId}`)).json()).toMatchObject({ meta: { total: 2 } });
  });

  it.each(["GET", "PATCH", "DELETE"] as const)("[V32] %s of another's message: there is none", async (method) => {
    const body = method === "PATCH" ? { payload: { isRead: true } } : {};
    const headers = { authorization: `Bearer ${tom}` };
    expect((await bench.ask("/voicemail/messages/m1", { method, headers, ...body })).statusCode).toBe(404);
    expect((await bench.ask("/voicemail/messages/m1/stream", {}, tom)).statusCode).toBe(404);
  });

  it("[R8] the sound, in parts, too", async () => {
    const whole = await bench.ask("/voicemail/messages/m1/stream", {}, lisa);
    expect([whole.statusCode, whole.headers["content-type"], whole.body]).toEqual([200, "audio/wav", "sound of m1"]);
    const headers = { authorization: `Bearer ${lisa}`, range: "bytes=9-10" };
    const part = await bench.ask("/voicemail/messages/m1/stream", { headers });
    expect([part.statusCode, part.headers["content-range"], part.body]).toEqual([206, "bytes 9-10/11", "m1"]);
    const beyond = await bench.ask("/voicemail/messages/m1/stream", { headers: { ...headers, range: "bytes=90-" } });
    expect([beyond.statusCode, beyond.headers["content-range"]]).toEqual([416, "bytes */11"]);
  });

  it("[V34] the owner sets the PIN and takes it away; it is kept as a hash, others may not", async () => {
    const patch = (voicemailPin: string | null, token = lisa) =>
      bench.ask(`/voicemail/boxes/${boxId}`, {
        method: "PATCH",
        headers: { authorization: `Bearer ${token}` },
        payload: { voicemailPin },
      });
    const { pins } = bench.voicemail;
    expect((await patch("47110815", tom)).statusCode).toBe(404);
    expect((await patch("12")).statusCode).toBe(400);
    expect((await patch("47110815")).statusCode).toBe(204);
    expect([await pins.check(boxId, "47110815"), await pins.check(boxId, "4712")]).toEqual([true, false]);
    expect(bench.logged()).not.toContain("47110815");
    expect((await patch(null)).statusCode).toBe(204);
    expect(await pins.has(boxId)).toBe(false);
  });

  it("[R8] [V32] read, unread and deleted; the file goes, too", async () => {
    const patch = (isRead: boolean) =>
      bench.ask("/voicemail/messages/m1", {
        method: "PATCH",
        headers: { authorization: `Bearer ${lisa}` },
        payload: { isRead },
      });
    expect((await patch(true)).json()).toMatchObject({ id: "m1", isRead: true });
    expect((await bench.ask("/voicemail/messages?isRead=false", {}, lisa)).json()).toMatchObject({
      data: [{ id: "m2" }],
    });
    expect((await patch(false)).json()).toMatchObject({ isRead: false });
    const remove = () => bench.ask("/voicemail/messages/m1", { method: "DELETE" });
    expect((await remove()).statusCode).toBe(204);
    expect((await remove()).statusCode).toBe(404);
    expect(await bench.blobs.size("voicemail/m1.wav")).toBeUndefined();
    const events = await bench.log.read({ after: 0, limit: 1000 });
    const told = events.map(({ type }) => type).filter((type) => type.startsWith("VOICEMAIL"));
    expect(told).toEqual(["VOICEMAIL_READ", "VOICEMAIL_READ", "VOICEMAIL_DELETED"]);
  });
});
