import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Baresip } from "./src/baresip.ts";
import { talk } from "./src/conversation.ts";
import { isMusic, isVoice, untilSoundsLike } from "./src/tone.ts";
import { startWorld, type World } from "./src/world.ts";

let world: World;
let anna: Baresip;
let lisa: Baresip;
let tom: Baresip;
let lisaId = "";
let callId = "";
let consultCallId = "";
let seen = 0;
const [annaHz, lisaHz, tomHz] = [440, 880, 660];

beforeAll(async () => {
  world = await startWorld({ env: { PBXX_RING_TIMEOUT_SECONDS: "20" } });
  anna = await world.startPhone("200", { toneHz: annaHz });
  lisa = await world.startPhone("201", { toneHz: lisaHz });
  tom = await world.startPhone("202", { toneHz: tomHz });
  lisaId = await world.extensionId("201");
});
afterAll(() => world?.stop());

const next = (type: string, of: string) =>
  world.cti.waitFor(type, (event) => event.data["callId"] === of && world.cti.events.indexOf(event) >= seen);
/** A command of the administrator for Lisa's leg in both calls. */
const command = (name: string) => world.cti.send(name, { callId, consultCallId, extensionId: lisaId });

async function post(path: string, body: Readonly<Record<string, unknown>>): Promise<unknown> {
  const response = await fetch(`${world.server.url}/api/v1${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${world.token}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return response.json();
}

/** Anna called Lisa, who asks Tom; his phone rings. */
beforeEach(async () => {
  callId = await talk(world, anna, lisa);
  await untilSoundsLike(lisa.heardFiles, annaHz, isVoice);
  seen = world.cti.events.length;
  const answer = await world.cti.send("consult", { callId, extensionId: lisaId, to: "202" });
  expect(answer).toMatchObject({ success: true, data: { status: "initiated" } });
  consultCallId = String(answer.data?.["callId"]);
  await next("CALL_RINGING", consultCallId);
});

/** Tom answers and talks with Lisa, Anna hears music. */
async function untilTheyTalk() {
  await tom.command("accept");
  await next("CALL_ANSWERED", consultCallId);
  await untilSoundsLike(tom.heardFiles, lisaHz, isVoice);
  await untilSoundsLike(lisa.heardFiles, tomHz, isVoice);
  await untilSoundsLike(anna.heardFiles, lisaHz, isMusic);
}

async function untilJoined() {
  await untilSoundsLike(tom.heardFiles, annaHz, isVoice);
  await untilSoundsLike(anna.heardFiles, tomHz, isVoice);
}

async function endAll() {
  await anna.command("hangup");
  await next("CALL_ENDED", callId);
}

describe("consultation with real phones that need not do anything", () => {
  it("[C32] [W48] consult, swap to and fro, transferAttended: who hears whom at each step", async () => {
    const created = await next("CALL_CREATED", consultCallId);
    expect(created.data).toMatchObject({ consultFor: callId, threadId: callId });
    await untilTheyTalk();

    expect(await command("swap")).toMatchObject({ success: true, data: { callId, status: "answered" } });
    await untilSoundsLike(lisa.heardFiles, annaHz, isVoice);
    await untilSoundsLike(anna.heardFiles, lisaHz, isVoice);
    await untilSoundsLike(tom.heardFiles, lisaHz, isMusic);

    expect(await command("swap")).toMatchObject({ success: true, data: { callId, status: "held" } });
    await untilSoundsLike(lisa.heardFiles, tomHz, isVoice);
    await untilSoundsLike(anna.heardFiles, lisaHz, isMusic);

    const before = world.cti.events.length;
    expect(await command("transferAttended")).toMatchObject({ success: true, data: { callId, status: "answered" } });
    await untilJoined();
    const batch = world.cti.events.slice(before).filter(({ type }) => type.startsWith("CALL_"));
    expect(batch.map(({ type, data }) => [type, data["callId"]])).toEqual([
      ["CALL_TRANSFERRED", callId],
      ["CALL_ENDED", consultCallId],
      ["CALL_ANSWERED", callId],
    ]);
    expect(batch[1]?.data).toMatchObject({ reason: "merged", mergedInto: callId });
    await endAll();
  });

  it("[C33] cancelTransfer: the consulted phone is hung up, both talk again", async () => {
    await untilTheyTalk();
    expect(await command("cancelTransfer")).toMatchObject({ success: true, data: { callId, status: "answered" } });
    await next("CALL_ENDED", consultCallId);
    await untilSoundsLike(lisa.heardFiles, annaHz, isVoice);
    await untilSoundsLike(anna.heardFiles, lisaHz, isVoice);
    await endAll();
  });

  it("[C5] [C32] [R6] by REST: the merged call's id names the survivor, and still takes commands", async () => {
    await untilTheyTalk();
    const body = { consultCallId, extensionId: lisaId };
    expect(await post(`/calls/${callId}/transfer`, body)).toMatchObject({ callId, status: "answered" });
    await untilJoined();
    expect(await world.get(`/calls/${consultCallId}`)).toMatchObject({ state: "ended", mergedInto: callId });
    const tomId = await world.extensionId("202");
    expect(await post(`/calls/${consultCallId}/hold`, { extensionId: tomId })).toMatchObject({
      callId,
      status: "held",
    });
    await untilSoundsLike(anna.heardFiles, tomHz, isMusic);
    expect(await post(`/calls/${consultCallId}/unhold`, { extensionId: tomId })).toMatchObject({ callId });
    await endAll();
    await expect
      .poll(async () => ((await world.get(`/cdr?search=202`)) as { data: object[] }).data)
      .toContainEqual(expect.objectContaining({ callId: consultCallId, mergedInto: callId }));
  });

  it("[C32] transferAttended while it still rings: the served party is connected by the answer", async () => {
    expect(await command("transferAttended")).toMatchObject({ success: true, data: { callId, status: "ringing" } });
    expect((await next("CALL_RINGING", callId)).data).toMatchObject({ callee: { number: "202" } });
    await tom.command("accept");
    expect((await next("CALL_ANSWERED", callId)).data).toMatchObject({ answeredBy: { number: "202" } });
    await untilJoined();
    await endAll();
  });

  it("[C35] the phone hangs up: it has passed the call on", async () => {
    await untilTheyTalk();
    await lisa.command("hangup");
    expect((await next("CALL_TRANSFERRED", callId)).data).toMatchObject({
      transferType: "attended",
      causedBy: { via: "phone" },
    });
    await untilJoined();
    await endAll();
  });

  it("[C36] the consulted phone hangs up: the call stays held until it is taken back", async () => {
    await untilTheyTalk();
    await tom.command("hangup");
    await next("CALL_ENDED", consultCallId);
    await untilSoundsLike(anna.heardFiles, lisaHz, isMusic);
    const answer = await world.cti.send("unhold", { callId, extensionId: lisaId });
    expect(answer).toMatchObject({ success: true, data: { status: "answered" } });
    await untilSoundsLike(lisa.heardFiles, annaHz, isVoice);
    await untilSoundsLike(anna.heardFiles, lisaHz, isVoice);
    await endAll();
  });
});
