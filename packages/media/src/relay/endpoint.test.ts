import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { decodeALaw, encodeALaw } from "../codecs/g711.ts";
import { G722Decoder, G722Encoder } from "../codecs/g722.ts";
import { telephoneEventPayloads } from "../dtmf/telephone-event.ts";
import { eventually } from "../testing/eventually.ts";
import { goertzel } from "../tones/goertzel.ts";
import { sineSamples } from "../tones/tone.ts";
import { maxPacketBytes } from "./endpoint.ts";
import { type BenchPhone, createEndpointBench, type EndpointBench } from "./endpoint-testbench.ts";

let bench: EndpointBench;
beforeEach(() => {
  bench = createEndpointBench();
});
afterEach(() => bench.close());

async function pair() {
  const [a, b] = [await bench.phone("a"), await bench.phone("b")];
  bench.bridge(a, b);
  return { a, b };
}

describe("relaying", () => {
  it("gives a packet the numbers of the stream it goes into and leaves the payload", async () => {
    const { a, b } = await pair();
    b.configure({ payloadType: 96 });
    a.speak({ sequence: 5, ssrc: 77 }, Uint8Array.of(1, 2, 3));
    const first = await b.hear();
    a.speak({ sequence: 6, ssrc: 77 }, Uint8Array.of(4));
    const second = await b.hear();
    expect([first.payloadType, first.marker, second.marker]).toEqual([96, true, false]);
    expect([...first.payload, ...second.payload]).toEqual([1, 2, 3, 4]);
    expect(second.ssrc).toBe(first.ssrc);
    expect([second.sequence - first.sequence, second.timestamp - first.timestamp]).toEqual([1, 160]);
  });

  it("drops what is no RTP, of another payload type, or too long for voice", async () => {
    const { a, b } = await pair();
    a.rtp.send(Uint8Array.of(1, 2, 3), a.endpoint.ports.port);
    a.speak({ payloadType: 0 });
    a.speak({}, new Uint8Array(maxPacketBytes - 11));
    a.speak({}, new Uint8Array(maxPacketBytes - 12));
    expect((await b.hear()).payload).toHaveLength(maxPacketBytes - 12);
    expect(a.endpoint.statistics().packetsIn).toBe(1);
  });

  it("what a muted phone says is a pause for the other one, not a loss", async () => {
    const { a, b } = await pair();
    a.speak({ sequence: 1 });
    const before = await b.hear();
    a.endpoint.isMuted = true;
    for (let sequence = 2; sequence <= 50; sequence += 1) a.speak({ sequence });
    await eventually(() => a.endpoint.statistics().packetsIn).toBe(50);
    a.endpoint.isMuted = false;
    bench.nowMs += 1000;
    a.speak({ sequence: 51 });
    const after = await b.hear();
    expect([after.sequence - before.sequence, after.timestamp - before.timestamp]).toEqual([1, 8000]);
  });

  it("a phone that only listens is not heard, whatever it sends", async () => {
    const { a, b } = await pair();
    a.configure({ direction: "sendonly" });
    a.speak({}, Uint8Array.of(1));
    await eventually(() => a.endpoint.statistics().packetsIn).toBe(1);
    a.configure();
    a.speak({}, Uint8Array.of(2));
    expect([...(await b.hear()).payload]).toEqual([2]);
  });

  it.each([
    ["the address 0.0.0.0", { remoteAddress: "0.0.0.0" }],
    ["port 0", { remotePort: 0 }],
    ["a phone that only speaks", { direction: "recvonly" }],
    ["a phone that does neither", { direction: "inactive" }],
  ] as const)("nothing is sent to %s", async (_name, held) => {
    const { a, b } = await pair();
    b.configure(held);
    a.speak({}, Uint8Array.of(1));
    b.endpoint.sendDtmf("1");
    bench.tick(12);
    await eventually(() => a.endpoint.statistics().packetsIn).toBe(1);
    b.configure();
    a.speak({}, Uint8Array.of(2));
    expect([...(await b.hear()).payload]).toEqual([2]);
    expect(b.endpoint.statistics().packetsOut).toBe(1);
  });
});

describe("transcoding", () => {
  it("carries a tone from G.711 to G.722 and back, each packet in its place", async () => {
    const { a, b } = await pair();
    b.configure({ codec: "G722", payloadType: 9 });
    const decoder = new G722Decoder();
    const encoder = new G722Encoder();
    const [atB, atA]: [number[], number[]] = [[], []];
    const sequences: number[] = [];
    for (let packet = 0; packet < 20; packet += 1) {
      a.speak({ sequence: packet }, encodeALaw(sineSamples(1000, 160, packet * 160)));
      const heard = await b.hear();
      expect([heard.payloadType, heard.payload.length]).toEqual([9, 160]);
      sequences.push(heard.sequence);
      atB.push(...decoder.decode(heard.payload));
      b.speak({ sequence: packet, payloadType: 9 }, encoder.encode(sineSamples(2000, 320, packet * 320, 0.3, 16_000)));
      atA.push(...decodeALaw((await a.hear()).payload));
    }
    expect(goertzel(Int16Array.from(atB.slice(640)), 1000, 16_000)).toBeGreaterThan(0.98);
    expect(goertzel(Int16Array.from(atA.slice(320)), 2000)).toBeGreaterThan(0.98);
    expect(sequences).toEqual(sequences.map((_, index) => (sequences[0] ?? 0) + index));
  });

  it("without a decoder the voice is left out, key presses are passed on without a gap", async () => {
    const { a, b } = await pair();
    b.configure({ codec: "opus", payloadType: 107, clockRate: 48_000, telephoneEvent: 99 });
    const [press = new Uint8Array()] = telephoneEventPayloads("1");
    a.speak({ payloadType: 101 }, press);
    const first = await b.hear();
    a.speak();
    a.speak({ payloadType: 101 }, press);
    const second = await b.hear();
    expect([first.payloadType, second.payloadType]).toEqual([99, 99]);
    expect(second.sequence - first.sequence).toBe(1);
  });
});

describe("key presses", () => {
  const presses = () => bench.told.filter(({ tell }) => tell === "dtmf");

  it("each has one timestamp, a mark at its beginning, and the next one comes as much later as it began later", async () => {
    const { a, b } = await pair();
    b.endpoint.sendDtmf("12");
    a.speak();
    bench.tick(24);
    const heard: Awaited<ReturnType<BenchPhone["hear"]>>[] = [];
    for (let packet = 0; packet < 16; packet += 1) heard.push(await b.hear());
    expect(heard.map(({ payload }) => payload[0])).toEqual([1, 2].flatMap((digit) => Array<number>(8).fill(digit)));
    const timestamps = [...new Set(heard.map(({ timestamp }) => timestamp))];
    expect(timestamps).toHaveLength(2);
    expect((timestamps[1] ?? 0) - (timestamps[0] ?? 0)).toBe(12 * 160);
    expect(heard.map(({ marker }, index) => (marker ? index : -1)).filter((index) => index >= 0)).toEqual([0, 8]);
    expect(heard.map(({ sequence }) => sequence)).toEqual(heard.map((_, index) => (heard[0]?.sequence ?? 0) + index));
  });

  it("voice that comes in during a press does not move its timestamp", async () => {
    const { a, b } = await pair();
    b.endpoint.sendDtmf("7");
    bench.tick(3);
    a.speak();
    await eventually(() => a.endpoint.statistics().packetsIn).toBe(1);
    bench.tick(9);
    const heard: Awaited<ReturnType<BenchPhone["hear"]>>[] = [];
    for (let packet = 0; packet < 8; packet += 1) heard.push(await b.hear());
    expect(new Set(heard.map(({ timestamp }) => timestamp)).size).toBe(1);
    expect(heard.filter(({ marker }) => marker)).toHaveLength(1);
  });

  it("a phone without telephone-event is sent none, and its voice is not interrupted", async () => {
    const { a, b } = await pair();
    b.endpoint.configure(settingsWithoutEvents(b.rtp.port));
    b.endpoint.sendDtmf("5");
    expect(b.endpoint.isActive).toBe(false);
    a.speak({ sequence: 1 });
    const first = await b.hear();
    a.speak({ sequence: 2, payloadType: 101 }, telephoneEventPayloads("5")[0]);
    a.speak({ sequence: 3 });
    expect(((await b.hear()).sequence - first.sequence) & 0xffff).toBe(1);
  });

  it("[C50] one whose end was lost is told a moment later, and how long ago that was", async () => {
    const { a } = await pair();
    a.speak({ payloadType: 101 }, telephoneEventPayloads("4")[0]);
    await eventually(() => a.endpoint.statistics().packetsIn).toBe(1);
    bench.nowMs += 300;
    a.endpoint.watchPresses();
    expect(presses()).toEqual([]);
    bench.nowMs += 1;
    a.endpoint.watchPresses();
    expect(presses()).toEqual([{ tell: "dtmf", endpointId: "a", digit: "4", durationMs: 20, agoMs: 301 }]);
    // What comes after all is the same press.
    a.speak({ payloadType: 101, sequence: 102, timestamp: 101 * 160 }, telephoneEventPayloads("4").at(-1));
    await eventually(() => a.endpoint.statistics().packetsIn).toBe(2);
    bench.nowMs += 1000;
    a.endpoint.watchPresses();
    expect(presses()).toHaveLength(1);
  });

  it("[C50] the keys of two phones at once are told apart, and each reaches the other in its payload type", async () => {
    const { a, b } = await pair();
    b.configure({ telephoneEvent: 96 });
    for (const [index, payload] of telephoneEventPayloads("1").entries()) {
      a.speak({ payloadType: 101, timestamp: 800, sequence: index }, payload);
      b.speak({ payloadType: 96, timestamp: 800, sequence: index }, telephoneEventPayloads("2")[index]);
      expect(await b.hear()).toMatchObject({ payloadType: 96, payload: Buffer.from(payload) });
      expect(await a.hear()).toMatchObject({ payloadType: 101 });
    }
    expect(presses()).toMatchObject([
      { endpointId: "a", digit: "1" },
      { endpointId: "b", digit: "2" },
    ]);
  });

  it("[C50] a key between phones of different codecs, half of its packets lost: told once, passed on as far as it came", async () => {
    const { a, b } = await pair();
    b.configure({ codec: "G722", payloadType: 9, telephoneEvent: 127 });
    const payloads = telephoneEventPayloads("9").filter((_, index) => index % 2 === 0);
    for (const [index, payload] of payloads.entries()) {
      a.speak({ payloadType: 101, timestamp: 4000, sequence: index * 2, marker: index === 0 }, payload);
    }
    const heard: Awaited<ReturnType<BenchPhone["hear"]>>[] = [];
    for (const _ of payloads) heard.push(await b.hear());
    expect(heard.map(({ payload }) => [...payload])).toEqual(payloads.map((payload) => [...payload]));
    expect(new Set(heard.map(({ timestamp, payloadType }) => `${timestamp} ${payloadType}`)).size).toBe(1);
    expect(heard.map(({ sequence }) => sequence - (heard[0]?.sequence ?? 0))).toEqual([0, 2, 4, 6]);
    expect(presses()).toMatchObject([{ digit: "9" }]);
  });

  it("[C50] a key of a phone that is held, or muted, is told all the same", async () => {
    const { a } = await pair();
    const ends = telephoneEventPayloads("3").slice(-1);
    a.endpoint.isMuted = true;
    a.speak({ payloadType: 101, timestamp: 1000 }, ends[0]);
    await eventually(() => presses().length).toBe(1);
    a.configure({ direction: "sendonly" });
    a.speak({ payloadType: 101, timestamp: 9000 }, ends[0]);
    await eventually(() => presses().length).toBe(2);
  });

  it("its duration is told in the clock that was agreed on", async () => {
    const { a } = await pair();
    a.configure({ codec: "opus", payloadType: 107, clockRate: 48_000, telephoneEvent: 99 });
    a.speak({ payloadType: 99 }, Uint8Array.of(5, 0x8a, 4800 >> 8, 4800 & 0xff));
    await eventually(presses).toMatchObject([{ digit: "5", durationMs: 100 }]);
  });

  it("no more than 25 are told in a second", async () => {
    const { a } = await pair();
    const end = telephoneEventPayloads("4").at(-1);
    for (let press = 0; press < 40; press += 1) a.speak({ payloadType: 101, timestamp: press * 1000 }, end);
    await eventually(() => a.endpoint.statistics().packetsIn).toBe(40);
    expect(presses()).toHaveLength(25);
    a.endpoint.watch();
    a.speak({ payloadType: 101, timestamp: 100_000 }, end);
    await eventually(() => presses().length).toBe(26);
  });
});

describe("playing", () => {
  it("is heard in frames of 20 ms, and its end is told", async () => {
    const a = await bench.phone("a");
    a.endpoint.play("p", sineSamples(1000, 400), false);
    bench.tick(3);
    const heard = [...(await a.hear()).payload, ...(await a.hear()).payload, ...(await a.hear()).payload];
    expect(
      decodeALaw(Uint8Array.from(heard))
        .slice(400)
        .every((sample) => Math.abs(sample) <= 8),
    ).toBe(true);
    expect(bench.told).toEqual([{ tell: "playbackFinished", playbackId: "p", endpointId: "a", isComplete: true }]);
    expect(a.endpoint.isActive).toBe(false);
  });

  it.each([
    ["is held", { direction: "inactive" }],
    ["has a codec that cannot be made here", { codec: "opus", payloadType: 107, clockRate: 48_000 }],
  ] as const)("comes to its end also while the phone %s", async (_name, settings) => {
    const a = await bench.phone("a", settings);
    a.endpoint.play("p", sineSamples(1000, 400), false);
    bench.tick(3);
    expect(bench.told).toMatchObject([{ tell: "playbackFinished", isComplete: true }]);
  });

  it("a further one ends the one before, incomplete", async () => {
    const a = await bench.phone("a");
    a.endpoint.play("p1", sineSamples(1000, 400), true);
    a.endpoint.play("p2", sineSamples(1000, 400), true);
    expect(bench.told).toMatchObject([{ tell: "playbackFinished", playbackId: "p1", isComplete: false }]);
    expect(a.endpoint.stopPlayback("p1")).toBe(false);
    expect(a.endpoint.stopPlayback("p2")).toBe(true);
  });
});

describe("silence", () => {
  const silences = (): readonly number[] =>
    bench.told.flatMap((report) => (report.tell === "silence" ? [report.ms] : []));

  it("is told after each 30 s without a packet", async () => {
    const a = await bench.phone("a");
    for (let second = 0; second < 65; second += 1) {
      bench.nowMs += 1000;
      a.endpoint.watch();
    }
    expect(silences()).toEqual([30_000, 60_000]);
  });

  it("is none of a phone that has to be silent, nor counted from before it had to speak again", async () => {
    const a = await bench.phone("a", { direction: "sendonly" });
    bench.nowMs += 100_000;
    a.endpoint.watch();
    a.configure();
    bench.nowMs += 29_000;
    a.endpoint.watch();
    expect(silences()).toEqual([]);
  });
});

function settingsWithoutEvents(remotePort: number) {
  return {
    codec: "PCMA",
    payloadType: 8,
    remoteAddress: "127.0.0.1",
    remotePort,
    remoteRtcpPort: remotePort,
    rtcpMux: true,
    direction: "sendrecv",
    clockRate: 8000,
  } as const;
}
