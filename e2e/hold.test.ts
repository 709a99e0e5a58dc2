import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Baresip } from "./src/baresip.ts";
import { talk } from "./src/conversation.ts";
import { isMusic, isVoice, untilSilent, untilSoundsLike } from "./src/tone.ts";
import { startWorld, type World } from "./src/world.ts";

let world: World;
let anna: Baresip;
let lisa: Baresip;
let callId = "";
const [annaHz, lisaHz] = [440, 880];
beforeAll(async () => {
  world = await startWorld();
  anna = await world.startPhone("200", { toneHz: annaHz });
  lisa = await world.startPhone("201", { toneHz: lisaHz });
});
afterAll(() => world?.stop());

const next = (type: string, seen: number) =>
  world.cti.waitFor(type, (event) => event.data["callId"] === callId && world.cti.events.indexOf(event) >= seen);

/** A command of the administrator for Anna's leg. */
async function command(name: "hold" | "unhold" | "mute" | "unmute") {
  return world.cti.send(name, { callId, extensionId: await world.extensionId("200") });
}

beforeEach(async () => {
  callId = await talk(world, anna, lisa);
  await untilSoundsLike(lisa.heardFiles, annaHz, isVoice);
  return async () => {
    const before = world.cti.events.length;
    await anna.command("hangup");
    await next("CALL_ENDED", before);
  };
});

describe("hold with real phones", () => {
  it("[C20] by command: the other hears music, then the voice again; the same events as at a phone", async () => {
    const seen = world.cti.events.length;
    expect(await command("hold")).toMatchObject({ success: true, data: { callId, status: "held" } });
    const held = await next("CALL_HELD", seen);
    expect(held.data).toMatchObject({ heldBy: { number: "200" }, holders: [{ number: "200" }], state: "held" });
    await untilSoundsLike(lisa.heardFiles, annaHz, isMusic);
    expect(await command("unhold")).toMatchObject({ success: true, data: { status: "answered" } });
    expect((await next("CALL_UNHELD", seen)).data).toMatchObject({ state: "answered", unheldBy: { number: "200" } });
    await untilSoundsLike(lisa.heardFiles, annaHz, isVoice);
    await untilSoundsLike(anna.heardFiles, lisaHz, isVoice);
  });

  it("[C20] at the phone: a re-INVITE gives the same events, music and voice", async () => {
    const seen = world.cti.events.length;
    await anna.command("hold");
    expect((await next("CALL_HELD", seen)).data).toMatchObject({
      heldBy: { number: "200" },
      state: "held",
      causedBy: { via: "phone" },
    });
    await untilSoundsLike(lisa.heardFiles, annaHz, isMusic);
    await anna.command("resume");
    expect((await next("CALL_UNHELD", seen)).data).toMatchObject({ state: "answered" });
    await untilSoundsLike(lisa.heardFiles, annaHz, isVoice);
  });

  it("[C21] a hold made at a phone that cannot be told stays, and the answer says why", async () => {
    const seen = world.cti.events.length;
    await anna.command("hold");
    await next("CALL_HELD", seen);
    expect(await command("unhold")).toMatchObject({
      success: false,
      error: { code: "INVALID_STATE", details: { reason: "held_at_device" } },
    });
    await anna.command("resume");
    await next("CALL_UNHELD", seen);
  });

  it("[W43] a muted party is not heard", async () => {
    expect(await command("mute")).toMatchObject({ success: true });
    await untilSilent(lisa.heardFiles);
    expect(await command("unmute")).toMatchObject({ success: true });
    await untilSoundsLike(lisa.heardFiles, annaHz, isVoice);
  });
});
