import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { talk } from "./src/conversation.ts";
import { freePort } from "./src/free-port.ts";
import { playSipp } from "./src/sipp.ts";
import { carrier } from "./src/sipp-carrier.ts";
import { scenario } from "./src/sipp-scenario.ts";
import { startWorld, type World } from "./src/world.ts";

const did = "+493055520201";
let world: World;
let boxId = "";
beforeAll(async () => {
  world = await startWorld({ env: { PBXX_VOICEMAIL_SILENCE_SECONDS: "3" } });
  expect(await world.cti.send("subscribe", { channels: ["voicemail"] })).toMatchObject({ success: true });
  await world.patchExtension("202", { voicemailEnabled: true });
  boxId = await world.extensionId("202");
});
afterAll(() => world?.stop());

describe("ways into a mailbox with real phones", () => {
  it("[V31] [G6] by inbound rule: a call from outside leaves a message", async () => {
    const localPort = await freePort();
    const trunk = {
      name: "SIPp",
      trunkType: "static",
      host: "127.0.0.1",
      port: localPort,
      transport: "udp",
      username: "pbx",
      password: "a-carriers-password",
      optionsEnabled: false,
    };
    const { id: trunkId } = (await world.request("POST", "/trunks", trunk)) as { id: string };
    await world.cti.waitFor("TRUNK_STATUS_CHANGED", ({ data }) => data["newStatus"] === "active");
    const destination = { kind: "internal", number: "*98202" };
    await world.request("POST", "/rules/inbound", { name: "Mailbox", trunkId, didPattern: did, destination });
    const calling = await playSipp({
      scenario: scenario(
        "a caller from outside is silent at the mailbox",
        carrier.deliver('P-Asserted-Identity: "Max Mustermann" <sip:+4940888@carrier.example>'),
        carrier.expectAnswer(),
        carrier.waitForBye(),
      ),
      user: { number: "+4940777", password: "" },
      dials: did,
      pbx: world.pbx.udp,
      localPort,
    });
    const { data } = await world.cti.waitFor("VOICEMAIL_RECEIVED", () => true, 40_000);
    expect(data).toMatchObject({
      voicemailBoxId: boxId,
      extensionNumber: "202",
      caller: { number: "+4940888", name: "Max Mustermann" },
    });
    await calling.done;
  });

  it("[V31] [C30] by blind transfer: who was transferred leaves a message, who transferred is free", async () => {
    const anna = await world.startPhone("200", { toneHz: 440 });
    const lisa = await world.startPhone("201", { toneHz: 880 });
    const callId = await talk(world, anna, lisa);
    const seen = world.cti.events.length;
    const extensionId = await world.extensionId("201");
    const transferred = await world.cti.send("transferBlind", { callId, extensionId, destination: "*98202" });
    expect(transferred).toMatchObject({ success: true, data: { callId } });
    const answered = await world.cti.waitFor("CALL_ANSWERED", (event) => world.cti.events.indexOf(event) >= seen);
    expect(answered.data).toMatchObject({ callId, voicemailBoxId: boxId, answeredBy: { number: "202" } });
    await expect.poll(() => lisa.command("listcalls"), { timeout: 10_000 }).not.toContain("sip:");
    await anna.command("sndcode", "#");
    await delay(4500);
    await anna.command("hangup");
    const received = await world.cti.waitFor("VOICEMAIL_RECEIVED", (event) => world.cti.events.indexOf(event) >= seen);
    expect(received.data).toMatchObject({ voicemailBoxId: boxId, callId, caller: { number: "200" } });
  });
});
