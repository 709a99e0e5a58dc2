import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Baresip } from "./src/baresip.ts";
import { connectCti, type WireEvent } from "./src/cti.ts";
import { hears, isAlone } from "./src/mixed-sound.ts";
import { untilSoundsLike } from "./src/tone.ts";
import { annaEmail, startWorld, type World } from "./src/world.ts";

let world: World;
let anna: Baresip;
let lisa: Baresip;
let tom: Baresip;
const [annaHz, lisaHz, tomHz] = [440, 880, 1320];
beforeAll(async () => {
  world = await startWorld();
  await world.cti.send("subscribe", { channels: ["conferences"] });
  anna = await world.startPhone("200", { toneHz: annaHz });
  lisa = await world.startPhone("201", { toneHz: lisaHz });
  tom = await world.startPhone("202", { toneHz: tomHz });
});
afterAll(() => world?.stop());

let seen = 0;
const next = (type: string, where: Readonly<Record<string, unknown>> = {}) =>
  world.cti.waitFor(
    type,
    (event) =>
      world.cti.events.indexOf(event) >= seen &&
      Object.entries(where).every(([name, value]) => event.data[name] === value),
  );

/** As fast as a hand does. */
async function press(phone: Baresip, keys: string): Promise<void> {
  for (const key of keys) {
    await phone.command("sndcode", key);
    await delay(250);
  }
}

beforeEach(() => {
  seen = world.cti.events.length;
});

async function join(phone: Baresip, displayName: string): Promise<string> {
  await phone.command("dial", "400");
  return String((await next("CONFERENCE_PARTICIPANT_JOINED", { displayName })).data["participantId"]);
}

describe("a conference of three real phones", () => {
  it("[V2] each hears the two others and not itself; the last leave ends it", async () => {
    await join(anna, "Anna Schmidt");
    const started = await next("CONFERENCE_STARTED");
    expect(started.data).toMatchObject({ name: "Team Meeting", number: "400", startedBy: { name: "Anna Schmidt" } });
    await join(lisa, "Lisa Weber");
    await join(tom, "Tom Müller");
    await hears(anna, [lisaHz, tomHz], [annaHz]);
    await hears(lisa, [annaHz, tomHz], [lisaHz]);
    await hears(tom, [annaHz, lisaHz], [tomHz]);
    for (const phone of [anna, lisa, tom]) await phone.command("hangup");
    const ended = await next("CONFERENCE_ENDED");
    expect(ended.data).toMatchObject({ name: "Team Meeting", totalParticipants: 3, reason: "last_left" });
    expect((await next("CONFERENCE_PARTICIPANT_LEFT", { displayName: "Tom Müller" })).data["reason"]).toBe("left");
  });

  it("[V2] [V22] mute and unmute by command, by REST and by key; who is removed hears why and is out", async () => {
    const annaId = await join(anna, "Anna Schmidt");
    const { conferenceId } = (await next("CONFERENCE_STARTED")).data;
    const lisaId = await join(lisa, "Lisa Weber");
    const tomId = await join(tom, "Tom Müller");
    await hears(tom, [annaHz, lisaHz], [tomHz]);

    await world.cti.send("conferenceMute", { conferenceId, participantId: annaId });
    const muted = await next("CONFERENCE_PARTICIPANT_MUTED", { participantId: annaId });
    expect(muted.data).toMatchObject({ conferenceId, isSelfMute: false });
    await untilSoundsLike(tom.heardFiles, lisaHz, isAlone);
    await world.request("POST", `/conferences/${String(conferenceId)}/participants/${annaId}/unmute`);
    await next("CONFERENCE_PARTICIPANT_UNMUTED", { participantId: annaId });
    await hears(tom, [annaHz, lisaHz], []);

    await press(lisa, "*1");
    const own = await next("CONFERENCE_PARTICIPANT_MUTED", { participantId: lisaId });
    expect(own.data).toMatchObject({ isSelfMute: true, mutedBy: { displayName: "Lisa Weber" } });
    await untilSoundsLike(tom.heardFiles, annaHz, isAlone);

    expect(await world.get(`/conferences/${String(conferenceId)}`)).toMatchObject({
      participants: [{ isMuted: false }, { displayName: "Lisa Weber", isMuted: true }, { isMuted: false }],
    });
    const back = await world.cti.send("conferenceUnmute", { conferenceId, participantId: lisaId });
    expect(back).toMatchObject({ success: true, data: { conferenceId, participantId: lisaId } });
    const unmuted = await next("CONFERENCE_PARTICIPANT_UNMUTED", { participantId: lisaId });
    expect(unmuted.data).toMatchObject({ isSelfUnmute: false });
    await hears(tom, [annaHz, lisaHz], []);

    await world.cti.send("conferenceKick", { conferenceId, participantId: tomId });
    const kicked = await next("CONFERENCE_PARTICIPANT_LEFT", { participantId: tomId });
    expect(kicked.data).toMatchObject({ reason: "kicked", currentParticipantCount: 2 });
    // By its reason: the last end of the test before may come only now.
    expect((await next("CALL_ENDED", { reason: "conference_kicked" })).data).toMatchObject({ hangupBy: "system" });
    expect(await world.get(`/conferences/${String(conferenceId)}`)).toMatchObject({
      participants: [
        { displayName: "Anna Schmidt", isMuted: false },
        { displayName: "Lisa Weber", isMuted: false },
      ],
    });

    await world.cti.send("conferenceEnd", { conferenceId });
    expect((await next("CONFERENCE_ENDED")).data).toMatchObject({ conferenceId, reason: "ended_by_moderator" });
    await world.cti.waitFor("CALL_ENDED", ({ data }) => data["reason"] === "conference_ended");
    const types = world.cti.events.slice(seen).map(({ type }) => type);
    expect(types.filter((type) => type === "CONFERENCE_ENDED")).toHaveLength(1);
  });

  it("[V23] who talks is told to those who watch the conference, and to nobody else; who is muted does not talk", async () => {
    await join(tom, "Tom Müller");
    // Silent by its own key, so that nothing but a silent phone's packets comes.
    await tom.command("mute");
    const { conferenceId } = (await next("CONFERENCE_STARTED")).data;
    const annaToken = await world.tokenOf(annaEmail);
    const [watcher, other] = [
      await connectCti(world.server.url, annaToken),
      await connectCti(world.server.url, annaToken),
    ];
    await watcher.send("subscribe", { channels: [`conferences:${String(conferenceId)}`] });
    await other.send("subscribe", { channels: ["me", "calls"] });
    const annaId = await join(anna, "Anna Schmidt");
    const talkers = (data: WireEvent["data"]) =>
      (data["talking"] as { displayName: string }[]).map((who) => who.displayName);
    const told = await watcher.waitFor("CONFERENCE_TALKING", ({ data }) => talkers(data).join() === "Anna Schmidt");
    expect(told.data["talking"]).toEqual([{ participantId: annaId, displayName: "Anna Schmidt" }]);
    expect(told.seq).toBeUndefined();
    await world.cti.send("conferenceMute", { conferenceId, participantId: annaId });
    await watcher.waitFor("CONFERENCE_TALKING", ({ data }) => talkers(data).length === 0);
    await join(lisa, "Lisa Weber");
    await watcher.waitFor("CONFERENCE_TALKING", ({ data }) => talkers(data).join() === "Lisa Weber");
    const since = watcher.events.slice(watcher.events.indexOf(told));
    const silent = since.filter(
      ({ type, data }) => type === "CONFERENCE_TALKING" && talkers(data).includes("Tom Müller"),
    );
    expect(silent).toEqual([]);
    expect(other.events.map(({ type }) => type)).not.toContain("CONFERENCE_TALKING");
    await world.cti.send("conferenceLock", { conferenceId });
    expect((await watcher.waitFor("CONFERENCE_LOCKED")).data).toMatchObject({ conferenceId });
    const state = await watcher.send("subscribe", { channels: ["conferences"], snapshot: true });
    expect(state.data).toMatchObject({ snapshot: { tables: { conferences: [{ conferenceId, isLocked: true }] } } });
    await world.cti.send("conferenceUnlock", { conferenceId });
    expect((await watcher.waitFor("CONFERENCE_UNLOCKED")).data).toMatchObject({ conferenceId });
    await world.cti.send("conferenceEnd", { conferenceId });
    await next("CONFERENCE_ENDED");
    for (const socket of [watcher, other]) await socket.close();
  });

  it("[V28] moderators by PIN and by command; the room ends when the last one leaves", async () => {
    const room = {
      number: "420",
      name: "Review",
      moderatorPin: "90210815",
      language: "en",
      endsWithoutModerator: true,
    };
    await world.request("POST", "/conferences", room);
    const come = async (phone: Baresip, displayName: string) => {
      const before = world.cti.events.length;
      await phone.command("dial", "420");
      await world.cti.waitFor("CALL_ANSWERED", (event) => world.cti.events.indexOf(event) >= before);
      await press(phone, "#");
      return (await next("CONFERENCE_PARTICIPANT_JOINED", { displayName })).data;
    };
    const { conferenceId, participantId: annaId, isModerator } = await come(anna, "Anna Schmidt");
    expect(isModerator).toBe(false);
    const { participantId: lisaId } = await come(lisa, "Lisa Weber");
    const { callId: tomCall } = await come(tom, "Tom Müller");
    await press(anna, "*0");
    await press(anna, "90210815#");
    const byPin = await next("CONFERENCE_PARTICIPANT_PROMOTED", { participantId: annaId });
    expect(byPin.data).toMatchObject({ displayName: "Anna Schmidt", causedBy: { via: "phone" } });
    const about = { conferenceId, participantId: lisaId };
    expect(await world.cti.send("conferencePromote", about)).toMatchObject({ success: true, data: about });
    const byCommand = await next("CONFERENCE_PARTICIPANT_PROMOTED", { participantId: lisaId });
    expect(byCommand.data).toMatchObject({ promotedBy: { displayName: "Administrator" } });
    await anna.command("hangup");
    await next("CONFERENCE_PARTICIPANT_LEFT", { participantId: annaId });
    await hears(tom, [lisaHz], [tomHz]);
    await lisa.command("hangup");
    expect((await next("CONFERENCE_ENDED", { conferenceId })).data["reason"]).toBe("no_moderator");
    expect((await next("CALL_ENDED", { callId: tomCall })).data).toMatchObject({ reason: "conference_ended" });
    expect(JSON.stringify(world.cti.events.slice(seen))).not.toMatch(/90210815|CALL_DTMF/);
  });

  it("[V20] a wrong PIN is asked again, the right one lets in", async () => {
    const room = { number: "410", name: "Board", pin: "47110815", language: "en" };
    await world.request("POST", "/conferences", room);
    const max = await world.startPhone("100", { toneHz: 660 });
    await max.command("dial", "410");
    await next("CALL_ANSWERED");
    await press(max, "1234#");
    await press(max, "47110815#");
    const joined = await next("CONFERENCE_PARTICIPANT_JOINED", { displayName: "Max Mustermann" });
    expect(joined.data).toMatchObject({ conference: { name: "Board", number: "410" }, isModerator: false });
    const told = world.cti.events.slice(seen).map((event) => JSON.stringify(event));
    expect(told.join()).not.toMatch(/47110815|CALL_DTMF/);
    await max.command("hangup");
    await next("CONFERENCE_ENDED", { name: "Board" });
  });
});
