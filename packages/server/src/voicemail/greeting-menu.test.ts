import { readdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { LegId } from "@pbx-x/telephony";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createMailboxPins } from "./mailbox-pins.ts";
import { MenuService } from "./menu-service.ts";
import { createVoicemailBench, type VoicemailBench } from "./voicemail-testbench.ts";

let bench: VoicemailBench;
let menu: MenuService;
let boxId = "";
beforeEach(async () => {
  bench = await createVoicemailBench();
  const { calls, store, desk, greetings, blobs, scheduler, engine } = bench;
  boxId = bench.extensions.byNumber("200")?.id ?? "";
  menu = new MenuService({
    perform: (operation) => calls.perform(operation),
    newId: calls.newId,
    languageOf: () => "de",
    pins: createMailboxPins(bench.db),
    greetings,
    store,
    desk,
    blobs,
    scheduler,
    onError: (error) => expect(error).toBeUndefined(),
  });
  calls.services.add("own_mailbox", (offered) => void menu.offered(offered));
  engine.subscribe((event) => menu.onTelephony(event));
});
afterEach(() => bench.stop());

const fileOf = (legId: LegId): string | undefined => {
  const source = bench.engine.hearsPlayback(legId);
  return source?.kind === "file" ? source.path.split("/").at(-1) : source?.kind;
};
const plays = (legId: LegId, what: string) => bench.until(() => fileOf(legId) === what);
const isRecording = () => bench.engine.usage().recordings > 0;
const drafts = async () => (await readdir(dirname(await bench.greetings.draftPath(boxId)))).filter(isDraft);
const isDraft = (file: string): boolean => file.startsWith("draft-");

/** The owner is in the menu and speaks a greeting for so long; the fake engine writes no file itself. */
async function record(seconds: number): Promise<LegId> {
  const legId = await bench.call("*97");
  await plays(legId, "voicemail-no-messages.wav");
  bench.engine.press(legId, "0");
  await plays(legId, "voicemail-greeting-options.wav");
  bench.engine.press(legId, "2");
  await plays(legId, "voicemail-greeting-menu.wav");
  await bench.heard(legId);
  await plays(legId, "tone");
  bench.scheduler.advance(200);
  await bench.until(isRecording);
  const sound = Buffer.alloc(44 + seconds * 16_000);
  sound.write("RIFF");
  await writeFile(await bench.greetings.draftPath(boxId), sound);
  bench.scheduler.advance(seconds * 1000);
  return legId;
}

describe("[V35] a greeting recorded at the phone", () => {
  it("[V35] is heard, kept and used; nothing else stays on the disk", async () => {
    const legId = await record(3);
    bench.engine.press(legId, "#");
    await plays(legId, "voicemail-greeting-draft.wav");
    bench.engine.press(legId, "1");
    await plays(legId, `draft-${boxId}.wav`);
    expect(bench.greetings.of(boxId)).toBeUndefined();
    bench.engine.press(legId, "3");
    await plays(legId, "voicemail-greeting-saved.wav");
    expect(bench.greetings.of(boxId)).toMatchObject({ durationMs: 3000 });
    expect(await drafts()).toEqual([]);
    expect(bench.engine.bridges()).toEqual([]);
  });

  it("[V35] is dropped where the owner hangs up, or goes back", async () => {
    const legId = await record(3);
    bench.engine.hangup(legId);
    await bench.until(async () => (await drafts()).length === 0);
    const again = await record(3);
    bench.engine.press(again, "5");
    await plays(again, "voicemail-greeting-draft.wav");
    bench.engine.press(again, "#");
    await plays(again, "voicemail-no-messages.wav");
    expect(await drafts()).toEqual([]);
    expect(bench.greetings.of(boxId)).toBeUndefined();
    expect(menu.size).toBe(1);
  });

  it("[V35] ends by itself after a minute; under a second it is none", async () => {
    const legId = await record(60);
    await plays(legId, "voicemail-greeting-draft.wav");
    bench.engine.hangup(legId);
    const short = await record(0);
    bench.engine.press(short, "#");
    await plays(short, "voicemail-greeting-options.wav");
    bench.engine.press(short, "3");
    await bench.settle();
    expect(bench.greetings.of(boxId)).toBeUndefined();
  });
});
