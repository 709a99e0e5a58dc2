import { afterEach, describe, expect, it } from "vitest";
import { eventually } from "../testing/eventually.ts";
import { freePortRange } from "../testing/free-ports.ts";
import { openUdpPeer, type UdpPeer } from "../testing/udp-peer.ts";
import { parseRtp, printRtp } from "../rtp/rtp-packet.ts";
import { Relay } from "./relay.ts";
import type { RelayReport, RelaySettings } from "./relay-messages.ts";

const running: { shutdown(): Promise<void> }[] = [];
const peers: UdpPeer[] = [];
afterEach(() => {
  for (const relay of running.splice(0)) void relay.shutdown();
  for (const peer of peers.splice(0)) peer.close();
});

async function start(pairs: number, changes: Partial<RelaySettings> = {}) {
  const { min, max } = await freePortRange(pairs);
  const told: RelayReport[] = [];
  const relay = new Relay({
    settings: {
      address: "127.0.0.1",
      minPort: min,
      maxPort: max,
      maxEndpoints: 100,
      silenceMs: 30_000,
      reportMs: 60_000,
      maxRecordings: 10,
      ...changes,
    },
    tell: (report) => told.push(report),
    now: () => performance.now(),
    random: () => 1000,
  });
  running.push(relay);
  const answers = (): readonly RelayReport[] => told.filter(({ tell }) => tell === "opened" || tell === "refused");
  return { relay, told, answers };
}

/** An endpoint of a bridge and the phone behind it. */
async function member(relay: Relay, told: readonly RelayReport[], endpointId: string, request: number) {
  relay.handle({ do: "open", request, endpointId });
  const opened = (): RelayReport | undefined =>
    told.find((report) => report.tell === "opened" && report.request === request);
  await eventually(opened).toBeDefined();
  const report = opened();
  if (report?.tell !== "opened") throw new Error("not opened");
  const peer = await openUdpPeer();
  peers.push(peer);
  relay.handle({
    do: "configure",
    endpointId,
    settings: {
      codec: "PCMA",
      payloadType: 8,
      remoteAddress: "127.0.0.1",
      remotePort: peer.port,
      remoteRtcpPort: 0,
      rtcpMux: false,
      direction: "sendrecv",
      clockRate: 8000,
    },
  });
  relay.handle({ do: "join", bridgeId: "bridge", endpointId, role: { mode: "talk" } });
  const speak = (sequence: number, payload: number): void => {
    const fields = { payloadType: 8, marker: false, sequence, timestamp: sequence * 160, ssrc: request };
    peer.send(printRtp(fields, Uint8Array.of(payload)), report.port);
  };
  const hear = async (): Promise<number | undefined> => {
    const packet = await peer.next();
    return packet[parseRtp(packet)?.payloadStart ?? 0];
  };
  return { speak, hear };
}

describe("opening", () => {
  it("the same endpoint twice, even at the same time, has one pair of ports and leaves none behind", async () => {
    const { relay, answers } = await start(2);
    relay.handle({ do: "open", request: 1, endpointId: "a" });
    relay.handle({ do: "open", request: 2, endpointId: "a" });
    await eventually(() => answers().length).toBe(2);
    const ports = answers().map((report) => (report.tell === "opened" ? report.port : undefined));
    expect(ports[0]).toBe(ports[1]);
    relay.handle({ do: "open", request: 3, endpointId: "a" });
    await eventually(() => answers()).toContainEqual(expect.objectContaining({ request: 3, port: ports[0] }));
    await eventually(() => {
      relay.handle({ do: "open", request: 4, endpointId: "b" });
      return answers().some((report) => report.tell === "opened" && report.request === 4);
    }).toBe(true);
  });

  it("stops at the limit of endpoints, those being opened included", async () => {
    const { relay, answers } = await start(3, { maxEndpoints: 2 });
    for (const request of [1, 2, 3]) relay.handle({ do: "open", request, endpointId: `e${request}` });
    await eventually(() => answers().length).toBe(3);
    expect(answers()).toContainEqual({ tell: "refused", request: 3, code: "too_many_endpoints" });
  });
});

describe("what is asked of an endpoint that is not open", () => {
  it("a playback is finished at once, incomplete", async () => {
    const { relay, told } = await start(1);
    relay.handle({ do: "play", endpointId: "x", playbackId: "p", samples: new Int16Array(160), isLooped: true });
    expect(told).toEqual([{ tell: "playbackFinished", playbackId: "p", endpointId: "x", isComplete: false }]);
  });

  it("statistics and close are answered, the rest is nothing", async () => {
    const { relay, told } = await start(1);
    relay.handle({ do: "statistics", request: 1, endpointId: "x" });
    relay.handle({ do: "close", request: 2, endpointId: "x" });
    relay.handle({ do: "join", bridgeId: "b", endpointId: "x", role: { mode: "talk" } });
    relay.handle({ do: "leave", endpointId: "x" });
    relay.handle({ do: "mute", endpointId: "x", isMuted: true });
    relay.handle({ do: "sendDtmf", endpointId: "x", digits: "1" });
    relay.handle({ do: "stopPlayback", playbackId: "p" });
    expect(told).toEqual([
      { tell: "answer", request: 1, statistics: undefined },
      { tell: "answer", request: 2, statistics: undefined },
    ]);
  });
});

describe("bridges", () => {
  it("two are sent each other's packets, three a mix; when one leaves the other two have packets again", async () => {
    const { relay, told } = await start(3);
    const a = await member(relay, told, "a", 1);
    const b = await member(relay, told, "b", 2);
    a.speak(1, 11);
    expect(await b.hear()).toBe(11);
    await member(relay, told, "c", 3);
    // A-law of silence: nobody speaks.
    expect(await b.hear()).toBe(0xd5);
    relay.handle({ do: "leave", endpointId: "c" });
    a.speak(2, 22);
    await eventually(() => b.hear()).toBe(22);
  });

  it("who listens is sent both and heard by nobody; the mix goes on as long as it is needed", async () => {
    const { relay, told } = await start(2);
    const a = await member(relay, told, "a", 1);
    const b = await member(relay, told, "b", 2);
    const join = (mode: "talk" | "listen"): void =>
      relay.handle({ do: "join", bridgeId: "bridge", endpointId: "b", role: { mode } });
    join("listen");
    b.speak(1, 44);
    expect([await a.hear(), await a.hear(), await a.hear(), await a.hear()]).toEqual([0xd5, 0xd5, 0xd5, 0xd5]);
    join("talk");
    b.speak(2, 55);
    await eventually(() => a.hear()).toBe(55);
  });

  it("closing an endpoint ends its playback, takes it out of its bridge and frees its ports", async () => {
    const { relay, told, answers } = await start(1);
    await member(relay, told, "a", 1);
    relay.handle({ do: "play", endpointId: "a", playbackId: "p", samples: new Int16Array(160), isLooped: true });
    relay.handle({ do: "close", request: 2, endpointId: "a" });
    expect(told).toContainEqual({ tell: "playbackFinished", playbackId: "p", endpointId: "a", isComplete: false });
    await eventually(() => {
      relay.handle({ do: "open", request: 3, endpointId: "b" });
      return answers().some((report) => report.tell === "opened" && report.request === 3);
    }).toBe(true);
  });
});
