import { statSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Baresip } from "./src/baresip.ts";
import { isVoice, untilSignal, untilSoundsLike } from "./src/tone.ts";
import { annaEmail, startWorld, type World } from "./src/world.ts";
import { connectCti } from "./src/cti.ts";

let world: World;
let anna: Baresip;
let lisa: Baresip;
let tom: Baresip;
const [annaHz, tomHz] = [440, 660];
const [confirmationHz, refusalHz] = [1000, 425];
beforeAll(async () => {
  world = await startWorld();
  anna = await world.startPhone("200", { toneHz: annaHz });
  lisa = await world.startPhone("201", { toneHz: 880 });
  tom = await world.startPhone("202", { toneHz: tomHz });
});
afterAll(() => world?.stop());

/** What is told from now on. */
function fromNow() {
  const seen = world.cti.events.length;
  return {
    next: (type: string, where: (data: Readonly<Record<string, unknown>>) => boolean = () => true) =>
      world.cti.waitFor(type, (event) => world.cti.events.indexOf(event) >= seen && where(event.data)),
    types: () => world.cti.events.slice(seen).map(({ type }) => type),
  };
}

/** Lisa's phone dials a code; resolves with what is told of it once the phone has heard the tone. */
async function dialCode(code: string, hears: number) {
  const { next, types } = fromNow();
  const dialledAt = Date.now();
  await lisa.command("dial", code);
  const told = hears === confirmationHz ? await next("EXTENSION_STATUS_CHANGED") : undefined;
  // It is short, and the one that says no comes and goes: its last half second says nothing.
  const ofThisCall = async () => (await lisa.heardFiles()).filter((file) => statSync(file).mtimeMs > dialledAt);
  await untilSignal(ofThisCall, hears);
  await expect.poll(() => lisa.command("listcalls"), { timeout: 10_000 }).not.toContain("sip:");
  expect(types().filter((type) => type.startsWith("CALL_"))).toEqual([]);
  return told?.data;
}

describe("settings by the phone's own codes", () => {
  it("[E4] [C15] *78: told with what changed, calls are refused; *79: they ring again", async () => {
    expect(await dialCode("*78", confirmationHz)).toMatchObject({
      number: "201",
      changes: { dndEnabled: true },
      causedBy: { via: "phone" },
    });
    const refused = fromNow();
    await anna.command("dial", "201");
    expect((await refused.next("CALL_ENDED")).data).toMatchObject({
      hangupCause: "rejected",
      reason: "do_not_disturb",
    });
    expect(refused.types()).not.toContain("CALL_RINGING");
    expect(await dialCode("*79", confirmationHz)).toMatchObject({ changes: { dndEnabled: false } });
    const rings = fromNow();
    await anna.command("dial", "201");
    await rings.next("CALL_RINGING");
    await anna.command("hangup");
    await rings.next("CALL_ENDED");
  });

  it("[E4] [C15] *72202: the call goes on to 202, who is heard; *73: it rings at 201 again", async () => {
    expect(await dialCode("*72202", confirmationHz)).toMatchObject({
      changes: { forwardUnconditionalEnabled: true, forwardUnconditionalDestination: "202" },
    });
    const forwarded = fromNow();
    await anna.command("dial", "201");
    expect((await forwarded.next("CALL_RINGING")).data).toMatchObject({
      callee: { number: "202" },
      forwardedFrom: { number: "201" },
    });
    await tom.command("accept");
    await forwarded.next("CALL_ANSWERED");
    await untilSoundsLike(tom.heardFiles, annaHz, isVoice);
    await untilSoundsLike(anna.heardFiles, tomHz, isVoice);
    await anna.command("hangup");
    await forwarded.next("CALL_ENDED");
    expect(await dialCode("*73", confirmationHz)).toMatchObject({ changes: { forwardUnconditionalEnabled: false } });
    const direct = fromNow();
    await anna.command("dial", "201");
    expect((await direct.next("CALL_RINGING")).data).toMatchObject({ callee: { number: "201" } });
    await anna.command("hangup");
    await direct.next("CALL_ENDED");
  });

  it("[E4] a code that is not taken has another tone and changes nothing", async () => {
    const { types } = fromNow();
    await dialCode("*72201", refusalHz);
    expect(types()).toEqual([]);
  });
});

describe("settings by command", () => {
  it("[W43] [E3] a user's own do not disturb: her phone does not ring, and then does again", async () => {
    const own = await connectCti(world.server.url, await world.tokenOf(annaEmail));
    const refused = fromNow();
    expect(await own.send("setDnd", { enabled: true })).toMatchObject({ success: true, data: { dndEnabled: true } });
    await refused.next("EXTENSION_STATUS_CHANGED", ({ number }) => number === "200");
    await lisa.command("dial", "200");
    expect((await refused.next("CALL_ENDED")).data).toMatchObject({
      hangupCause: "rejected",
      reason: "do_not_disturb",
    });
    expect(refused.types()).not.toContain("CALL_RINGING");
    const rings = fromNow();
    expect(await own.send("setDnd", { enabled: false })).toMatchObject({ success: true, data: { dndEnabled: false } });
    await lisa.command("dial", "200");
    expect((await rings.next("CALL_RINGING")).data).toMatchObject({ callee: { number: "200" } });
    await lisa.command("hangup");
    await rings.next("CALL_ENDED");
    own.cut();
  });

  it("[W43] [E3] a user's own forwarding on no answer: after its seconds the other phone rings and takes the call", async () => {
    const token = await world.tokenOf(annaEmail);
    const own = await connectCti(world.server.url, token);
    const { next } = fromNow();
    const changes = {
      forwardOnNoAnswerEnabled: true,
      forwardOnNoAnswerDestination: "202",
      forwardOnNoAnswerTimeout: 2,
    };
    expect(await own.send("setForwarding", changes)).toMatchObject({ success: true, data: changes });
    expect((await next("EXTENSION_STATUS_CHANGED")).data).toMatchObject({
      number: "200",
      changes,
      causedBy: { via: "command" },
    });
    await lisa.command("dial", "200");
    await next("CALL_RINGING", ({ callee }) => (callee as { number: string }).number === "200");
    await next("CALL_RINGING", ({ forwardedFrom }) => forwardedFrom !== undefined);
    await tom.command("accept");
    expect((await next("CALL_ANSWERED")).data).toMatchObject({ answeredBy: { number: "202" } });
    await lisa.command("hangup");
    await next("CALL_ENDED");
    const other = await own.send("setDnd", { enabled: true, extensionId: await world.extensionId("201") });
    expect(other).toMatchObject({ success: false, error: { code: "UNAUTHORIZED" } });
    expect(await own.send("setForwarding", { forwardOnNoAnswerEnabled: false })).toMatchObject({ success: true });
    own.cut();
  });
});
