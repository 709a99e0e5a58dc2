import { afterAll, beforeAll, expect, it } from "vitest";
import type { Baresip } from "./src/baresip.ts";
import { startWorld, type World } from "./src/world.ts";

let world: World;
let anna: Baresip;
beforeAll(async () => {
  world = await startWorld({ env: { PBXX_SILENT_PHONE_SECONDS: "5" } });
  await world.cti.send("subscribe", { channels: ["conferences"] });
  anna = await world.startPhone("200", { toneHz: 440 });
});
afterAll(() => world?.stop());

it("[V22] [C18] whose phone dies without a word leaves by `timeout` once the PBX notices", {
  timeout: 60_000,
}, async () => {
  await anna.command("dial", "400");
  const { participantId } = (await world.cti.waitFor("CONFERENCE_PARTICIPANT_JOINED")).data;
  await anna.kill();
  const left = await world.cti.waitFor("CONFERENCE_PARTICIPANT_LEFT", undefined, 30_000);
  expect(left.data).toMatchObject({ participantId, reason: "timeout", currentParticipantCount: 0 });
  const ended = await world.cti.waitFor("CONFERENCE_ENDED");
  expect(ended.data).toMatchObject({ totalParticipants: 1, reason: "last_left" });
  const over = await world.cti.waitFor("CALL_ENDED");
  expect(over.data).toMatchObject({ hangupBy: "system", hangupCause: "failed", reason: "media_timeout" });
});
