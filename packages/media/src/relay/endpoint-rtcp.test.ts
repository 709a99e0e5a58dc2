import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parseRtcp, printRtcp } from "../rtp/rtcp.ts";
import { eventually } from "../testing/eventually.ts";
import { openUdpPeer } from "../testing/udp-peer.ts";
import { type BenchPhone, createEndpointBench, type EndpointBench } from "./endpoint-testbench.ts";

let bench: EndpointBench;
beforeEach(() => {
  bench = createEndpointBench();
});
afterEach(() => bench.close());

/** Speaks these sequence numbers, 20 ms apart, and waits until the endpoint has them all. */
async function speakAll(phone: BenchPhone, sequences: readonly number[]): Promise<void> {
  for (const sequence of sequences) {
    const before = phone.endpoint.statistics().packetsIn;
    bench.nowMs += 20;
    phone.speak({ sequence });
    await eventually(() => phone.endpoint.statistics().packetsIn).toBe(before + 1);
  }
}

/** One packet to the phone, so that the endpoint has a stream of its own. */
async function playOneFrame(phone: BenchPhone): Promise<number> {
  phone.endpoint.play("p", new Int16Array(160), false);
  bench.tick();
  return (await phone.hear()).ssrc;
}

const emptyBlock = { fractionLost: 0, cumulativeLost: 0, highestSequence: 0, jitter: 0 };

describe("reports to the phone", () => {
  it("a receiver report with loss and jitter while nothing is sent, and the quality to the PBX", async () => {
    const a = await bench.phone("a");
    await speakAll(a, [1, 2, 3, 5]);
    a.endpoint.report();
    const packet = await a.rtcp.next();
    expect(packet[1]).toBe(201);
    expect(parseRtcp(packet)?.blocks).toMatchObject([
      { ssrc: a.ssrc, cumulativeLost: 1, fractionLost: 51, highestSequence: 5, lastSr: 0, delaySinceLastSr: 0 },
    ]);
    expect(bench.told.at(-1)).toMatchObject({ tell: "quality", endpointId: "a", lossPercent: (51 * 100) / 256 });
    expect(a.endpoint.statistics()).toMatchObject({ packetsIn: 4, bytesIn: 640, lost: 1 });
  });

  it("a sender report while something is sent: packets, bytes and the timestamp of now", async () => {
    const a = await bench.phone("a");
    a.endpoint.play("p", new Int16Array(320), false);
    bench.tick(2);
    await a.hear();
    const last = await a.hear();
    bench.nowMs += 1000;
    a.endpoint.report();
    const packet = await a.rtcp.next();
    expect(packet[1]).toBe(200);
    expect(packet.readUInt32BE(16) - last.timestamp).toBe(8000);
    expect([packet.readUInt32BE(20), packet.readUInt32BE(24)]).toEqual([2, 320]);
    a.endpoint.report();
    expect((await a.rtcp.next())[1]).toBe(201);
  });

  it("says which report of the phone came last, and how long ago", async () => {
    const a = await bench.phone("a");
    await speakAll(a, [1]);
    const sent = { timestamp: 0, packets: 1, bytes: 160 };
    const theirs = printRtcp({ ssrc: a.ssrc, cname: "a", nowMs: bench.nowMs, sent });
    a.rtcp.send(theirs, a.endpoint.ports.port + 1);
    const lastSr = parseRtcp(theirs)?.senderNtp;
    await eventually(async () => {
      a.endpoint.report();
      return parseRtcp(await a.rtcp.next())?.blocks[0]?.lastSr;
    }).toBe(lastSr);
    bench.nowMs += 1500;
    a.endpoint.report();
    expect(parseRtcp(await a.rtcp.next())?.blocks[0]).toMatchObject({ lastSr, delaySinceLastSr: 1.5 * 65_536 });
  });

  it("go to the port of the voice when both share one (RFC 5761)", async () => {
    const a = await bench.phone("a", { rtcpMux: true });
    a.endpoint.report();
    expect(parseRtcp(await a.rtp.next())?.blocks).toEqual([]);
  });

  it.each([
    ["is held by the address 0.0.0.0", { remoteAddress: "0.0.0.0" }],
    ["takes none", { remoteRtcpPort: 0 }],
  ])("are not sent while the phone %s", async (_name, settings) => {
    const a = await bench.phone("a", settings);
    a.endpoint.report();
    a.configure({ payloadType: 8 });
    await playOneFrame(a);
    a.endpoint.report();
    expect((await a.rtcp.next())[1]).toBe(200);
  });
});

describe("reports of the phone", () => {
  it("give the round trip, the time that it held our report taken off", async () => {
    const a = await bench.phone("a");
    const ssrc = await playOneFrame(a);
    a.endpoint.report();
    const lastSr = parseRtcp(await a.rtcp.next())?.senderNtp ?? 0;
    bench.nowMs += 500;
    const heard = { cumulativeLost: 7, fractionLost: 64, jitter: 80 };
    const block = { ...emptyBlock, ...heard, ssrc, lastSr, delaySinceLastSr: 0.25 * 65_536 };
    a.rtcp.send(printRtcp({ ssrc: a.ssrc, cname: "a", nowMs: 0, received: block }), a.endpoint.ports.port + 1);
    await eventually(() => a.endpoint.statistics().roundTripMs).toBeCloseTo(250, 0);
    expect(a.endpoint.statistics().lostThere).toBe(7);
    await speakAll(a, [1]);
    a.endpoint.report();
    const { roundTripMs } = a.endpoint.statistics();
    expect(bench.told.at(-1)).toMatchObject({
      tell: "quality",
      roundTripMs,
      remoteLossPercent: 25,
      remoteJitterMs: 10,
    });
    a.endpoint.report();
    expect(bench.told.at(-1)).not.toHaveProperty("remoteLossPercent");
  });

  it("are read at the port of the voice too", async () => {
    const a = await bench.phone("a", { rtcpMux: true });
    const ssrc = await playOneFrame(a);
    const block = { ...emptyBlock, ssrc, cumulativeLost: 3, lastSr: 0, delaySinceLastSr: 0 };
    a.rtp.send(printRtcp({ ssrc: a.ssrc, cname: "a", nowMs: 0, received: block }), a.endpoint.ports.port);
    await eventually(() => a.endpoint.statistics().lostThere).toBe(3);
    expect(a.endpoint.statistics().packetsIn).toBe(0);
  });

  it("of strangers, about other streams or malformed change nothing", async () => {
    const a = await bench.phone("a");
    const ssrc = await playOneFrame(a);
    const stranger = await openUdpPeer("127.0.0.2");
    const report = (about: number, cumulativeLost: number): Uint8Array =>
      printRtcp({
        ssrc: 5,
        cname: "x",
        nowMs: 0,
        received: { ...emptyBlock, ssrc: about, cumulativeLost, lastSr: 0, delaySinceLastSr: 0 },
      });
    const port = a.endpoint.ports.port + 1;
    stranger.send(report(ssrc, 1000), port);
    a.rtcp.send(report(ssrc + 1, 2000), port);
    a.rtcp.send(Uint8Array.of(0x81, 201, 0, 99, 0, 0, 0, 0), port);
    const seen = new Set<number | undefined>();
    a.rtcp.send(report(ssrc, 4), port);
    await eventually(() => {
      const { lostThere } = a.endpoint.statistics();
      seen.add(lostThere);
      return lostThere;
    }).toBe(4);
    stranger.close();
    expect([...seen].filter((lost) => lost !== undefined)).toEqual([4]);
  });
});
