import { afterAll, beforeAll, expect, it } from "vitest";
import { hears } from "./src/mixed-sound.ts";
import { startWorld, type World } from "./src/world.ts";

let world: World;
beforeAll(async () => {
  world = await startWorld();
  await world.cti.send("subscribe", { channels: ["conferences"] });
});
afterAll(() => world?.stop());

it("[V2] phones with G.722 hear each other above 4 kHz in a conference, and one with G.711 that is in it, too", async () => {
  const [annaHz, lisaHz, tomHz] = [6000, 5000, 440];
  const anna = await world.startPhone("200", { toneHz: annaHz, isWide: true });
  const lisa = await world.startPhone("201", { toneHz: lisaHz, isWide: true });
  const tom = await world.startPhone("202", { toneHz: tomHz });
  for (const [index, phone] of [anna, lisa, tom].entries()) {
    await phone.command("dial", "400");
    const isThere = ({ data }: { readonly data: Readonly<Record<string, unknown>> }): boolean =>
      data["currentParticipantCount"] === index + 1;
    await world.cti.waitFor("CONFERENCE_PARTICIPANT_JOINED", isThere);
  }
  await hears(anna, [lisaHz, tomHz], [annaHz]);
  await hears(lisa, [annaHz, tomHz], [lisaHz]);
  await world.cti.send("conferenceEnd", {
    conferenceId: (await world.cti.waitFor("CONFERENCE_STARTED")).data["conferenceId"],
  });
  expect((await world.cti.waitFor("CONFERENCE_ENDED")).data).toMatchObject({ totalParticipants: 3 });
});
