import { setTimeout as delay } from "node:timers/promises";
import { sineSamples, writeWav } from "@pbx-x/media";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Baresip } from "./src/baresip.ts";
import { isMusic, isVoice, type Sound, untilSoundsLike } from "./src/tone.ts";
import { startWorld, type World } from "./src/world.ts";

let world: World;
let anna: Baresip;
let lisa: Baresip;
let greeting = "";
const [lisaHz, ownHz, wordHz, beepHz] = [880, 1500, 2500, 1000];
beforeAll(async () => {
  world = await startWorld();
  anna = await world.startPhone("200", { toneHz: 440 });
  lisa = await world.startPhone("201", { toneHz: lisaHz });
  await world.patchExtension("201", { voicemailEnabled: true });
  greeting = `/voicemail/boxes/${await world.extensionId("201")}/greeting`;
});
afterAll(() => world?.stop());

const isBeep = ({ loudness, share }: Sound): boolean => loudness > 300 && share > 0.4;

/** Three seconds of a tone. */
async function upload(path: string, frequencyHz: number): Promise<void> {
  const rate = 16_000;
  const body = writeWav({ sampleRate: rate, channels: [sineSamples(frequencyHz, 3 * rate, 0, 0.3, rate)] });
  const response = await fetch(`${world.server.url}/api/v1${path}`, {
    method: "PUT",
    headers: { authorization: `Bearer ${world.token}`, "content-type": "audio/wav" },
    body: Buffer.from(body),
  });
  expect(response.status).toBe(200);
}

async function hangUp(phone: Baresip): Promise<void> {
  await phone.command("hangup");
  await expect.poll(() => phone.command("listcalls"), { timeout: 15_000 }).not.toContain("sip:");
}

/** What a phone hears at the beginning of a call; then it hangs up. */
async function hears(
  phone: Baresip,
  dialled: string,
  frequencyHz: number,
  isWanted: (sound: Sound) => boolean,
): Promise<void> {
  // The name of a file has the second in which the call began.
  await delay(1100);
  const before = new Set(await phone.heardFiles());
  await phone.command("dial", dialled);
  const files = async () => (await phone.heardFiles()).filter((file) => !before.has(file));
  await untilSoundsLike(files, frequencyHz, isWanted);
  await hangUp(phone);
}

const annaHears = (frequencyHz: number, isWanted: (sound: Sound) => boolean): Promise<void> =>
  hears(anna, "*98201", frequencyHz, isWanted);

describe("a greeting of one's own with real phones", () => {
  it("[V35] [R8] uploaded: callers hear it, and the general one again when it is deleted", async () => {
    await annaHears(ownHz, isMusic);
    await upload(greeting, ownHz);
    await annaHears(ownHz, isVoice);
    await world.request("DELETE", greeting);
    await annaHears(ownHz, isMusic);
  });

  it("[V35] [V34] recorded at the phone: heard, kept, heard by a caller, deleted", async () => {
    await lisa.command("dial", "*97");
    await untilSoundsLike(lisa.heardFiles, lisaHz, isMusic);
    await lisa.command("sndcode", "0");
    await delay(500);
    await lisa.command("sndcode", "2");
    await untilSoundsLike(lisa.heardFiles, beepHz, isBeep);
    await delay(3500);
    await lisa.command("sndcode", "#");
    await untilSoundsLike(lisa.heardFiles, lisaHz, isMusic);
    await lisa.command("sndcode", "1");
    await untilSoundsLike(lisa.heardFiles, lisaHz, isVoice);
    await lisa.command("sndcode", "3");
    await expect
      .poll(() => world.get("/voicemail/boxes"), { timeout: 10_000 })
      .toMatchObject({ data: [{ greeting: { durationSeconds: expect.any(Number) } }] });
    await annaHears(lisaHz, isVoice);
    await lisa.command("sndcode", "7");
    await expect
      .poll(async () => JSON.stringify(await world.get("/voicemail/boxes")), { timeout: 10_000 })
      .not.toContain("greeting");
    await annaHears(lisaHz, isMusic);
    await hangUp(lisa);
  });

  it("[V38] an announcement that was replaced is heard at once, and the PBX's own again after the reset", async () => {
    await upload("/announcements/de/voicemail-no-messages", wordHz);
    await hears(lisa, "*97", wordHz, isVoice);
    await world.request("DELETE", "/announcements/de/voicemail-no-messages");
    await hears(lisa, "*97", wordHz, isMusic);
  });
});
