import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Baresip } from "./src/baresip.ts";
import { connectCti, type Cti } from "./src/cti.ts";
import { hears } from "./src/mixed-sound.ts";
import { isVoice, untilSoundsLike } from "./src/tone.ts";
import { lisaEmail, startWorld, type World } from "./src/world.ts";

let world: World;
/** Lisa's own socket: she does what she may. */
let own: Cti;
let anna: Baresip;
let lisa: Baresip;
let tom: Baresip;
let callId = "";
let seen = 0;
const [annaHz, lisaHz, tomHz] = [440, 880, 1320];

beforeAll(async () => {
  world = await startWorld();
  await world.cti.send("subscribe", { channels: ["conferences"] });
  own = await connectCti(world.server.url, await world.tokenOf(lisaEmail));
  anna = await world.startPhone("200", { toneHz: annaHz });
  lisa = await world.startPhone("201", { toneHz: lisaHz });
  tom = await world.startPhone("202", { toneHz: tomHz });
});
afterAll(async () => {
  await own?.close();
  await world?.stop();
});

const next = (type: string, where: Readonly<Record<string, unknown>> = {}) =>
  world.cti.waitFor(
    type,
    (event) =>
      world.cti.events.indexOf(event) >= seen &&
      Object.entries(where).every(([name, value]) => event.data[name] === value),
  );

/** Anna has called Lisa. */
beforeEach(async () => {
  seen = world.cti.events.length;
  await anna.command("dial", "201");
  callId = String((await next("CALL_CREATED")).data["callId"]);
  await next("CALL_RINGING", { callId });
  await lisa.command("accept");
  await next("CALL_ANSWERED", { callId });
});

async function allHearAll(): Promise<void> {
  await hears(anna, [lisaHz, tomHz], [annaHz]);
  await hears(lisa, [annaHz, tomHz], [lisaHz]);
  await hears(tom, [annaHz, lisaHz], [tomHz]);
}

describe("three phones talk out of two calls", () => {
  it("[V25] by command, with one connection at the phone in the middle; she leaves, the two others go on", async () => {
    const asked = await own.send("consult", { callId, to: "202" });
    const consultCallId = String(asked.data?.["callId"]);
    await next("CALL_RINGING", { callId: consultCallId });
    await tom.command("accept");
    await next("CALL_ANSWERED", { callId: consultCallId });
    await untilSoundsLike(tom.heardFiles, lisaHz, isVoice);

    const merged = await own.send("conferenceMerge", { callId, consultCallId });
    expect(merged).toMatchObject({ success: true });
    const conferenceId = merged.data?.["conferenceId"];
    const ownCallId = String(merged.data?.["callId"]);
    await allHearAll();
    for (const id of [ownCallId, callId, consultCallId]) {
      expect((await next("CONFERENCE_PARTICIPANT_JOINED", { callId: id })).data).toMatchObject({ conferenceId });
    }
    const started = await next("CONFERENCE_STARTED");
    expect(started.data).toMatchObject({ conferenceId, startedBy: { name: "Lisa Weber" } });
    expect((await next("CALL_TRANSFERRED", { callId })).data).toMatchObject({ consultCallId });
    const state = await world.cti.send("subscribe", { channels: ["conferences"], snapshot: true });
    expect(state.data).toMatchObject({
      snapshot: { tables: { conferences: [{ conferenceId, currentParticipantCount: 3 }] } },
    });
    expect(await world.get(`/conferences/${String(conferenceId)}`)).toMatchObject({ participants: { length: 3 } });
    const refused = await own.send("hold", { callId: ownCallId });
    expect(refused.error).toMatchObject({ code: "INVALID_STATE", details: { reason: "in_conference" } });

    await lisa.command("hangup");
    expect((await next("CALL_ENDED", { callId: ownCallId })).data).toMatchObject({ hangupBy: "caller" });
    await untilSoundsLike(anna.heardFiles, tomHz, isVoice);
    await untilSoundsLike(tom.heardFiles, annaHz, isVoice);
    await anna.command("hangup");
    const over = await next("CONFERENCE_ENDED", { conferenceId });
    expect(over.data).toMatchObject({ totalParticipants: 3, reason: "last_left" });
    // Who is alone hears that it is over.
    const end = await next("CALL_ENDED", { callId: consultCallId });
    expect(end.data).toMatchObject({ hangupBy: "system", reason: "conference_ended" });
    const types = world.cti.typesOf(callId);
    expect(types.filter((type) => type === "CALL_ENDED")).toHaveLength(1);
    expect(await world.inUse("legs")).toBe(0);
    expect(await world.inUse("bridges")).toBe(0);
  });

  it("[V25] by REST, with two connections of her own phone; she ends it for all by *9", async () => {
    await lisa.command("hold");
    await next("CALL_HELD", { callId });
    await lisa.command("dial", "202");
    const fresh = await world.cti.waitFor(
      "CALL_CREATED",
      (event) => world.cti.events.indexOf(event) >= seen && event.data["callId"] !== callId,
    );
    const consultCallId = String(fresh.data["callId"]);
    await next("CALL_RINGING", { callId: consultCallId });
    await tom.command("accept");
    await next("CALL_ANSWERED", { callId: consultCallId });
    const body = { consultCallId, extensionId: await world.extensionId("201") };
    const merged = await world.request("POST", `/calls/${callId}/conferenceMerge`, body);
    await allHearAll();
    for (const key of "*9") await lisa.command("sndcode", key);
    const { conferenceId } = merged as { readonly conferenceId: string };
    const over = await next("CONFERENCE_ENDED", { conferenceId });
    expect(over.data).toMatchObject({ reason: "ended_by_moderator", endedBy: { name: "Lisa Weber" } });
    for (const id of [callId, consultCallId]) {
      expect((await next("CALL_ENDED", { callId: id })).data).toMatchObject({ reason: "conference_ended" });
    }
  });
});
