import { randomBytes } from "node:crypto";
import { openUdp, printReplaces } from "@pbx-x/sip";
import { Phone, type PhoneCall, realScheduler } from "@pbx-x/sip/testing";
import { brandId, type LegId, type TelephonyEngine, type TelephonyEvent } from "@pbx-x/telephony";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createTestEngine, passwordOf, testConfiguration } from "./testing/test-engine.ts";

let engine: TelephonyEngine;
let events: TelephonyEvent[];
let anna: Phone;
let tom: Phone;

beforeEach(async () => {
  engine = createTestEngine({ scheduler: realScheduler, rtpPorts: { min: 24_100, max: 24_199 } });
  events = [];
  engine.subscribe((event) => events.push(event));
  const { host, udp = 0 } = await engine.start();
  await engine.perform({ op: "applyConfiguration", configuration: testConfiguration });
  const open = (user: string): Promise<Phone> =>
    Phone.open({
      scheduler: realScheduler,
      randomText: () => randomBytes(8).toString("hex"),
      user,
      password: passwordOf(user),
      server: { transport: "udp", address: host, port: udp },
      transports: [(around) => openUdp({ host: "127.0.0.1", port: 0 }, around)],
    });
  [anna, tom] = [await open("200"), await open("202")];
});
afterEach(async () => {
  await anna.close();
  await tom.close();
  await engine.stop();
});

/** How the PBX knows the dialog of a phone's call. */
function replacesOf(call: PhoneCall, earlyOnly = false): string {
  const { callId, localTag, remoteTag } = call.dialog.id;
  return printReplaces({ dialog: { callId, localTag: remoteTag, remoteTag: localTag }, earlyOnly });
}

async function offeredLeg(count = 1): Promise<Extract<TelephonyEvent, { type: "legOffered" }>> {
  const offers = () => events.flatMap((event) => (event.type === "legOffered" ? [event] : []));
  await vi.waitUntil(() => offers().length >= count, { timeout: 10_000 });
  const offer = offers()[count - 1];
  if (offer === undefined) throw new Error("nothing is offered");
  return offer;
}

async function statusOf(replaces: readonly string[]): Promise<number> {
  const headers = replaces.map((value) => ({ name: "Replaces", value }));
  const call = tom.call("200", { headers });
  const end = await call.events.next(({ type }) => type === "refused");
  return end.type === "refused" ? end.status : 0;
}

/** Anna's call, answered by the PBX. */
async function answered(): Promise<{ readonly call: PhoneCall; readonly legId: LegId }> {
  const call = anna.call("4711");
  const { legId } = await offeredLeg();
  await engine.perform({ op: "answer", legId });
  await call.events.next(({ type }) => type === "answered");
  return { call, legId };
}

describe("[C34] INVITE with Replaces", () => {
  it("[C34] names the answered leg that it wants to replace", async () => {
    const { call, legId } = await answered();
    tom.call("200", { headers: [{ name: "Replaces", value: replacesOf(call) }] });
    expect(await offeredLeg(2)).toMatchObject({ replacesLegId: legId, caller: { number: "202" } });
  });

  it("[C34] an answered one where only an early one is wanted: 486; a call that is over: 603", async () => {
    const { call } = await answered();
    const replaces = replacesOf(call);
    expect(await statusOf([replacesOf(call, true)])).toBe(486);
    await call.hangUp();
    expect(await statusOf([replaces])).toBe(603);
  });

  it("[C34] a call that is still being made: 481; a foreign dialog: 481; two, or nonsense: 400", async () => {
    const call = anna.call("4711");
    const { legId } = await offeredLeg();
    await engine.perform({ op: "progress", legId, stage: "ringing" });
    await call.events.next(({ type }) => type === "progress");
    expect(await statusOf([replacesOf(call)])).toBe(481);
    expect(await statusOf(["strange;to-tag=1;from-tag=2"])).toBe(481);
    expect(await statusOf(["strange;to-tag=1"])).toBe(400);
    expect(await statusOf([replacesOf(call), replacesOf(call)])).toBe(400);
  });

  it("[C34] a device that the PBX rings can be replaced, also early-only", async () => {
    expect((await anna.register()).status).toBe(200);
    anna.onCall = (call) => call.ring();
    const added = events.find((event) => event.type === "bindingAdded");
    if (added === undefined) throw new Error("not registered");
    const legId = brandId<LegId>("dialled-1");
    await engine.perform({
      op: "dial",
      legId,
      target: { kind: "binding", bindingId: added.binding.bindingId },
      caller: { number: "201" },
      callee: { number: "200" },
      isAutoAnswer: false,
      timeoutMs: 20_000,
    });
    await vi.waitUntil(() => events.some(({ type }) => type === "legRinging"), { timeout: 10_000 });
    const [call] = anna.calls.all;
    if (call === undefined) throw new Error("the phone was not called");
    tom.call("201", { headers: [{ name: "Replaces", value: replacesOf(call, true) }] });
    expect(await offeredLeg()).toMatchObject({ replacesLegId: legId });
  });
});
