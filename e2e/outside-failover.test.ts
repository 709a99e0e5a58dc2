import { createSocket } from "node:dgram";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { freePort } from "./src/free-port.ts";
import { playSipp, type SippProcess } from "./src/sipp.ts";
import { scenario, uac, uas } from "./src/sipp-scenario.ts";
import { startWorld, type World } from "./src/world.ts";

type Steps = Parameters<typeof scenario>[1];

let world: World;
const ports: number[] = [];
const trunkIds: string[] = [];
beforeAll(async () => {
  world = await startWorld();
  for (const name of ["First", "Second"]) {
    const port = await freePort();
    ports.push(port);
    // Carriers that play a single call answer no OPTIONS.
    const place = { host: "127.0.0.1", port, transport: "udp", optionsEnabled: false };
    const made = await world.request("POST", "/trunks", { name, trunkType: "static", ...place });
    trunkIds.push((made as { id: string }).id);
  }
  await world.request("POST", "/rules/outbound", { name: "All", pattern: "0.", trunkIds });
});
afterAll(() => world?.stop());
const peers: SippProcess[] = [];
afterEach(() => {
  for (const peer of peers.splice(0)) peer.stop();
});

async function carrier(at: 0 | 1, name: string, ...steps: readonly Steps[]): Promise<SippProcess> {
  const peer = await playSipp({
    scenario: scenario(name, ...steps),
    user: { number: "carrier", password: "" },
    pbx: world.pbx.udp,
    localPort: ports[at] ?? 0,
  });
  peers.push(peer);
  return peer;
}

async function dial(...steps: readonly Steps[]) {
  const seen = world.cti.events.length;
  const phone = await playSipp({
    scenario: scenario("the phone", uac.invite(), ...steps),
    user: world.user("200"),
    dials: "0301234567",
    pbx: world.pbx.udp,
  });
  peers.push(phone);
  const isNew = (event: { readonly data: object }): boolean =>
    world.cti.events.findIndex((other) => other.data === event.data) >= seen;
  const ended = await world.cti.waitFor("CALL_ENDED", isNew, 60_000);
  await phone.done;
  const callId = String(ended.data["callId"]);
  const of = (type: string) =>
    world.cti.events.find((event) => event.type === type && event.data["callId"] === callId)?.data;
  return { ended: ended.data, of, types: world.cti.typesOf(callId) };
}

const talk = [uac.expectAnswer(), uac.pause(300), uac.bye()] as const;
const takeIt = [uas.expectInvite(), uas.ring(), uas.pause(200), uas.answer(), uas.waitForBye()] as const;
const second = () => ({ id: trunkIds[1], name: "Second" });

describe("fail-over to the next trunk", () => {
  it("[C16] [G7] 503 of the first carrier", async () => {
    const first = await carrier(0, "has no lines", uas.expectInvite(), uas.refuse("503 Service Unavailable"));
    const other = await carrier(1, "takes it", ...takeIt);
    const { of, types, ended } = await dial(...talk);
    await Promise.all([first.done, other.done]);
    expect(types).toEqual(["CALL_CREATED", "CALL_RINGING", "CALL_ANSWERED", "CALL_ENDED"]);
    expect(of("CALL_CREATED")?.["trunk"]).toEqual({ id: trunkIds[0], name: "First" });
    expect(of("CALL_ANSWERED")?.["trunk"]).toEqual(second());
    expect(ended).toMatchObject({ hangupCause: "normal_clearing", trunk: second() });
  });

  it("[C16] [G7] silence of the first carrier", async () => {
    const silent = createSocket("udp4");
    let heard = "";
    silent.on("message", (message) => (heard += message.toString("latin1")));
    await new Promise<void>((resolve) => silent.bind(ports[0], "127.0.0.1", resolve));
    const other = await carrier(1, "takes it", ...takeIt);
    const { of, types } = await dial(...talk);
    await other.done;
    await new Promise<void>((resolve) => silent.close(resolve));
    expect(heard).toContain("INVITE sip:0301234567@127.0.0.1");
    // What is still sent to the silent place must not reach the next carrier.
    ports[0] = await freePort();
    await world.request("PATCH", `/trunks/${trunkIds[0]}`, { port: ports[0] });
    expect(types).toEqual(["CALL_CREATED", "CALL_RINGING", "CALL_ANSWERED", "CALL_ENDED"]);
    expect(of("CALL_RINGING")?.["trunk"]).toEqual(second());
  });

  it("[G7] busy at the first carrier is the called party's: no other is asked", async () => {
    const first = await carrier(0, "is busy", uas.expectInvite(), uas.ring(), uas.refuse("486 Busy Here"));
    const { ended, types } = await dial(uac.expectRefusal(486));
    await first.done;
    expect(ended).toMatchObject({ hangupCause: "busy", sipCode: 486, trunk: { name: "First" } });
    expect(types).toEqual(["CALL_CREATED", "CALL_RINGING", "CALL_ENDED"]);
  });

  it("[C13] the caller gives up while it rings outside: the carrier gets a CANCEL", async () => {
    const first = await carrier(0, "rings", uas.expectInvite(), uas.ring(), uas.expectCancel());
    const { ended } = await dial(uac.expectRinging(), uac.pause(300), uac.cancel());
    await first.done;
    expect(ended).toMatchObject({ hangupCause: "cancel", hangupBy: "caller", trunk: { name: "First" } });
  });

  it("[G9] a trunk at its limit is passed over", async () => {
    await world.request("PATCH", `/trunks/${trunkIds[0]}`, { maxConcurrentCalls: 1 });
    const other = await carrier(1, "takes it", ...takeIt);
    const first = await carrier(0, "is held", uas.expectInvite(), uas.ring(), uas.answer(), uas.waitForBye());
    const holding = await playSipp({
      scenario: scenario("holds the line", uac.invite(), uac.expectAnswer(), uac.pause(8000), uac.bye()),
      user: world.user("201"),
      dials: "0307654321",
      pbx: world.pbx.udp,
    });
    peers.push(holding);
    const isFirst = ({ data }: { readonly data: Readonly<Record<string, unknown>> }): boolean =>
      JSON.stringify(data).includes("+49307654321");
    await world.cti.waitFor("CALL_ANSWERED", isFirst);
    const callsBefore = world.cti.events.length;
    const phone = await playSipp({
      scenario: scenario("another phone", uac.invite(), ...talk),
      user: world.user("200"),
      dials: "0301234567",
      pbx: world.pbx.udp,
    });
    peers.push(phone);
    await Promise.all([phone.done, other.done, holding.done, first.done]);
    const created = world.cti.events.slice(callsBefore).find(({ type }) => type === "CALL_CREATED");
    expect(created?.data["trunk"]).toEqual(second());
  });
});
