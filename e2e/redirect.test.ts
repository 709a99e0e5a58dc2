import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Baresip } from "./src/baresip.ts";
import { isVoice, untilSoundsLike } from "./src/tone.ts";
import { startWorld, type World } from "./src/world.ts";

let world: World;
let anna: Baresip;
let lisa: Baresip;
let tom: Baresip;
const [annaHz, tomHz] = [440, 660];

beforeAll(async () => {
  world = await startWorld({ env: { PBXX_RING_TIMEOUT_SECONDS: "20" } });
  anna = await world.startPhone("200", { toneHz: annaHz });
  lisa = await world.startPhone("201", { toneHz: 880 });
  tom = await world.startPhone("202", { toneHz: tomHz });
});
afterAll(() => world?.stop());

describe("a ringing call is sent elsewhere", () => {
  it("[C38] [W43] by command: a number that is none is refused, and it rings on; the other phone has the call then", async () => {
    await anna.command("dial", "201");
    const callId = String((await world.cti.waitFor("CALL_CREATED")).data["callId"]);
    await world.cti.waitFor("CALL_RINGING");
    const extensionId = await world.extensionId("201");
    const refused = await world.cti.send("redirect", { callId, destination: "999", extensionId });
    expect(refused).toMatchObject({ success: false, error: { code: "NUMBER_NOT_REACHABLE" } });
    expect(await world.get(`/calls/${callId}`)).toMatchObject({ state: "ringing", callee: { number: "201" } });

    expect(await world.cti.send("redirect", { callId, destination: "202", extensionId })).toMatchObject({
      success: true,
    });
    const again = await world.cti.waitFor("CALL_RINGING", ({ data }) => data["forwardedFrom"] !== undefined);
    expect(again.data).toMatchObject({ callId, forwardedFrom: { number: "201" }, callee: { number: "202" } });
    await tom.command("accept");
    expect((await world.cti.waitFor("CALL_ANSWERED")).data).toMatchObject({ callId, answeredBy: { number: "202" } });
    await untilSoundsLike(tom.heardFiles, annaHz, isVoice);
    await untilSoundsLike(anna.heardFiles, tomHz, isVoice);
    await expect.poll(() => lisa.command("listcalls"), { timeout: 10_000 }).not.toMatch(/INCOMING|ESTABLISHED/);
    await anna.command("hangup");
    await world.cti.waitFor("CALL_ENDED");
    expect(world.cti.typesOf(callId)).toEqual([
      "CALL_CREATED",
      "CALL_RINGING",
      "CALL_RINGING",
      "CALL_ANSWERED",
      "CALL_ENDED",
    ]);
    const { data } = (await world.get("/audit?search=call.redirect")) as { data: object[] };
    expect(data).toMatchObject([{ action: "call.redirect", subject: callId }]);
  });
});
