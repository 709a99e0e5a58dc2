import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createRestTestbench, type RestTestbench } from "../rest/rest-testbench.ts";

let bench: RestTestbench;
beforeAll(async () => {
  bench = await createRestTestbench();
});
afterAll(() => bench?.stop());

/** What the fake engine takes for a second of sound. */
function sound(seconds = 1): Buffer {
  const bytes = Buffer.alloc(44 + seconds * 16_000);
  bytes.write("RIFF");
  return bytes;
}

const upload = (name: string, payload: Buffer | string = sound(), type = "audio/wav") =>
  bench.app.inject({
    method: "POST",
    url: `/api/v1/prompts?name=${encodeURIComponent(name)}`,
    headers: { authorization: `Bearer ${adminToken}`, "content-type": type },
    payload,
  });
const detailOf = (answer: Awaited<ReturnType<typeof upload>>) => answer.json<{ detail: string }>().detail;
const choose = (promptId: string | null) => bench.ask("/music-on-hold", { method: "PUT", payload: { promptId } });
const files = () => readdir(join(bench.dir, "prompts"));

let adminToken = "";
beforeAll(async () => {
  adminToken = await bench.tokenOf("admin@pbx-x.example", "admin-password");
});

describe("uploaded sound", () => {
  it("[R7] [C24] is taken, listed, heard, renamed and deleted; nothing else stays on the disk", async () => {
    const created = await upload("Jazz");
    expect(created.statusCode).toBe(201);
    const prompt = created.json<{ id: string }>();
    expect(prompt).toMatchObject({ name: "Jazz", durationMs: 1000, bytes: 16_044 });
    expect(await files()).toEqual([`${prompt.id}.wav`]);
    expect((await bench.ask("/prompts?search=jazz")).json<{ data: object[] }>().data).toMatchObject([{ name: "Jazz" }]);
    const stream = await bench.ask(`/prompts/${prompt.id}/stream`);
    expect([stream.headers["content-type"], stream.rawPayload.length]).toEqual(["audio/wav", 16_044]);
    const renamed = await bench.ask(`/prompts/${prompt.id}`, { method: "PATCH", payload: { name: "Swing" } });
    expect(renamed.json()).toMatchObject({ name: "Swing" });
    expect((await bench.ask(`/prompts/${prompt.id}`, { method: "DELETE" })).statusCode).toBe(204);
    expect((await bench.ask(`/prompts/${prompt.id}`)).statusCode).toBe(404);
    expect(await files()).toEqual([]);
    const audit = (await bench.ask("/audit?search=prompt&limit=100")).json<{ data: { action: string }[] }>().data;
    expect(audit.map(({ action }) => action).toSorted()).toEqual(["prompt.create", "prompt.delete", "prompt.update"]);
  });

  it.each([
    ["no sound", "not a WAV", "audio/wav", 422, "no WAV"],
    ["empty", sound(0), "audio/wav", 422, "no sound in it"],
    ["too long", sound(601), "audio/wav", 422, "10 minutes"],
    ["another type", '{"a":1}', "application/json", 415, "audio/wav"],
    ["another type still", "x", "audio/mpeg", 415, ""],
  ] as const)(
    "[R1] [C24] %s is refused with what to do, and leaves nothing",
    async (_name, body, type, status, text) => {
      const answer = await upload("Bad", typeof body === "string" ? body : Buffer.from(body), type);
      expect(answer.statusCode).toBe(status);
      expect(detailOf(answer)).toContain(text);
      expect(await files()).toEqual([]);
    },
  );

  it("[R1] two of one name, and one that is too large, are refused", async () => {
    const first = (await upload("Once")).json<{ id: string }>();
    expect((await upload("Once")).statusCode).toBe(409);
    expect((await upload("Large", Buffer.alloc(33 * 1024 * 1024))).statusCode).toBe(413);
    await bench.ask(`/prompts/${first.id}`, { method: "DELETE" });
  });

  it("[W24] is an administrator's business", async () => {
    const token = await bench.tokenOf("anna.schmidt@pbx-x.example");
    for (const url of ["/prompts", "/music-on-hold"]) expect((await bench.ask(url, {}, token)).statusCode).toBe(403);
  });
});

describe("[C24] music for who waits", () => {
  it("[C24] is chosen for all or for an extension; what is played is not deleted", async () => {
    const { id } = (await upload("Waltz")).json<{ id: string }>();
    expect((await bench.ask("/music-on-hold")).json()).toEqual({ promptId: null });
    expect((await choose("none")).statusCode).toBe(422);
    expect((await choose(id)).json()).toEqual({ promptId: id });
    expect((await bench.ask("/music-on-hold")).json()).toEqual({ promptId: id });
    const inUse = await bench.ask(`/prompts/${id}`, { method: "DELETE" });
    expect([inUse.statusCode, detailOf(inUse)]).toEqual([409, expect.stringContaining("the music on hold")]);
    await choose(null);

    const { data } = (await bench.ask("/extensions?search=200")).json<{ data: [{ id: string }] }>();
    const give = (holdMusicPromptId: string | null) =>
      bench.ask(`/extensions/${data[0].id}`, { method: "PATCH", payload: { holdMusicPromptId } });
    expect((await give("none")).statusCode).toBe(422);
    expect((await give(id)).json()).toMatchObject({ holdMusicPromptId: id });
    const told = () => bench.published.at(-1);
    expect(told()).toMatchObject({ type: "EXTENSION_STATUS_CHANGED", data: { changes: { holdMusicPromptId: id } } });
    const own = await bench.ask(`/prompts/${id}`, { method: "DELETE" });
    expect([own.statusCode, detailOf(own)]).toEqual([409, expect.stringContaining("extension 200")]);
    expect((await give(null)).json()).not.toHaveProperty("holdMusicPromptId");
    expect(told()?.data["changes"]).toEqual({ holdMusicPromptId: null });
    expect((await bench.ask(`/prompts/${id}`, { method: "DELETE" })).statusCode).toBe(204);
  });
});
