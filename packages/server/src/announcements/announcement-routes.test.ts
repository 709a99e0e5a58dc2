import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { brandId, type LegId, type PlaybackId } from "@pbx-x/telephony";
import { createFakeEngine, createManualScheduler } from "@pbx-x/telephony/fake";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createRestTestbench, type RestTestbench } from "../rest/rest-testbench.ts";
import { createAnnouncementBook, withAnnouncements } from "./announcement-book.ts";
import { announcementFile } from "./announcement-library.ts";
import { allAnnouncements } from "./announcement-texts.ts";

let bench: RestTestbench;
beforeAll(async () => {
  bench = await createRestTestbench();
});
afterAll(() => bench?.stop());

interface Shown {
  readonly name: string;
  readonly language: string;
  readonly text: string;
  readonly isReplaced: boolean;
}

/** What the fake engine takes for seconds of sound. */
function sound(seconds: number): Buffer {
  const bytes = Buffer.alloc(44 + seconds * 16_000);
  bytes.write("RIFF");
  return bytes;
}

const put = (name: string, payload: Buffer) =>
  bench.ask(`/announcements/de/${name}`, { method: "PUT", payload, headers: { "content-type": "audio/wav" } });
const files = () => readdir(join(bench.dir, "announcements", "de")).catch(() => []);
const goodbye = announcementFile("goodbye", "de");

/** Which file the engine plays when a part of the PBX says a word. */
async function played(path: string): Promise<string> {
  const { announcements } = bench;
  const scheduler = createManualScheduler();
  const engine = createFakeEngine({ scheduler, newId: () => crypto.randomUUID() });
  const told = withAnnouncements(engine, announcements.fileFor);
  const source = { kind: "file", path, isLooped: false } as const;
  await told.perform({ op: "play", legId: brandId<LegId>("leg"), playbackId: brandId<PlaybackId>("play"), source });
  const last = engine.performed.at(-1);
  return last?.op === "play" && last.source.kind === "file" ? last.source.path : "";
}

describe("announcements by REST", () => {
  it("[V38] are all listed with what they say, and can be heard", async () => {
    const { data } = (await bench.ask("/announcements?language=de")).json<{ data: Shown[] }>();
    expect(data).toHaveLength(allAnnouncements().length);
    expect(data.find(({ name }) => name === "goodbye")).toEqual({
      name: "goodbye",
      language: "de",
      text: "Auf Wiederhören.",
      isReplaced: false,
    });
    expect((await bench.ask("/announcements")).json<{ data: Shown[] }>().data).toHaveLength(2 * data.length);
    const heard = await bench.ask("/announcements/de/goodbye/stream");
    expect([heard.statusCode, heard.headers["content-type"]]).toEqual([200, "audio/wav"]);
    expect(heard.rawPayload.toString("latin1", 0, 4)).toBe("RIFF");
  });

  it("[V38] are replaced and played so at once, kept over a restart, and reset", async () => {
    expect(await played(goodbye)).toBe(goodbye);
    expect((await put("goodbye", sound(2))).json()).toMatchObject({ isReplaced: true, durationMs: 2000 });
    expect((await put("goodbye", sound(3))).json()).toMatchObject({ isReplaced: true, durationMs: 3000 });
    const [file = ""] = await files();
    expect(await files()).toHaveLength(1);
    expect(await played(goodbye)).toBe(join(bench.dir, "announcements", "de", file));
    expect(await played(announcementFile("goodbye", "en"))).toBe(announcementFile("goodbye", "en"));
    expect((await bench.ask("/announcements/de/goodbye/stream")).rawPayload).toHaveLength(48_044);
    const { db, blobs } = bench;
    const engine = createFakeEngine({ scheduler: createManualScheduler(), newId: () => crypto.randomUUID() });
    const again = await createAnnouncementBook({ db, blobs, engine, newId: () => "id", now: () => 0 });
    expect(again.fileFor(goodbye)).toBe(bench.announcements.fileFor(goodbye));
    expect((await bench.ask("/announcements/de/goodbye", { method: "DELETE" })).statusCode).toBe(204);
    expect((await bench.ask("/announcements/de/goodbye", { method: "DELETE" })).statusCode).toBe(404);
    expect(await played(goodbye)).toBe(goodbye);
    expect(await files()).toEqual([]);
    const audit = (await bench.ask("/audit?search=announcement&limit=100")).json<{ data: { action: string }[] }>();
    expect(audit.data).toHaveLength(3);
  });

  it("[V38] [R1] unknown names, other languages and bad sound are refused, and leave nothing", async () => {
    expect((await put("no-such-thing", sound(1))).statusCode).toBe(404);
    expect((await bench.ask("/announcements/fr/goodbye/stream")).statusCode).toBe(400);
    expect((await put("goodbye", Buffer.from("no WAV"))).json()).toMatchObject({ status: 422 });
    expect((await put("goodbye", sound(121))).json<{ detail: string }>().detail).toContain("2 minutes");
    expect(await files()).toEqual([]);
    const token = await bench.tokenOf("anna.schmidt@pbx-x.example");
    expect((await bench.ask("/announcements", {}, token)).statusCode).toBe(403);
  });
});
