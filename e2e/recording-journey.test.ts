import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Baresip } from "./src/baresip.ts";
import { talk } from "./src/conversation.ts";
import { fetchRecorded, type Recorded } from "./src/recorded.ts";
import { isMusic, isVoice, untilSoundsLike } from "./src/tone.ts";
import { startWorld, type World } from "./src/world.ts";

let world: World;
let anna: Baresip;
let lisa: Baresip;
let tom: Baresip;
let callId = "";
let recordingId = "";
let extensionId = "";
let seen = 0;
const [annaHz, lisaHz, tomHz] = [440, 880, 660];
/** Long enough to be found in the file whatever else the machine does. */
const whileMs = 2500;

beforeAll(async () => {
  world = await startWorld({ env: { PBXX_RING_TIMEOUT_SECONDS: "20" } });
  anna = await world.startPhone("200", { toneHz: annaHz });
  lisa = await world.startPhone("201", { toneHz: lisaHz });
  tom = await world.startPhone("202", { toneHz: tomHz });
  extensionId = await world.extensionId("201");
});
afterAll(() => world?.stop());

const next = (type: string, of = callId) =>
  world.cti.waitFor(type, (event) => event.data["callId"] === of && world.cti.events.indexOf(event) >= seen);
const told = () => world.cti.typesOf(callId);
const recordingsTold = () => told().filter((type) => type.startsWith("CALL_RECORDING"));

/** Anna called Lisa, who answered; they talk and it is being recorded. */
beforeEach(async () => {
  seen = world.cti.events.length;
  callId = await talk(world, anna, lisa);
  await untilSoundsLike(lisa.heardFiles, annaHz, isVoice);
  await untilSoundsLike(anna.heardFiles, lisaHz, isVoice);
  const started = await world.cti.send("recordStart", { callId });
  expect(started).toMatchObject({ success: true });
  recordingId = String(started.data?.["recordingId"]);
  await delay(whileMs);
});

/** Anna and Tom talk, she hangs up: one recording with one end, which comes after the call's. */
async function endWithTom(): Promise<Recorded> {
  await untilSoundsLike(anna.heardFiles, tomHz, isVoice);
  await untilSoundsLike(tom.heardFiles, annaHz, isVoice);
  expect(await world.get(`/calls/${callId}`)).toMatchObject({ recording: { recordingId, state: "recording" } });
  await delay(whileMs);
  await anna.command("hangup");
  await next("CALL_RECORDING_STOPPED");
  expect(told().slice(-2)).toEqual(["CALL_ENDED", "CALL_RECORDING_STOPPED"]);
  expect(recordingsTold()).toEqual(["CALL_RECORDING_STARTED", "CALL_RECORDING_STOPPED"]);
  return fetchRecorded(world, recordingId);
}

/** Who stayed is on the left all along; on the right first Lisa, then Tom; nobody hears what the PBX plays. */
function expectWholeJourney(recorded: Recorded): void {
  expect(recorded.has("left", annaHz)).toBe(true);
  expect(recorded.has("right", lisaHz)).toBe(true);
  expect(recorded.has("right", tomHz)).toBe(true);
  for (const hz of [lisaHz, tomHz]) expect(recorded.has("left", hz)).toBe(false);
  expect(recorded.share("right", lisaHz, 0.5, 2)).toBeGreaterThan(0.9);
  expect(recorded.share("right", tomHz, recorded.seconds - 2, recorded.seconds - 0.5)).toBeGreaterThan(0.9);
}

describe("a recording goes with its call", () => {
  it("[C51] [C54] through parking and pick-up by another phone: one file, silent while the call waits", async () => {
    expect(await world.cti.send("park", { callId, extensionId })).toMatchObject({
      success: true,
      data: { parkingSlot: "701" },
    });
    await next("CALL_PARKED");
    await untilSoundsLike(anna.heardFiles, lisaHz, isMusic);
    await delay(whileMs);
    await tom.command("dial", "701");
    expect((await next("CALL_UNPARKED")).data).toMatchObject({ pickedUpBy: { number: "202" } });
    const recorded = await endWithTom();
    expectWholeJourney(recorded);
    expect(silentSeconds(recorded)).toBeGreaterThan(1.5);
  });

  it("[C51] [C54] [C32] through consultation and attended transfer: the consultation is not in it", async () => {
    const consulted = await world.cti.send("consult", { callId, extensionId, to: "202" });
    const consultCallId = String(consulted.data?.["callId"]);
    await next("CALL_RINGING", consultCallId);
    await tom.command("accept");
    await next("CALL_ANSWERED", consultCallId);
    await untilSoundsLike(lisa.heardFiles, tomHz, isVoice);
    await untilSoundsLike(anna.heardFiles, lisaHz, isMusic);
    await delay(whileMs);
    expect(await world.cti.send("transferAttended", { callId, consultCallId, extensionId })).toMatchObject({
      success: true,
      data: { callId, status: "answered" },
    });
    const recorded = await endWithTom();
    expectWholeJourney(recorded);
    expect(world.cti.typesOf(consultCallId).filter((type) => type.startsWith("CALL_RECORDING"))).toEqual([]);
    const { data } = (await world.get(`/recordings?callId=${callId}`)) as { data: unknown[] };
    expect(data).toMatchObject([{ id: recordingId, status: "complete" }]);
  });
});

/** For how long neither of both that talked at the right side is there. */
function silentSeconds({ seconds, share }: Recorded): number {
  let silent = 0;
  for (let from = 0; from + 0.25 <= seconds; from += 0.25) {
    const loudest = Math.max(...[lisaHz, tomHz].map((hz) => share("right", hz, from, from + 0.25)));
    if (loudest < 0.5) silent += 0.25;
  }
  return silent;
}
