import { randomBytes } from "node:crypto";
import { openUdp } from "@pbx-x/sip";
import { Phone, realScheduler } from "@pbx-x/sip/testing";
import { brandId, type LegId, type TelephonyEvent, type TrunkId } from "@pbx-x/telephony";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Carrier } from "../testing/carrier.ts";
import { createTestEngine, testConfiguration } from "../testing/test-engine.ts";
import { createDnsResolver, type ResolvePlaces } from "./resolve-places.ts";

const trunkId = brandId<TrunkId>("carrier");
let carrier: Carrier;
let events: TelephonyEvent[];
let engine: ReturnType<typeof createTestEngine>;
let held: (() => void) | undefined;
let isHolding: boolean;
let addresses: Awaited<ReturnType<typeof engine.start>>;

beforeEach(async () => {
  isHolding = false;
  held = undefined;
  const places = createDnsResolver(4);
  const resolve: ResolvePlaces = async (place) => {
    if (isHolding) await new Promise<void>((go) => (held = go));
    return places(place);
  };
  engine = createTestEngine({
    scheduler: realScheduler,
    rtpPorts: { min: 25_000, max: 25_099 },
    trunks: { resolve },
  });
  events = [];
  engine.subscribe((event) => void events.push(event));
  addresses = await engine.start();
  carrier = await Carrier.open({ scheduler: realScheduler, addresses: () => addresses, nextFrequencyHz: () => 700 });
  const trunks = [{ ...carrier.trunk, trunkId }];
  await engine.perform({ op: "applyConfiguration", configuration: { ...testConfiguration, trunks } });
  await expect.poll(() => events.some(({ type }) => type === "trunkStatusChanged")).toBe(true);
});
afterEach(async () => {
  await carrier.close();
  await engine.stop();
});

const offered = () => events.filter((event) => event.type === "legOffered");

/** A phone's call of the carrier that the PBX has answered. */
async function answeredCall() {
  const call = carrier.phone.call("+4930555");
  await expect.poll(offered).toHaveLength(1);
  const legId = brandId<LegId>(offered()[0]?.legId ?? "");
  await engine.perform({ op: "answer", legId });
  await call.events.next(({ type }) => type === "answered");
  return { call, legId };
}

describe("[O8] what a trunk may not", () => {
  test("have us call somebody: its REFER is refused, the call goes on", async () => {
    const { call, legId } = await answeredCall();
    const answer = await call.send("REFER", { headers: [{ name: "Refer-To", value: "<sip:+4990012345@pbx>" }] });
    expect(answer.status).toBe(403);
    expect(events.filter((event) => event.type === "transferRequested" || event.type === "legEnded")).toEqual([]);
    await engine.perform({ op: "hangup", legId, cause: "normal" });
  });

  test("take a place in a call: its INVITE with Replaces is refused", async () => {
    const { call } = await answeredCall();
    const { callId, localTag, remoteTag } = call.dialog.id;
    const value = `${callId};to-tag=${remoteTag};from-tag=${localTag}`;
    const second = carrier.phone.call("+4930555", { headers: [{ name: "Replaces", value }] });
    expect(await second.events.next()).toMatchObject({ type: "refused", status: 481 });
    expect(offered()).toHaveLength(1);
  });
});

describe("[O1] strangers", () => {
  test("are asked for a password like anybody, whatever they say of themselves", async () => {
    const stranger = await Phone.open({
      scheduler: realScheduler,
      randomText: () => randomBytes(8).toString("hex"),
      user: "200",
      server: { transport: "udp", address: addresses.host, port: addresses.udp ?? 0 },
      transports: [(around) => openUdp({ host: "127.0.0.2", port: 0 }, around)],
    });
    const call = stranger.call("+4930555", {
      headers: [{ name: "P-Asserted-Identity", value: "<sip:+4940888@carrier.example>" }],
    });
    expect(await call.events.next()).toMatchObject({ type: "refused", status: 401 });
    expect(offered()).toEqual([]);
    await stranger.close();
  });
});

describe("[O5] a call over a trunk whose name is still looked up", () => {
  test("ends at once when it is hung up, and never begins", async () => {
    isHolding = true;
    const other = brandId<TrunkId>("other");
    const trunks = [{ ...carrier.trunk, trunkId: other }];
    await engine.perform({ op: "applyConfiguration", configuration: { ...testConfiguration, trunks } });
    const legId = brandId<LegId>("leg");
    const dialling = engine.perform({
      op: "dial",
      legId,
      target: { kind: "trunk", trunkId: other, number: "4711" },
      caller: { number: "200" },
      callee: { number: "4711" },
      isAutoAnswer: false,
      timeoutMs: 20_000,
    });
    await expect.poll(() => held).toBeDefined();
    expect(await engine.perform({ op: "hangup", legId, cause: "cancelled" })).toEqual({ ok: true });
    expect(events.at(-1)).toMatchObject({ type: "legEnded", legId, cause: "cancelled" });
    held?.();
    expect(await dialling).toEqual({ ok: true });
    // What comes after an INVITE would have come after it.
    await carrier.phone.options();
    expect(carrier.phone.received.all.filter(({ cseq }) => cseq.method === "INVITE")).toEqual([]);
  });
});
