import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Negotiated } from "../sdp/offer-answer.ts";
import { eventually } from "../testing/eventually.ts";
import { freePortRange } from "../testing/free-ports.ts";
import { createRtpProbe, type RtpProbe } from "../testing/rtp-probe.ts";
import { createMediaService, type MediaEvent, type MediaService } from "./media-service.ts";

let media: MediaService;
let events: MediaEvent[];
let probes: RtpProbe[];
beforeEach(async () => {
  events = [];
  probes = [];
  media = createMediaService({
    address: "127.0.0.1",
    ports: await freePortRange(20),
    onEvent: (event) => events.push(event),
  });
});
afterEach(async () => {
  for (const probe of probes) probe.close();
  await media.shutdown();
});

function settings(probe: RtpProbe, changes: Partial<Negotiated> = {}): Negotiated {
  return {
    codec: "PCMA",
    payloadType: 8,
    telephoneEvent: 101,
    remoteAddress: "127.0.0.1",
    remotePort: probe.port,
    remoteRtcpPort: probe.port + 1,
    rtcpMux: false,
    direction: "sendrecv",
    hold: "none",
    ptime: 20,
    ...changes,
  };
}

async function phone(id: string, changes: Partial<Negotiated> = {}) {
  const probe = await createRtpProbe(
    changes.codec === undefined ? {} : { codec: changes.codec, payloadType: changes.payloadType ?? 8 },
  );
  probes.push(probe);
  const opened = await media.open(id);
  if (!opened.ok) throw new Error(opened.code);
  media.configure(id, settings(probe, changes));
  return { probe, at: { address: "127.0.0.1", port: opened.port } };
}

describe("media service", () => {
  it("two phones in a bridge hear each other, in one continuous stream each", async () => {
    const [a, b] = [await phone("a"), await phone("b")];
    media.join("bridge", "a");
    media.join("bridge", "b");
    a.probe.speak(a.at, 440);
    b.probe.speak(b.at, 880);
    expect(await a.probe.hears(880)).toBe(true);
    expect(await b.probe.hears(440)).toBe(true);
    expect(a.probe.share(440)).toBeLessThan(0.1);
    expect(a.probe.report()).toMatchObject({ lost: 0, timestampJumps: 0 });
    expect(a.probe.report().ssrcs).toHaveLength(1);
  });

  it("a tone, then a voice, then a tone: same SSRC, no gap in the sequence", async () => {
    const [a, b] = [await phone("a"), await phone("b")];
    b.probe.speak(b.at, 880);
    await media.play("a", "p1", { kind: "tone", tone: "ringback" });
    expect(await a.probe.hears(425)).toBe(true);
    media.stopPlayback("p1");
    media.join("bridge", "a");
    media.join("bridge", "b");
    expect(await a.probe.hears(880)).toBe(true);
    await media.play("a", "p2", { kind: "tone", tone: "busy" });
    await eventually(() => a.probe.share(880)).toBeLessThan(0.3);
    expect(a.probe.report()).toMatchObject({ lost: 0 });
    expect(a.probe.report().ssrcs).toHaveLength(1);
    expect(events).toContainEqual({ type: "playbackFinished", playbackId: "p1", endpointId: "a", isComplete: false });
  });

  it("a playback that is stopped while its sound is read is never heard, and told to be over", async () => {
    await phone("a");
    const playing = media.play("a", "p", { kind: "tone", tone: "ringback" });
    media.stopPlayback("p");
    expect(await playing).toBe(true);
    expect(events).toContainEqual({ type: "playbackFinished", playbackId: "p", endpointId: "a", isComplete: false });
    expect(media.playbacks).toBe(0);
  });

  it("transcodes between PCMA and PCMU", async () => {
    const a = await phone("a");
    const b = await phone("b", { codec: "PCMU", payloadType: 0 });
    media.join("bridge", "a");
    media.join("bridge", "b");
    a.probe.speak(a.at, 440);
    b.probe.speak(b.at, 880);
    expect(await a.probe.hears(880)).toBe(true);
    expect(await b.probe.hears(440)).toBe(true);
    expect(b.probe.report().payloadTypes).toEqual([0]);
  });

  it("a phone with G.722 and one with G.711 hear each other", async () => {
    const a = await phone("a", { codec: "G722", payloadType: 9 });
    const b = await phone("b");
    media.join("bridge", "a");
    media.join("bridge", "b");
    a.probe.speak(a.at, 440);
    b.probe.speak(b.at, 880);
    expect(await a.probe.hears(880)).toBe(true);
    expect(await b.probe.hears(440)).toBe(true);
    expect([a.probe.report().payloadTypes, b.probe.report().payloadTypes]).toEqual([[9], [8]]);
    expect(b.probe.report()).toMatchObject({ lost: 0, timestampJumps: 0 });
  });

  it("a phone with G.722 hears tones", async () => {
    const a = await phone("a", { codec: "G722", payloadType: 9 });
    await media.play("a", "p", { kind: "tone", tone: "ringback" });
    expect(await a.probe.hears(425)).toBe(true);
  });

  it("who leaves is not heard any more", async () => {
    const [a, b] = [await phone("a"), await phone("b")];
    media.join("bridge", "a");
    media.join("bridge", "b");
    b.probe.speak(b.at, 880);
    expect(await a.probe.hears(880)).toBe(true);
    media.leave("b");
    const sent = (await media.statistics("a"))?.packetsOut;
    const received = (await media.statistics("b"))?.packetsIn ?? 0;
    await eventually(async () => (await media.statistics("b"))?.packetsIn).toBeGreaterThan(received + 5);
    expect((await media.statistics("a"))?.packetsOut).toBe(sent);
  });

  it("[RFC4733] a key press made here is received once there", async () => {
    const [a, b] = [await phone("a"), await phone("b")];
    media.configure("a", settings(b.probe, { remotePort: b.at.port }));
    media.configure("b", settings(a.probe, { remotePort: a.at.port }));
    media.sendDtmf("a", "5#");
    await eventually(() => events.filter(({ type }) => type === "dtmf").length).toBe(2);
    expect(events.filter(({ type }) => type === "dtmf")).toMatchObject([
      { endpointId: "b", digit: "5" },
      { endpointId: "b", digit: "#" },
    ]);
  });

  it("says when its ports are used up, and has them again after the close", async () => {
    await media.shutdown();
    media = createMediaService({ address: "127.0.0.1", ports: await freePortRange(2), onEvent: () => undefined });
    expect([(await media.open("a")).ok, (await media.open("b")).ok]).toEqual([true, true]);
    expect(await media.open("c")).toEqual({ ok: false, code: "ports_exhausted" });
    await media.close("a");
    await eventually(async () => (await media.open("c")).ok).toBe(true);
    expect(media.size).toBe(2);
  });
});
