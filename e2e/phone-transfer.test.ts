import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Baresip } from "./src/baresip.ts";
import { type Linphone, startLinphone } from "./src/linphone.ts";
import { hears } from "./src/mixed-sound.ts";
import { isMusic, isVoice, untilSoundsLike } from "./src/tone.ts";
import { startWorld, type World } from "./src/world.ts";

let world: World;
let anna: Baresip;
let tom: Baresip;
let lisa: Linphone;
const [annaHz, tomHz] = [440, 660];

beforeAll(async () => {
  world = await startWorld({ env: { PBXX_RING_TIMEOUT_SECONDS: "20" } });
  anna = await world.startPhone("200", { toneHz: annaHz });
  tom = await world.startPhone("202", { toneHz: tomHz });
  lisa = await startLinphone({ ...world.user("201"), pbx: world.pbx.udp });
  await world.cti.waitFor("EXTENSION_REGISTERED", ({ data }) => data["number"] === "201");
});
afterAll(async () => {
  await lisa?.stop();
  await world?.stop();
});

/** The first event from a position on. */
const next = (type: string, from: number, of?: string) =>
  world.cti.waitFor(
    type,
    (event) => world.cti.events.indexOf(event) >= from && (of === undefined || event.data["callId"] === of),
  );

/** Anna calls Lisa, who answers and calls Tom on another line; his phone rings. */
const untilTomRings = () => untilLisaAsks("202");

/** Anna calls Lisa, who answers and calls another number on another line. */
async function untilLisaAsks(number: string) {
  const from = world.cti.events.length;
  await anna.command("dial", "201");
  const callId = String((await next("CALL_CREATED", from)).data["callId"]);
  await next("CALL_RINGING", from, callId);
  lisa.command("answer");
  await next("CALL_ANSWERED", from, callId);
  const second = world.cti.events.length;
  lisa.command("pause");
  await next("CALL_HELD", second, callId);
  lisa.command(`call ${number}`);
  const consultCallId = String((await next("CALL_CREATED", second)).data["callId"]);
  await next("CALL_RINGING", second, consultCallId);
  return { from: second, callId, consultCallId };
}

/** What the phone calls its calls, in the order in which they came. */
const callNumbers = (): readonly string[] => [
  ...new Set([...lisa.output().matchAll(/Call (\d+) /g)].map(([, id = ""]) => id)),
];

describe("attended transfer by a phone of its own accord", () => {
  it("[C32] [C39] REFER with Replaces: both calls become one, the phone hears the outcome and is free", async () => {
    const { from, callId, consultCallId } = await untilTomRings();
    await tom.command("accept");
    await next("CALL_ANSWERED", from, consultCallId);
    await untilSoundsLike(anna.heardFiles, tomHz, isMusic);
    const before = world.cti.events.length;
    lisa.command("transfer 1 --to-call 2");
    expect((await next("CALL_TRANSFERRED", before, callId)).data).toMatchObject({
      transferType: "attended",
      transferredBy: { number: "201" },
      transferTarget: { number: "202" },
      consultCallId,
      causedBy: { via: "phone" },
    });
    expect((await next("CALL_ENDED", before, consultCallId)).data).toMatchObject({
      reason: "merged",
      mergedInto: callId,
    });
    await next("CALL_ANSWERED", before, callId);
    await untilSoundsLike(anna.heardFiles, tomHz, isVoice);
    await untilSoundsLike(tom.heardFiles, annaHz, isVoice);
    await expect.poll(() => lisa.output()).toMatch(/call 1 has been transfered[\s\S]*Call 2 with \S+ ended/);
    const end = world.cti.events.length;
    await anna.command("hangup");
    await next("CALL_ENDED", end, callId);
  });

  it("[C32] two calls that the phone made on two lines are joined by command too", async () => {
    const { from, callId, consultCallId } = await untilTomRings();
    await tom.command("accept");
    await next("CALL_ANSWERED", from, consultCallId);
    const extensionId = await world.extensionId("201");
    const answer = await world.cti.send("transferAttended", { callId, consultCallId, extensionId });
    expect(answer).toMatchObject({ success: true, data: { callId, status: "answered" } });
    await untilSoundsLike(anna.heardFiles, tomHz, isVoice);
    await untilSoundsLike(tom.heardFiles, annaHz, isVoice);
    const end = world.cti.events.length;
    await tom.command("hangup");
    await next("CALL_ENDED", end, callId);
  });

  it("[V27] [C39] into a room: its second call is with one, where the first call's party takes its place", async () => {
    await world.cti.send("subscribe", { channels: ["conferences"] });
    const sitting = world.cti.events.length;
    await tom.command("dial", "400");
    await next("CONFERENCE_PARTICIPANT_JOINED", sitting);
    const { from, callId, consultCallId } = await untilLisaAsks("400");
    await next("CONFERENCE_PARTICIPANT_JOINED", from, consultCallId);
    await expect.poll(() => lisa.output(), { timeout: 10_000 }).toMatch(/with sip:400\S+ connected/);
    const [first, second] = callNumbers().slice(-2);
    const before = world.cti.events.length;
    lisa.command(`transfer ${first} --to-call ${second}`);
    expect((await next("CONFERENCE_PARTICIPANT_JOINED", before, callId)).data).toMatchObject({ number: "200" });
    expect((await next("CONFERENCE_PARTICIPANT_LEFT", before)).data).toMatchObject({
      displayName: "Lisa Weber",
      reason: "left",
      currentParticipantCount: 2,
    });
    expect((await next("CALL_TRANSFERRED", before, callId)).data).toMatchObject({
      transferType: "attended",
      transferTarget: { number: "400" },
      consultCallId,
      causedBy: { via: "phone" },
    });
    await hears(anna, [tomHz], [annaHz]);
    await hears(tom, [annaHz], [tomHz]);
    await expect.poll(() => lisa.output()).toMatch(new RegExp(`call ${first} has been transfered`));
    for (const phone of [anna, tom]) await phone.command("hangup");
    await next("CONFERENCE_ENDED", before);
    expect(await world.inUse("legs")).toBe(0);
  });
});
