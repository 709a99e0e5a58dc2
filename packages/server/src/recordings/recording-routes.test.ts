import { writeFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createRestTestbench, type RestTestbench } from "../rest/rest-testbench.ts";
import type { Recording } from "./recording.ts";
import { headerRepair } from "./wav-layout.ts";

let bench: RestTestbench;
let annaToken: string;
let annaExtension: string;
const call = (number: number): string => `0198c0de-0000-7000-8000-0000000000${number}`;

/** One second of silence on the left, a square wave of half the scale on the right. */
function wav(): Buffer {
  const bytes = Buffer.alloc(44 + 32_000);
  for (let frame = 0; frame < 8000; frame += 1) bytes.writeInt16LE(frame % 16 < 8 ? 16_384 : -16_384, 46 + frame * 4);
  for (const { at, bytes: patch } of headerRepair(bytes.length)) bytes.set(patch, at);
  return bytes;
}

async function keep(id: string, changes: Partial<Recording> = {}): Promise<void> {
  const blobKey = `recordings/2026/01/31/${id}.wav`;
  await writeFile(await bench.blobs.pathFor(blobKey), wav());
  await bench.recordings.store.insert({
    id,
    callId: call(10),
    status: "complete",
    caller: { number: "200", name: "Anna Schmidt" },
    callee: { number: "201" },
    extensions: [],
    startedAtMs: Date.UTC(2026, 0, 31),
    startedBy: { userId: "u1", name: "Somebody" },
    blobKey,
    durationMs: 1000,
    bytes: 32_044,
    ...changes,
  });
}

const idsOf = async (query: string, token?: string): Promise<readonly string[]> => {
  const answer = await bench.ask(`/recordings${query}`, {}, token);
  expect(answer.statusCode).toBe(200);
  return answer.json<{ data: { id: string }[] }>().data.map(({ id }) => id);
};
const audited = async (action: string): Promise<readonly string[]> => {
  const { data } = (await bench.ask(`/audit?search=${action}`)).json<{ data: { subject: string }[] }>();
  return data.map(({ subject }) => subject);
};

beforeAll(async () => {
  bench = await createRestTestbench();
  const extensions = (await bench.ask("/extensions?search=200")).json<{ data: { id: string }[] }>().data;
  annaExtension = extensions[0]?.id ?? "";
  await bench.ask(`/extensions/${annaExtension}`, {
    method: "PATCH",
    payload: { canRecordCalls: true, callRecordingPolicy: "on_demand" },
  });
  bench.clock.ms += 1000;
  annaToken = await bench.tokenOf("anna.schmidt@pbx-x.example");
  await keep("own", { extensions: [{ id: annaExtension, number: "200" }] });
  await keep("foreign", { callId: call(11), caller: { number: "0301234567" }, startedAtMs: Date.UTC(2026, 1, 1) });
  await keep("running", { status: "recording", startedAtMs: Date.UTC(2026, 1, 2) });
});
afterAll(() => bench?.stop());

describe("the list of recordings", () => {
  it("[C56] shows all to who has the right for others, and the own ones to who may record", async () => {
    expect(await idsOf("")).toEqual(["running", "foreign", "own"]);
    expect(await idsOf("", annaToken)).toEqual(["own"]);
    expect(await idsOf("?extensionId=another", annaToken)).toEqual([]);
    const tom = await bench.tokenOf("tom.mueller@pbx-x.example");
    expect((await bench.ask("/recordings", {}, tom)).statusCode).toBe(403);
    expect((await bench.ask("/recordings/own/stream", {}, tom)).statusCode).toBe(403);
  });

  it("[R8] can be searched, filtered and paged", async () => {
    expect(await idsOf("?search=030")).toEqual(["foreign"]);
    expect(await idsOf("?search=0_0")).toEqual([]);
    expect(await idsOf(`?callId=${call(11)}`)).toEqual(["foreign"]);
    expect(await idsOf("?status=complete")).toEqual(["foreign", "own"]);
    expect(await idsOf("?from=2026-02-01T00:00:00Z&to=2026-02-02T00:00:00Z")).toEqual(["foreign"]);
    expect(await idsOf(`?extensionId=${annaExtension}`)).toEqual(["own"]);
    const page = await bench.ask("/recordings?page=2&limit=2");
    expect(page.json()).toMatchObject({ data: [{ id: "own" }], meta: { total: 3, totalPages: 2 } });
  });

  it("[R8] tells of one what there is to know; a foreign one is not there", async () => {
    expect((await bench.ask("/recordings/own", {}, annaToken)).json()).toEqual({
      id: "own",
      callId: call(10),
      status: "complete",
      caller: { number: "200", name: "Anna Schmidt" },
      callee: { number: "201" },
      extensions: [{ id: annaExtension, number: "200" }],
      startedAt: "2026-01-31T00:00:00.000Z",
      startedBy: { userId: "u1", name: "Somebody" },
      durationSeconds: 1,
      fileSizeBytes: 32_044,
    });
    expect((await bench.ask("/recordings/foreign", {}, annaToken)).statusCode).toBe(404);
    expect((await bench.ask("/recordings/nothing")).statusCode).toBe(404);
  });
});

it("[C53] an extension's right to record counts unless its policy is off", async () => {
  const email = "lisa.weber@pbx-x.example";
  const { data } = (await bench.ask("/extensions?search=201")).json<{ data: { id: string }[] }>();
  const rights = async (payload: object): Promise<boolean> => {
    await bench.ask(`/extensions/${data[0]?.id}`, {
      method: "PATCH",
      payload,
    });
    bench.clock.ms += 1000;
    const session = await bench.ask("/auth/session", {}, await bench.tokenOf(email));
    return session.json<{ permissions: string[] }>().permissions.includes("calls.record");
  };
  expect(await rights({ canRecordCalls: true })).toBe(false);
  expect(await rights({ callRecordingPolicy: "on_demand" })).toBe(true);
  expect(await rights({ callRecordingPolicy: "always" })).toBe(true);
  expect(await rights({ canRecordCalls: false })).toBe(false);
});

describe("listening", () => {
  it("[R8] streams the whole file, or a part of it; each listening is in the audit log", async () => {
    const whole = await bench.ask("/recordings/own/stream", {}, annaToken);
    expect(whole.statusCode).toBe(200);
    expect(whole.headers).toMatchObject({
      "content-type": "audio/wav",
      "content-length": "32044",
      "accept-ranges": "bytes",
    });
    expect(whole.rawPayload.equals(wav())).toBe(true);
    const ask = (range: string) =>
      bench.ask("/recordings/own/stream", { headers: { authorization: `Bearer ${annaToken}`, range } });
    const part = await ask("bytes=100-199");
    expect([part.statusCode, part.headers["content-range"]]).toEqual([206, "bytes 100-199/32044"]);
    expect(part.rawPayload.equals(wav().subarray(100, 200))).toBe(true);
    const beyond = await ask("bytes=40000-");
    expect([beyond.statusCode, beyond.headers["content-range"]]).toEqual([416, "bytes */32044"]);
    await expect.poll(() => audited("recording.listen")).toEqual(["own"]);
    bench.clock.ms += 11 * 60_000;
    const token = await bench.tokenOf("anna.schmidt@pbx-x.example");
    await bench.ask("/recordings/own/stream", { headers: { authorization: `Bearer ${token}`, range: "bytes=500-" } });
    await expect.poll(() => audited("recording.listen")).toEqual(["own", "own"]);
    annaToken = token;
  });

  it("[R3] a player that can send no token has a ticket", async () => {
    const path = "/api/v1/recordings/own/stream";
    const issued = await bench.ask("/auth/tickets", { method: "POST", payload: { path } }, annaToken);
    const { url } = issued.json<{ url: string }>();
    const player = await bench.app.inject({ url, headers: { range: "bytes=40-43" } });
    expect([player.statusCode, player.rawPayload.readUInt32LE()]).toEqual([206, 32_000]);
    expect((await bench.app.inject({ url: url.replace("own", "foreign") })).statusCode).toBe(401);
  });

  it("[R8] has a waveform per channel", async () => {
    const answer = await bench.ask("/recordings/own/peaks?points=10", {}, annaToken);
    expect(answer.json()).toEqual({ durationSeconds: 1, left: Array(10).fill(0), right: Array(10).fill(50) });
  });

  it("[R8] is not possible while the call is being recorded, nor when the file is gone", async () => {
    expect((await bench.ask("/recordings/running/stream")).statusCode).toBe(409);
    await keep("lost");
    await bench.blobs.remove("recordings/2026/01/31/lost.wav");
    expect((await bench.ask("/recordings/lost/stream")).statusCode).toBe(404);
  });
});

describe("deleting", () => {
  it("[C56] takes the right for others, takes the file too, and is noted", async () => {
    expect((await bench.ask("/recordings/own", { method: "DELETE" }, annaToken)).statusCode).toBe(403);
    expect((await bench.ask("/recordings/running", { method: "DELETE" })).statusCode).toBe(409);
    expect((await bench.ask("/recordings/foreign", { method: "DELETE" })).statusCode).toBe(204);
    expect(await bench.blobs.size("recordings/2026/01/31/foreign.wav")).toBeUndefined();
    expect(await idsOf("?search=030")).toEqual([]);
    await expect.poll(() => audited("recording.delete")).toEqual(["foreign"]);
  });
});

describe("recording a call by REST", () => {
  it("[R6] is the socket's command: unknown calls and missing rights are problems", async () => {
    for (const name of ["start", "stop", "pause", "resume"]) {
      const answer = await bench.ask(`/calls/${call(10)}/recording/${name}`, { method: "POST" });
      expect([answer.statusCode, answer.json<{ detail: string }>().detail]).toEqual([
        404,
        "CALL_NOT_FOUND: There is no such call.",
      ]);
    }
  });
});
