import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Baresip } from "./src/baresip.ts";
import { type Steps, sippTalks, talk } from "./src/conversation.ts";
import type { SippProcess } from "./src/sipp.ts";
import { uac } from "./src/sipp-scenario.ts";
import { startWorld, type World } from "./src/world.ts";

let world: World;
let anna: Baresip;
let lisa: Baresip;
let seen = 0;
beforeAll(async () => {
  world = await startWorld();
  anna = await world.startPhone("200");
  lisa = await world.startPhone("201", { toneHz: 880 });
});
afterAll(() => world?.stop());
beforeEach(() => {
  seen = world.cti.events.length;
});

const next = (type: string) => world.cti.waitFor(type, (event) => world.cti.events.indexOf(event) >= seen);
/** Keys that were told since the test began, each with who pressed it. */
const keys = () =>
  world.cti.events
    .slice(seen)
    .flatMap(({ type, data }) => (type === "CALL_DTMF" ? [`${String(data["digit"])} ${String(data["source"])}`] : []));

/** A SIPp phone of 202 calls Lisa, who answers. */
async function callsLisa(...steps: readonly [Steps, ...Steps[]]): Promise<SippProcess> {
  return (await sippTalks(world, lisa, "202 presses keys", ...steps)).phone;
}

async function hangUp(): Promise<void> {
  await anna.command("hangup");
  await next("CALL_ENDED");
}

describe("[C50] keys that real phones press", () => {
  it("[C50] by RTP (baresip), both at once: each is told once, with who pressed it, and reaches the other", async () => {
    await talk(world, anna, lisa);
    await Promise.all([anna.command("sndcode", "12#"), lisa.command("sndcode", "*0")]);
    await expect.poll(() => keys().length, { timeout: 10_000 }).toBe(5);
    expect(keys().filter((key) => key.endsWith("caller"))).toEqual(["1 caller", "2 caller", "# caller"]);
    expect(keys().filter((key) => key.endsWith("callee"))).toEqual(["* callee", "0 callee"]);
    await expect.poll(() => lisa.heardKeys()).toBe("12#");
    await expect.poll(() => anna.heardKeys()).toBe("*0");
    await hangUp();
    expect(keys()).toHaveLength(5);
  });

  it("[C50] by RTP as captured from another phone, its clock going backwards between two keys", async () => {
    const phone = await callsLisa(uac.invite(), uac.pause(500), uac.press("1", "star", "5", "pound"), uac.bye());
    await phone.done;
    await next("CALL_ENDED");
    expect(keys()).toEqual(["1 caller", "* caller", "5 caller", "# caller"]);
  });

  it("[C50] by INFO in both forms", async () => {
    const phone = await callsLisa(
      uac.invite({ direction: "sendrecv", hasTelephoneEvent: false }),
      uac.inform(3, "Signal=5\nDuration=160\n"),
      uac.inform(4, "Signal= *\nDuration= 90\n"),
      uac.inform(5, "7", "application/dtmf"),
      uac.pause(3000),
      uac.bye(6),
    );
    await phone.done;
    await next("CALL_ENDED");
    expect(keys()).toEqual(["5 caller", "* caller", "7 caller"]);
    await expect.poll(() => lisa.heardKeys()).toMatch(/5\*7$/);
  });

  it("[C50] [C58] by both ways at once they count once; held they count too", async () => {
    const phone = await callsLisa(
      uac.invite(),
      uac.inform(3, "Signal=5\nDuration=160\n"),
      uac.press("5"),
      uac.press("6"),
      uac.inform(4, "Signal=6\nDuration=160\n"),
      uac.offerAgain(5, { direction: "sendonly" }),
      uac.pause(300),
      uac.press("7"),
      uac.bye(6),
    );
    await phone.done;
    await next("CALL_ENDED");
    expect(keys()).toEqual(["5 caller", "6 caller", "7 caller"]);
    const held = world.cti.events.findLast(({ type }) => type === "CALL_DTMF");
    expect(held?.data).toMatchObject({ state: "held" });
  });
});

describe("[C59] keys that are sent by command", () => {
  it("[C59] [W43] by RTP to a phone that takes them so", async () => {
    const callId = await talk(world, anna, lisa);
    const before = lisa.heardKeys();
    const extensionId = await world.extensionId("200");
    expect(await world.cti.send("sendDtmf", { callId, extensionId, digits: "4711" })).toMatchObject({ success: true });
    await expect.poll(() => lisa.heardKeys(), { timeout: 10_000 }).toBe(`${before}4711`);
    await hangUp();
    // They were not pressed by anybody.
    expect(keys()).toEqual([]);
  });

  it("[C59] by INFO to a phone that knows nothing else, in their order", async () => {
    const phone = await callsLisa(
      uac.invite({ direction: "sendrecv", hasTelephoneEvent: false }),
      uac.expectInfo("8"),
      uac.expectInfo("9"),
      uac.expectInfo("#"),
      uac.bye(),
    );
    const { callId } = (await next("CALL_ANSWERED")).data;
    const extensionId = await world.extensionId("201");
    expect(await world.cti.send("sendDtmf", { callId, extensionId, digits: "89#" })).toMatchObject({ success: true });
    await phone.done;
    await next("CALL_ENDED");
  });
});
