import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Baresip } from "./src/baresip.ts";
import { type Cti, connectCti } from "./src/cti.ts";
import { playSipp } from "./src/sipp.ts";
import { scenario, uac } from "./src/sipp-scenario.ts";
import { isMusic, isVoice, untilSoundsLike } from "./src/tone.ts";
import { annaEmail, startWorld, type World } from "./src/world.ts";

let world: World;
let anna: Baresip;
let lisa: Baresip;
let tom: Baresip;
let max: Baresip;
/** Anna's own socket, on `parking` alone. */
let watcher: Cti;
let callId = "";
let seen = 0;
const [annaHz, lisaHz, tomHz, maxHz] = [440, 880, 660, 1200];
const lots = async () => (await world.get("/parking-lots")) as { data: [{ id: string }] };
const changeLot = async (changes: object) => {
  const { data } = await lots();
  await world.request("PATCH", `/parking-lots/${data[0].id}`, changes);
};
beforeAll(async () => {
  world = await startWorld({ env: { PBXX_RING_TIMEOUT_SECONDS: "20" } });
  anna = await world.startPhone("200", { toneHz: annaHz });
  lisa = await world.startPhone("201", { toneHz: lisaHz });
  tom = await world.startPhone("202", { toneHz: tomHz });
  max = await world.startPhone("100", { toneHz: maxHz, answerMode: "auto" });
  watcher = await connectCti(world.server.url, await world.tokenOf(annaEmail));
  await watcher.send("subscribe", { channels: ["parking"] });
});
afterAll(async () => {
  watcher?.cut();
  await world?.stop();
});

const next = (type: string, id = callId) =>
  world.cti.waitFor(type, (event) => event.data["callId"] === id && world.cti.events.indexOf(event) >= seen);
const types = () => world.cti.typesOf(callId).slice(3);

/** A phone calls Lisa, who answers, and they hear each other. */
async function callsLisa(phone: Baresip, hz: number): Promise<string> {
  const before = world.cti.events.length;
  await phone.command("dial", "201");
  const created = await world.cti.waitFor("CALL_CREATED", (event) => world.cti.events.indexOf(event) >= before);
  const id = String(created.data["callId"]);
  const of = ({ data }: { data: Readonly<Record<string, unknown>> }): boolean => data["callId"] === id;
  await world.cti.waitFor("CALL_RINGING", of);
  await lisa.command("accept");
  await world.cti.waitFor("CALL_ANSWERED", of);
  await untilSoundsLike(lisa.heardFiles, hz, isVoice);
  return id;
}

const park = async (id = callId, more: object = {}) =>
  world.cti.send("park", { callId: id, extensionId: await world.extensionId("201"), ...more });

async function hangUp(phone: Baresip): Promise<void> {
  await phone.command("hangup");
  await next("CALL_ENDED");
  expect(types().filter((type) => type === "CALL_ENDED")).toHaveLength(1);
  expect(await world.get("/parking")).toMatchObject({ data: [] });
}

beforeEach(async () => {
  seen = world.cti.events.length;
  callId = await callsLisa(anna, annaHz);
});

describe("parking with real phones", () => {
  it("[C40] by command; who waits hears music; a phone dials the slot and both talk under the same id", async () => {
    const answer = await park();
    expect(answer).toMatchObject({ success: true, data: { callId, parkingSlot: "701" } });
    const parked = await next("CALL_PARKED");
    expect(parked.data).toMatchObject({
      parkingSlot: "701",
      parkedBy: { number: "201" },
      parkedParty: { number: "200" },
      expiresAt: answer.data?.["expiresAt"],
      state: "parked",
      causedBy: { via: "command" },
    });
    await untilSoundsLike(anna.heardFiles, lisaHz, isMusic);
    expect(await world.get("/parking")).toMatchObject({ data: [{ parkingSlot: "701", callId }] });
    await delay(1500);
    const before = world.cti.events.length;
    await tom.command("dial", "701");
    expect((await next("CALL_UNPARKED")).data).toMatchObject({
      parkingSlot: "701",
      pickedUpBy: { number: "202" },
      state: "answered",
    });
    await untilSoundsLike(tom.heardFiles, annaHz, isVoice);
    await untilSoundsLike(anna.heardFiles, tomHz, isVoice);
    const others = world.cti.events.slice(before).filter(({ data }) => data["callId"] !== callId);
    expect(others.filter(({ type }) => type.startsWith("CALL_"))).toEqual([]);
    await hangUp(tom);
    expect(types()).toEqual(["CALL_PARKED", "CALL_UNPARKED", "CALL_ENDED"]);
    const ended = await next("CALL_ENDED");
    expect(ended.data).toMatchObject({ hangupBy: "callee", phases: { parkSeconds: expect.any(Number) as number } });
    expect((ended.data["phases"] as { parkSeconds: number }).parkSeconds).toBeGreaterThan(0);
    await watcher.waitFor("CALL_UNPARKED", ({ data }) => data["callId"] === callId);
    expect(watcher.typesOf(callId)).toEqual(["CALL_PARKED", "CALL_UNPARKED"]);
  });

  it("[C45] [C43] by the phone (REFER to the slot); picked up by command with a phone that answers by itself", async () => {
    await lisa.command("transfer", "705");
    expect((await next("CALL_PARKED")).data).toMatchObject({ parkingSlot: "705", causedBy: { via: "phone" } });
    await untilSoundsLike(anna.heardFiles, lisaHz, isMusic);
    // Its call is over: it can take another one.
    await expect.poll(() => lisa.command("listcalls"), { timeout: 10_000 }).not.toContain("ESTABLISHED");
    const picked = await world.cti.send("pickup", { parkingSlot: "705", extensionId: await world.extensionId("100") });
    expect(picked).toMatchObject({ success: true, data: { callId, status: "answered" } });
    expect((await next("CALL_UNPARKED")).data).toMatchObject({
      pickedUpBy: { number: "100" },
      causedBy: { via: "command" },
    });
    await untilSoundsLike(max.heardFiles, annaHz, isVoice);
    await untilSoundsLike(anna.heardFiles, maxHz, isVoice);
    await hangUp(anna);
    expect(types()).toEqual(["CALL_PARKED", "CALL_UNPARKED", "CALL_ENDED"]);
  });

  it("[C41] nobody picks up in time: it rings again at the phone that parked, which takes it", async () => {
    await changeLot({ timeoutSeconds: 5 });
    try {
      await park();
      await next("CALL_PARKED");
      expect((await next("CALL_UNPARKED")).data).toMatchObject({ parkingSlot: "701", reason: "timeout" });
      const recall = await world.cti.waitFor(
        "CALL_RINGING",
        ({ data }) => data["callId"] === callId && data["recall"] === true,
      );
      expect(recall.data).toMatchObject({ callee: { number: "201" }, caller: { number: "200" } });
      await expect.poll(() => lisa.command("listcalls"), { timeout: 10_000 }).toContain("INCOMING");
      await lisa.command("accept");
      await next("CALL_ANSWERED");
      await untilSoundsLike(lisa.heardFiles, annaHz, isVoice);
      await untilSoundsLike(anna.heardFiles, lisaHz, isVoice);
      await hangUp(anna);
      expect(types()).toEqual(["CALL_PARKED", "CALL_UNPARKED", "CALL_RINGING", "CALL_ANSWERED", "CALL_ENDED"]);
    } finally {
      await changeLot({ timeoutSeconds: 300 });
    }
  });

  it("[C40] [C43] of two that pick up at once, by phone or by command, exactly one has the call", async () => {
    await park();
    await next("CALL_PARKED");
    const dialled = await Promise.all(
      ["201", "202"].map((number) =>
        playSipp({
          scenario: scenario(`${number} wants the call`, uac.invite(), uac.expectAnswer(), uac.pause(1500), uac.bye()),
          user: world.user(number),
          dials: "701",
          pbx: world.pbx.udp,
          timeoutSeconds: 10,
        }),
      ),
    );
    const outcomes = await Promise.allSettled(dialled.map(({ done }) => done));
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
    const refused = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [String(outcome.reason)] : []));
    expect(refused).toEqual([expect.stringMatching(/404|486/)]);
    await next("CALL_ENDED");
    expect(types()).toEqual(["CALL_PARKED", "CALL_UNPARKED", "CALL_ENDED"]);

    seen = world.cti.events.length;
    callId = await callsLisa(anna, annaHz);
    await park();
    const ids = await Promise.all(["100", "202"].map((number) => world.extensionId(number)));
    const answers = await Promise.all(
      ids.map((extensionId) => world.cti.send("pickup", { parkingSlot: "701", extensionId })),
    );
    expect(answers).toMatchObject([{ success: true, data: { callId, status: "answered" } }, { success: false }]);
    // The phone may have answered before the second command came.
    expect(["INVALID_STATE", "PARKING_SLOT_NOT_FOUND"]).toContain(answers[1]?.error?.code);
    await untilSoundsLike(max.heardFiles, annaHz, isVoice);
    await hangUp(anna);
  });

  it("[C40] [C41] all slots taken: refused, and both keep talking; the slot is free when who waits hangs up", async () => {
    await changeLot({ lastSlot: 701 });
    try {
      expect(await park()).toMatchObject({ success: true, data: { parkingSlot: "701" } });
      const second = await callsLisa(tom, tomHz);
      expect(await park(second)).toMatchObject({ success: false, error: { code: "PARKING_FULL" } });
      expect(await park(second, { parkingSlot: "701" })).toMatchObject({
        error: { code: "INVALID_STATE", details: { reason: "slot_taken" } },
      });
      expect(await park(second, { parkingSlot: "799" })).toMatchObject({ error: { code: "PARKING_SLOT_NOT_FOUND" } });
      await untilSoundsLike(lisa.heardFiles, tomHz, isVoice);
      await hangUp(anna);
      expect(types()).toEqual(["CALL_PARKED", "CALL_ENDED"]);
      await watcher.waitFor("CALL_ENDED", ({ data }) => data["callId"] === callId);
      expect(await park(second)).toMatchObject({ success: true, data: { parkingSlot: "701" } });
      await tom.command("hangup");
      await next("CALL_ENDED", second);
    } finally {
      await changeLot({ lastSlot: 720 });
    }
  });

  it("[C45] an empty slot is not found, and nothing of it is on the wire", async () => {
    const before = world.cti.events.length;
    const phone = await playSipp({
      scenario: scenario("202 dials an empty slot", uac.invite(), uac.expectRefusal(404)),
      user: world.user("202"),
      dials: "719",
      pbx: world.pbx.udp,
    });
    await phone.done;
    expect(world.cti.events.slice(before).filter(({ type }) => type.startsWith("CALL_"))).toEqual([]);
    await hangUp(anna);
  });
});

describe("a ringing call is picked up elsewhere", () => {
  beforeEach(async () => {
    await hangUp(anna);
    seen = world.cti.events.length;
    await anna.command("dial", "201");
    const created = await world.cti.waitFor("CALL_CREATED", (event) => world.cti.events.indexOf(event) >= seen);
    callId = String(created.data["callId"]);
    await next("CALL_RINGING");
  });
  const lisasPhoneIsIdle = () =>
    expect.poll(() => lisa.command("listcalls"), { timeout: 10_000 }).not.toContain("INCOMING");

  it("[C44] with **201 from a phone: it talks with the caller, the phone that rang stops", async () => {
    await tom.command("dial", "**201");
    expect((await next("CALL_ANSWERED")).data).toMatchObject({
      answeredBy: { number: "202" },
      callee: { number: "202" },
      causedBy: { via: "phone" },
    });
    await untilSoundsLike(tom.heardFiles, annaHz, isVoice);
    await untilSoundsLike(anna.heardFiles, tomHz, isVoice);
    await lisasPhoneIsIdle();
    await hangUp(anna);
    expect(types()).toEqual(["CALL_ENDED"]);
  });

  it("[C44] [W48] by command: the own phone answers by itself", async () => {
    const answer = await world.cti.send("pickup", { callId, extensionId: await world.extensionId("100") });
    expect(answer).toMatchObject({ success: true, data: { callId, status: "answered" } });
    expect((await next("CALL_ANSWERED")).data).toMatchObject({
      answeredBy: { number: "100" },
      causedBy: { via: "command" },
    });
    await untilSoundsLike(max.heardFiles, annaHz, isVoice);
    await lisasPhoneIsIdle();
    await hangUp(anna);
    expect(types()).toEqual(["CALL_ENDED"]);
  });
});
