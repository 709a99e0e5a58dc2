import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Baresip } from "./src/baresip.ts";
import { type Sound, untilSoundsLike } from "./src/tone.ts";
import { startWorld, type World } from "./src/world.ts";

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

/** One tone of a mix of two; nothing of a tone where others are loud. */
const isPart = ({ share, loudness }: Sound): boolean => loudness > 300 && share > 0.25;
const isAbsent = ({ share, loudness }: Sound): boolean => loudness > 300 && share < 0.03;

async function hears(phone: Baresip, present: readonly number[], absent: readonly number[]): Promise<void> {
  for (const hz of present) await untilSoundsLike(phone.heardFiles, hz, isPart);
  for (const hz of absent) await untilSoundsLike(phone.heardFiles, hz, isAbsent);
}

const seen = 0;
const next = (type: string, where: Readonly<Record<string, unknown>> = {}) =>
  world.cti.waitFor(
    type,
    (event) =>
      world.cti.events.indexOf(event) >= seen &&
      Object.entries(where).every(([name, value]) => event.data[name] === value),
  );

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
});
