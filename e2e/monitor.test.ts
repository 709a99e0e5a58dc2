import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Baresip } from "./src/baresip.ts";
import { talk } from "./src/conversation.ts";
import { type Cti, connectCti } from "./src/cti.ts";
import { fetchRecorded } from "./src/recorded.ts";
import { type Sound, untilSoundsLike } from "./src/tone.ts";
import { annaEmail, startWorld, type World } from "./src/world.ts";

let world: World;
let anna: Baresip;
let lisa: Baresip;
let tom: Baresip;
let max: Baresip;
/** The supervisor's socket, and that of a party. */
let supervisor: Cti;
let party: Cti;
let callId = "";
const hz = { anna: 440, lisa: 880, tom: 660, max: 1200 } as const;
type Name = keyof typeof hz;
const names = Object.keys(hz) as Name[];

beforeAll(async () => {
  world = await startWorld();
  anna = await world.startPhone("200", { toneHz: hz.anna });
  lisa = await world.startPhone("201", { toneHz: hz.lisa });
  tom = await world.startPhone("202", { toneHz: hz.tom });
  max = await world.startPhone("100", { toneHz: hz.max, answerMode: "auto" });
  supervisor = await connectCti(world.server.url, await world.tokenOf("max.mustermann@pbx-x.example"));
  await supervisor.send("subscribe", { channels: ["calls"] });
  party = await connectCti(world.server.url, await world.tokenOf(annaEmail));
  await party.send("subscribe", { channels: ["me"] });
});
afterAll(async () => {
  supervisor?.cut();
  party?.cut();
  await world?.stop();
});

const next = (type: string, where: (data: Readonly<Record<string, unknown>>) => boolean = () => true) =>
  supervisor.waitFor(type, ({ data }) => data["callId"] === callId && where(data));
const monitor = (mode: string, more: object = {}) => supervisor.send("monitor", { callId, mode, ...more });
const monitorEvents = (of: Cti) => of.typesOf(callId).filter((type) => type.startsWith("CALL_MONITOR"));

/** A part of what is heard: alone, or beside up to two others. */
const isHeard = ({ share, loudness }: Sound): boolean => loudness > 300 && share > 0.15;
const isNotHeard = ({ share, loudness }: Sound): boolean => loudness < 100 || share < 0.03;

/** Waits until a phone hears these and none of the others. */
async function hears(phone: Baresip, ...whom: readonly Name[]): Promise<void> {
  for (const name of names) {
    await untilSoundsLike(phone.heardFiles, hz[name], whom.includes(name) ? isHeard : isNotHeard);
  }
}

beforeEach(async () => {
  callId = await talk({ cti: supervisor }, anna, lisa);
  await hears(anna, "lisa");
  await hears(lisa, "anna");
});

describe("listening in with real phones", () => {
  it("[C70] [W50] listen, whisper, barge, measured at all three; the end of the call ends it", async () => {
    const answer = await monitor("listen");
    expect(answer).toMatchObject({ success: true, data: { callId, mode: "listen" } });
    expect((await next("CALL_MONITOR_STARTED")).data).toMatchObject({
      monitorId: answer.data?.["monitorId"],
      mode: "listen",
      monitoredBy: { number: "100" },
      monitored: { number: "201" },
      causedBy: { via: "command" },
    });
    await hears(max, "anna", "lisa");
    await hears(anna, "lisa");
    await hears(lisa, "anna");
    expect(await monitor("whisper")).toMatchObject({ success: true });
    await next("CALL_MONITOR_STARTED", ({ mode }) => mode === "whisper");
    await hears(lisa, "anna", "max");
    await hears(anna, "lisa");
    await hears(max, "anna", "lisa");
    await monitor("whisper", { extensionId: await world.extensionId("200") });
    await hears(anna, "lisa", "max");
    await hears(lisa, "anna");
    await monitor("barge");
    await next("CALL_MONITOR_STARTED", ({ mode }) => mode === "barge");
    await hears(lisa, "anna", "max");
    await hears(anna, "lisa", "max");
    await hears(max, "anna", "lisa");
    await monitor("listen");
    await hears(anna, "lisa");
    await hears(lisa, "anna");
    await anna.command("hangup");
    await next("CALL_ENDED");
    expect(supervisor.typesOf(callId).slice(-2)).toEqual(["CALL_MONITOR_STOPPED", "CALL_ENDED"]);
    await expect.poll(() => max.command("listcalls"), { timeout: 10_000 }).not.toContain("ESTABLISHED");
    expect(monitorEvents(supervisor)).toHaveLength(6);
    await party.waitFor("CALL_ENDED", ({ data }) => data["callId"] === callId);
    expect(monitorEvents(party)).toEqual([]);
    const { data } = (await world.get("/audit?limit=50")) as { data: { action: string; details: object }[] };
    const noted = data.filter(({ action }) => action.startsWith("monitor."));
    expect(noted.map(({ action }) => action)).toEqual(expect.arrayContaining(["monitor.start", "monitor.change"]));
  });

  it("[C70] ends by command and at the phone, and the call goes on as before; a recording has no whisper", async () => {
    await monitor("whisper");
    await hears(lisa, "anna", "max");
    const started = await world.cti.send("recordStart", { callId });
    await hears(max, "anna", "lisa");
    expect(await supervisor.send("monitorStop", { callId })).toMatchObject({ success: true });
    await next("CALL_MONITOR_STOPPED");
    await hears(lisa, "anna");
    await hears(anna, "lisa");
    await world.cti.send("recordStop", { callId });
    const recorded = await fetchRecorded(world, String(started.data?.["recordingId"]));
    expect(recorded.has("left", hz.anna)).toBe(true);
    expect(recorded.has("right", hz.lisa)).toBe(true);
    for (const channel of ["left", "right"] as const) expect(recorded.share(channel, hz.max)).toBeLessThan(0.01);
    await monitor("listen");
    await hears(max, "anna", "lisa");
    await max.command("hangup");
    await next("CALL_MONITOR_STOPPED", ({ causedBy }) => (causedBy as { via: string }).via === "phone");
    await hears(lisa, "anna");
    await anna.command("hangup");
    await next("CALL_ENDED");
    expect(monitorEvents(supervisor)).toHaveLength(4);
  });

  it("[C71] stays with the call through hold and a transfer to another phone", async () => {
    await monitor("listen");
    await hears(max, "anna", "lisa");
    const byLisa = { callId, extensionId: await world.extensionId("201") };
    await world.cti.send("hold", byLisa);
    await next("CALL_HELD");
    await hears(max, "anna");
    await world.cti.send("unhold", byLisa);
    await hears(max, "anna", "lisa");
    await world.cti.send("transferBlind", { ...byLisa, destination: "202" });
    await next("CALL_TRANSFERRED");
    await expect.poll(() => tom.command("listcalls"), { timeout: 10_000 }).toContain("INCOMING");
    await tom.command("accept");
    await hears(tom, "anna");
    await hears(max, "anna", "tom");
    await hears(anna, "tom");
    await tom.command("hangup");
    await next("CALL_ENDED");
    expect(monitorEvents(supervisor)).toEqual(["CALL_MONITOR_STARTED", "CALL_MONITOR_STOPPED"]);
  });
});
