import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Baresip } from "./src/baresip.ts";
import { talk } from "./src/conversation.ts";
import { isVoice, untilSoundsLike } from "./src/tone.ts";
import { startWorld, type World } from "./src/world.ts";

let world: World;
let anna: Baresip;
let lisa: Baresip;
let tom: Baresip;
let callId = "";
let seen = 0;
const [annaHz, lisaHz, tomHz] = [440, 880, 660];
beforeAll(async () => {
  world = await startWorld({ env: { PBXX_RING_TIMEOUT_SECONDS: "20" } });
  anna = await world.startPhone("200", { toneHz: annaHz });
  lisa = await world.startPhone("201", { toneHz: lisaHz });
  tom = await world.startPhone("202", { toneHz: tomHz });
});
afterAll(() => world?.stop());

const next = (type: string) =>
  world.cti.waitFor(type, (event) => event.data["callId"] === callId && world.cti.events.indexOf(event) >= seen);
const types = () => world.cti.typesOf(callId);

beforeEach(async () => {
  callId = await talk(world, anna, lisa);
  await untilSoundsLike(lisa.heardFiles, annaHz, isVoice);
  seen = world.cti.events.length;
});

describe("blind transfer with real phones", () => {
  it("[C30] by command: the call keeps its id, caller and target hear each other, the transferor is free", async () => {
    const answer = await world.cti.send("transferBlind", {
      callId,
      extensionId: await world.extensionId("201"),
      destination: "202",
    });
    expect(answer).toMatchObject({ success: true, data: { callId, status: "transferred" } });
    expect((await next("CALL_TRANSFERRED")).data).toMatchObject({
      transferType: "blind",
      transferredBy: { number: "201" },
      transferTarget: { number: "202" },
      originalCaller: { number: "200" },
    });
    expect((await next("CALL_RINGING")).data).toMatchObject({ callee: { number: "202" }, caller: { number: "200" } });
    await tom.command("accept");
    expect((await next("CALL_ANSWERED")).data).toMatchObject({ answeredBy: { number: "202" } });
    await untilSoundsLike(tom.heardFiles, annaHz, isVoice);
    await untilSoundsLike(anna.heardFiles, tomHz, isVoice);
    await anna.command("hangup");
    expect((await next("CALL_ENDED")).data).toMatchObject({ hangupCause: "normal_clearing", hangupBy: "caller" });
    expect(types().slice(3)).toEqual(["CALL_TRANSFERRED", "CALL_RINGING", "CALL_ANSWERED", "CALL_ENDED"]);
  });

  it("[C30] by the phone (REFER): the same events; a refusing target sends the call back, which is taken again", async () => {
    await lisa.command("transfer", "202");
    expect((await next("CALL_TRANSFERRED")).data).toMatchObject({
      transferredBy: { number: "201" },
      causedBy: { via: "phone" },
    });
    await next("CALL_RINGING");
    await tom.command("hangup");
    expect((await next("CALL_TRANSFER_FAILED")).data).toMatchObject({ transferTarget: { number: "202" } });
    const recall = await world.cti.waitFor(
      "CALL_RINGING",
      ({ data }) => data["callId"] === callId && data["recall"] === true,
    );
    expect(recall.data).toMatchObject({ callee: { number: "201" } });
    await lisa.command("accept");
    expect((await next("CALL_ANSWERED")).data).toMatchObject({ answeredBy: { number: "201" } });
    await untilSoundsLike(lisa.heardFiles, annaHz, isVoice);
    await anna.command("hangup");
    await next("CALL_ENDED");
    expect(types().filter((type) => type === "CALL_ENDED")).toHaveLength(1);
  });
});
