import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createRestTestbench, type RestTestbench } from "../rest/rest-testbench.ts";

let bench: RestTestbench;
let url = "";
let lisa = "";
let tom = "";
beforeAll(async () => {
  bench = await createRestTestbench();
  lisa = await bench.tokenOf("lisa.weber@pbx-x.example");
  tom = await bench.tokenOf("tom.mueller@pbx-x.example");
  const { data } = (await bench.ask("/extensions?search=201")).json<{ data: [{ id: string }] }>();
  url = `/voicemail/boxes/${data[0].id}/greeting`;
});
afterAll(() => bench?.stop());

/** What the fake engine takes for seconds of sound. */
function sound(seconds: number): Buffer {
  const bytes = Buffer.alloc(44 + seconds * 16_000);
  bytes.write("RIFF");
  return bytes;
}

const put = (payload: Buffer, token = lisa, type = "audio/wav") =>
  bench.ask(url, { method: "PUT", payload, headers: { "content-type": type } }, token);
const files = () => readdir(join(bench.dir, "voicemail", "greetings")).catch(() => []);

describe("the own greeting by REST", () => {
  it("[V35] [R8] is set, heard, replaced and deleted by the owner; one file at most is on the disk", async () => {
    expect((await bench.ask(url, {}, lisa)).statusCode).toBe(404);
    expect((await put(sound(2))).json()).toMatchObject({ durationSeconds: 2, fileSizeBytes: 32_044 });
    const heard = await bench.ask(url, {}, lisa);
    expect([heard.headers["content-type"], heard.rawPayload.length]).toEqual(["audio/wav", 32_044]);
    expect((await put(sound(3))).statusCode).toBe(200);
    expect(await files()).toHaveLength(1);
    await bench.ask(`/extensions/${url.split("/")[3]}`, { method: "PATCH", payload: { voicemailEnabled: true } });
    expect((await bench.ask("/voicemail/boxes", {}, lisa)).json()).toMatchObject({
      data: [{ greeting: { durationSeconds: 3 } }],
    });
    expect((await bench.ask(url, { method: "DELETE" }, lisa)).statusCode).toBe(204);
    expect((await bench.ask(url, { method: "DELETE" }, lisa)).statusCode).toBe(404);
    expect(await files()).toEqual([]);
    const audit = (await bench.ask("/audit?search=greeting&limit=100")).json<{ data: { action: string }[] }>().data;
    expect(audit.map(({ action }) => action).toSorted()).toEqual([
      "voicemail.greeting.delete",
      "voicemail.greeting.set",
      "voicemail.greeting.set",
    ]);
  });

  it.each([
    ["no sound", Buffer.from("no WAV"), "audio/wav", 422, "no WAV"],
    ["too long", sound(63), "audio/wav", 422, "60 seconds"],
    ["another type", Buffer.from("{}"), "application/json", 415, "audio/wav"],
    ["too large", Buffer.alloc(13 * 1024 * 1024), "audio/wav", 413, ""],
  ] as const)(
    "[V35] [R1] %s is refused with what to do, and leaves nothing",
    async (_name, body, type, status, text) => {
      const answer = await put(body, lisa, type);
      expect(answer.statusCode).toBe(status);
      expect(answer.json<{ detail: string }>().detail).toContain(text);
      expect(await files()).toEqual([]);
    },
  );

  it("[V39] greeting and PIN go with their extension", async () => {
    const created = await bench.ask("/extensions", {
      method: "POST",
      payload: { number: "219", displayName: "Short", voicemailPin: "4711", voicemailEnabled: true },
    });
    const { id } = created.json<{ id: string }>();
    expect(await bench.voicemail.pins.has(id)).toBe(true);
    await bench.voicemail.rest.greetings.set(id, sound(2));
    expect(await files()).toHaveLength(1);
    expect((await bench.ask(`/extensions/${id}`, { method: "DELETE" })).statusCode).toBe(204);
    await expect.poll(async () => [await files(), await bench.voicemail.pins.has(id)]).toEqual([[], false]);
  });

  it("[V35] [W24] of others there is none; an administrator may", async () => {
    expect((await bench.ask(url, {}, tom)).statusCode).toBe(404);
    expect((await put(sound(2), tom)).statusCode).toBe(404);
    const admin = await bench.tokenOf("admin@pbx-x.example", "admin-password");
    expect((await put(sound(2), admin)).statusCode).toBe(200);
    expect((await bench.ask(url, { method: "DELETE" }, tom)).statusCode).toBe(404);
    expect((await bench.ask(url, { method: "DELETE" })).statusCode).toBe(204);
  });
});
