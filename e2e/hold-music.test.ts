import { sineSamples, writeWav } from "@pbx-x/media";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Baresip } from "./src/baresip.ts";
import { isMusic, isVoice, untilSoundsLike } from "./src/tone.ts";
import { startWorld, type World } from "./src/world.ts";

let world: World;
let anna: Baresip;
let lisa: Baresip;
const [annaHz, lisaHz, allHz, ownHz] = [440, 880, 1500, 2500];
beforeAll(async () => {
  world = await startWorld();
  anna = await world.startPhone("200", { toneHz: annaHz });
  lisa = await world.startPhone("201", { toneHz: lisaHz });
});
afterAll(() => world?.stop());

/** A second of a tone in stereo at 44.1 kHz, as music comes. */
async function upload(name: string, frequencyHz: number): Promise<string> {
  const rate = 44_100;
  const channel = sineSamples(frequencyHz, rate, 0, 0.3, rate);
  const response = await fetch(`${world.server.url}/api/v1/prompts?name=${name}`, {
    method: "POST",
    headers: { authorization: `Bearer ${world.token}`, "content-type": "audio/wav" },
    body: Buffer.from(writeWav({ sampleRate: rate, channels: [channel, channel] })),
  });
  expect(response.status).toBe(201);
  return ((await response.json()) as { id: string }).id;
}

async function choose(promptId: string | null): Promise<void> {
  const response = await fetch(`${world.server.url}/api/v1/music-on-hold`, {
    method: "PUT",
    headers: { authorization: `Bearer ${world.token}`, "content-type": "application/json" },
    body: JSON.stringify({ promptId }),
  });
  expect(response.status).toBe(200);
}

describe("[C24] music of one's own", () => {
  it("[C24] [R7] who is held hears what was uploaded: for all, of the extension that holds, and the PBX's own again", async () => {
    await anna.command("dial", "201");
    const { callId } = (await world.cti.waitFor("CALL_CREATED")).data;
    await world.cti.waitFor("CALL_RINGING");
    await lisa.command("accept");
    await world.cti.waitFor("CALL_ANSWERED");
    await untilSoundsLike(lisa.heardFiles, annaHz, isVoice);
    const byAnna = { callId, extensionId: await world.extensionId("200") };
    const byLisa = { callId, extensionId: await world.extensionId("201") };

    await choose(await upload("all", allHz));
    await world.cti.send("hold", byAnna);
    await untilSoundsLike(lisa.heardFiles, allHz, isVoice);
    await world.cti.send("unhold", byAnna);
    await untilSoundsLike(lisa.heardFiles, annaHz, isVoice);

    await world.patchExtension("200", { holdMusicPromptId: await upload("own", ownHz) });
    await world.cti.send("hold", byAnna);
    await untilSoundsLike(lisa.heardFiles, ownHz, isVoice);
    await world.cti.send("unhold", byAnna);
    await world.cti.send("hold", byLisa);
    await untilSoundsLike(anna.heardFiles, allHz, isVoice);
    await world.cti.send("unhold", byLisa);

    await world.patchExtension("200", { holdMusicPromptId: null });
    await choose(null);
    await world.cti.send("hold", byAnna);
    await untilSoundsLike(lisa.heardFiles, allHz, isMusic);
    await world.cti.send("unhold", byAnna);
    await untilSoundsLike(lisa.heardFiles, annaHz, isVoice);
    await anna.command("hangup");
    await world.cti.waitFor("CALL_ENDED");
  });
});
