import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startCarrier, type AsteriskCarrier } from "./src/asterisk.ts";
import type { Baresip } from "./src/baresip.ts";
import { talk } from "./src/conversation.ts";
import { hears } from "./src/mixed-sound.ts";
import { isMusic, isVoice, untilSoundsLike } from "./src/tone.ts";
import { startWorld, type World } from "./src/world.ts";

const account = { username: "pbx1", password: "a-carriers-password" };
const mainNumber = "+49305550";
let world: World;
let carrier: AsteriskCarrier;
let anna: Baresip;
let lisa: Baresip;
let tom: Baresip;
let seen = 0;
const [annaHz, lisaHz, tomHz] = [440, 880, 1320];

beforeAll(async () => {
  world = await startWorld();
  carrier = await startCarrier(account);
  await world.cti.send("subscribe", { channels: ["conferences"] });
  anna = await world.startPhone("200", { toneHz: annaHz });
  lisa = await world.startPhone("201", { toneHz: lisaHz });
  tom = await world.startPhone("202", { toneHz: tomHz });
});
afterAll(async () => {
  await carrier?.stop();
  await world?.stop();
});
beforeEach(() => {
  seen = world.cti.events.length;
});

const next = (type: string, where: Readonly<Record<string, unknown>> = {}) =>
  world.cti.waitFor(
    type,
    (event) =>
      world.cti.events.indexOf(event) >= seen &&
      Object.entries(where).every(([name, value]) => event.data[name] === value),
    30_000,
  );

describe("ways into a conference", () => {
  it.each([
    [
      "by command",
      async (callId: string) => {
        const extensionId = await world.extensionId("201");
        const answer = await world.cti.send("transferBlind", { callId, extensionId, destination: "400" });
        expect(answer).toMatchObject({ success: true, data: { callId, status: "transferred" } });
      },
    ],
    ["by the phone itself", async () => void (await lisa.command("transfer", "400"))],
  ])("[C30] [V2] a call that is passed on to the room's number, %s, keeps its id there", async (_, transfer) => {
    await tom.command("dial", "400");
    await next("CONFERENCE_PARTICIPANT_JOINED", { displayName: "Tom Müller" });
    const { conferenceId } = (await next("CONFERENCE_STARTED")).data;
    await anna.command("dial", "201");
    const rings = await world.cti.waitFor(
      "CALL_RINGING",
      (event) =>
        world.cti.events.indexOf(event) >= seen &&
        (event.data["callee"] as { readonly number: string }).number === "201",
    );
    await lisa.command("accept");
    const { callId: annaCall } = (await next("CALL_ANSWERED", { callId: rings.data["callId"] })).data;
    await transfer(String(annaCall));
    const joined = await next("CONFERENCE_PARTICIPANT_JOINED", { displayName: "Anna Schmidt" });
    expect(joined.data).toMatchObject({ conferenceId, callId: annaCall, currentParticipantCount: 2 });
    expect((await next("CALL_TRANSFERRED", { callId: annaCall })).data).toMatchObject({
      transferType: "blind",
      transferredBy: { number: "201" },
      transferTarget: { number: "400", name: "Team Meeting" },
    });
    await untilSoundsLike(anna.heardFiles, tomHz, isVoice);
    await untilSoundsLike(tom.heardFiles, annaHz, isVoice);
    for (const phone of [anna, tom]) await phone.command("hangup");
    await next("CONFERENCE_ENDED", { conferenceId });
  });

  it.each([
    [
      "by transferAttended",
      async (pair: Readonly<Record<string, unknown>>) => void (await world.cti.send("transferAttended", pair)),
    ],
    ["by hanging up", async () => void (await lisa.command("hangup"))],
  ])("[V27] [C32] [C35] who asked in the room brings the held party there, %s, and leaves", async (_, passOn) => {
    await tom.command("dial", "400");
    await next("CONFERENCE_PARTICIPANT_JOINED", { displayName: "Tom Müller" });
    const callId = await talk(world, anna, lisa);
    const extensionId = await world.extensionId("201");
    const asked = await world.cti.send("consult", { callId, extensionId, to: "400" });
    expect(asked).toMatchObject({ success: true, data: { status: "answered" } });
    const consultCallId = asked.data?.["callId"];
    await next("CONFERENCE_PARTICIPANT_JOINED", { callId: consultCallId });
    await hears(tom, [lisaHz], [tomHz, annaHz]);
    await untilSoundsLike(anna.heardFiles, lisaHz, isMusic);
    const before = world.cti.events.length;
    await passOn({ callId, consultCallId, extensionId });
    const left = await next("CONFERENCE_PARTICIPANT_LEFT", { displayName: "Lisa Weber" });
    expect(left.data).toMatchObject({ reason: "left", currentParticipantCount: 2 });
    const batch = world.cti.events.slice(before).filter(({ type }) => type !== "CONFERENCE_TALKING");
    expect(batch.map(({ type, data }) => [type, data["callId"]])).toEqual([
      ["CALL_TRANSFERRED", callId],
      ["CALL_ENDED", consultCallId],
      ["CALL_ANSWERED", callId],
      ["CONFERENCE_PARTICIPANT_JOINED", callId],
      ["CONFERENCE_PARTICIPANT_LEFT", undefined],
    ]);
    expect(batch[0]?.data).toMatchObject({ transferType: "attended", transferTarget: { number: "400" } });
    await hears(anna, [tomHz], [annaHz, lisaHz]);
    await hears(tom, [annaHz], [tomHz, lisaHz]);
    await expect.poll(() => lisa.command("listcalls"), { timeout: 10_000 }).not.toContain("sip:");
    for (const phone of [anna, tom]) await phone.command("hangup");
    await next("CONFERENCE_ENDED");
    expect(await world.inUse("bridges")).toBe(0);
  });

  it("[C16] [G6] a call from outside that an inbound rule leads there is heard, and shown by its number", async () => {
    const place = { host: "127.0.0.1", port: carrier.port, transport: "udp", mainNumber, fromUser: account.username };
    const trunk = { name: "Carrier", trunkType: "register", ...place, ...account };
    const { id: trunkId } = (await world.request("POST", "/trunks", trunk)) as { readonly id: string };
    await world.cti.waitFor("TRUNK_STATUS_CHANGED", ({ data }) => data["newStatus"] === "active", 30_000);
    const destination = { kind: "internal", number: "400" };
    await world.request("POST", "/rules/inbound", { name: "Room", trunkId, didPattern: mainNumber, destination });
    await anna.command("dial", "400");
    await next("CONFERENCE_PARTICIPANT_JOINED", { displayName: "Anna Schmidt" });
    await carrier.call("0305550", { number: "01701234567", name: "" });
    const joined = await next("CONFERENCE_PARTICIPANT_JOINED", { number: "+491701234567" });
    expect(joined.data).toMatchObject({ isModerator: false, currentParticipantCount: 2 });
    expect((await next("CALL_ANSWERED", { callId: joined.data["callId"] })).data).toMatchObject({
      answeredBy: { number: "400", name: "Team Meeting" },
      conferenceId: joined.data["conferenceId"],
      trunk: { id: trunkId },
    });
    // The carrier's phone says what it hears: her own voice comes back out of the mix.
    await untilSoundsLike(anna.heardFiles, annaHz, isVoice);
    await world.cti.send("conferenceEnd", { conferenceId: joined.data["conferenceId"] });
    await next("CALL_ENDED", { callId: joined.data["callId"] });
  });
});
