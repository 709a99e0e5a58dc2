import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { telephoneEventPayloads } from "../dtmf/telephone-event.ts";
import type { BridgeRole } from "../relay/relay-messages.ts";
import { printRtp } from "../rtp/rtp-packet.ts";
import { eventually } from "../testing/eventually.ts";
import { freePortRange } from "../testing/free-ports.ts";
import { createRtpProbe, type RtpProbe } from "../testing/rtp-probe.ts";
import { goertzel } from "../tones/goertzel.ts";
import { readWav } from "../wav/wav.ts";
import { createMediaService, type MediaEvent, type MediaService } from "./media-service.ts";

const payloadTypes = { PCMA: 8, PCMU: 0, G722: 9 } as const;
/** Of a tone that is heard beside one other, or alone. */
const audible = 0.3;

let media: MediaService;
let events: MediaEvent[];
const probes = new Map<string, { readonly probe: RtpProbe; readonly port: number; readonly hz: number }>();
beforeEach(async () => {
  events = [];
  media = createMediaService({
    address: "127.0.0.1",
    ports: await freePortRange(20),
    onEvent: (event) => events.push(event),
  });
});
afterEach(async () => {
  for (const { probe } of probes.values()) probe.close();
  probes.clear();
  await media.shutdown();
});

async function speaking(
  id: string,
  hz: number,
  codec: keyof typeof payloadTypes = "PCMA",
  isWide = false,
): Promise<void> {
  const payloadType = payloadTypes[codec];
  const probe = await createRtpProbe({ codec, payloadType, isWide });
  const opened = await media.open(id);
  if (!opened.ok) throw new Error(opened.code);
  probes.set(id, { probe, port: opened.port, hz });
  media.configure(id, {
    codec,
    payloadType,
    telephoneEvent: 101,
    remoteAddress: "127.0.0.1",
    remotePort: probe.port,
    remoteRtcpPort: 0,
    rtcpMux: false,
    direction: "sendrecv",
    hold: "none",
    ptime: 20,
  });
  probe.speak({ address: "127.0.0.1", port: opened.port }, hz);
}

function of(id: string) {
  const found = probes.get(id);
  if (found === undefined) throw new Error(`no ${id}`);
  return found;
}

/** Whom each of them hears in the last half second. */
function heard(): Readonly<Record<string, string>> {
  const all = [...probes];
  const by = (listener: RtpProbe): string =>
    all.flatMap(([id, { hz }]) => (listener.share(hz) > audible ? [id] : [])).join(" ");
  return Object.fromEntries(all.map(([id, { probe }]) => [id, by(probe)]));
}

async function three(): Promise<void> {
  await speaking("a", 440);
  await speaking("b", 880, "G722");
  await speaking("c", 1320, "PCMU");
}

const role = (id: string, wanted: BridgeRole): void => media.join("bridge", id, wanted);

describe("[V2] bridges that are mixed", () => {
  it("[V2] each of three hears the two others, whatever their codecs, in one stream without a gap", async () => {
    await three();
    for (const id of ["a", "b"]) media.join("bridge", id);
    await eventually(heard).toEqual({ a: "b", b: "a", c: "" });
    media.join("bridge", "c");
    await eventually(heard).toEqual({ a: "b c", b: "a c", c: "a b" });
    media.leave("c");
    await eventually(heard).toEqual({ a: "b", b: "a", c: "a b" });
    for (const id of ["a", "b"]) {
      expect(of(id).probe.report()).toMatchObject({ lost: 0, payloadTypes: [id === "a" ? 8 : 9] });
      expect(of(id).probe.report().ssrcs).toHaveLength(1);
    }
  });

  it("who listens hears both and is heard by nobody; a whisper reaches one; the role changes in the course", async () => {
    await three();
    for (const id of ["a", "b"]) media.join("bridge", id);
    role("c", { mode: "listen" });
    await eventually(heard).toEqual({ a: "b", b: "a", c: "a b" });
    role("c", { mode: "whisper", whisperTo: "b" });
    await eventually(heard).toEqual({ a: "b", b: "a c", c: "a b" });
    role("c", { mode: "talk" });
    await eventually(heard).toEqual({ a: "b c", b: "a c", c: "a b" });
    role("c", { mode: "listen" });
    await eventually(heard).toEqual({ a: "b", b: "a", c: "a b" });
  });

  it("[V2] tells who talks and who stops, and that the mix is over", async () => {
    await three();
    of("c").probe.silence();
    for (const id of ["a", "b", "c"]) media.join("bridge", id);
    const talking = () => events.filter(({ type }) => type === "talking");
    const told = (endpointId: string, isTalking: boolean) => ({ type: "talking", endpointId, isTalking });
    await eventually(talking).toHaveLength(2);
    expect(talking()).toEqual(expect.arrayContaining([told("a", true), told("b", true)]));
    of("a").probe.silence();
    await eventually(talking).toContainEqual(told("a", false));
    media.leave("c");
    await eventually(talking).toContainEqual(told("b", false));
    expect(talking()).toHaveLength(4);
  });

  it("[V23] one that is made so mixes two from the first on, and tells who talks", async () => {
    await three();
    for (const id of ["a", "b"]) media.join("bridge", id, { mode: "talk" }, true);
    await eventually(heard).toEqual({ a: "b", b: "a", c: "" });
    const talkers = () => events.flatMap((event) => (event.type === "talking" ? [event.endpointId] : []));
    await eventually(() => talkers().toSorted()).toEqual(["a", "b"]);
  });

  it("[V2] G.722 phones hear each other above 4 kHz, too, while G.711 phones hear what they can", async () => {
    await speaking("a", 6000, "G722", true);
    await speaking("b", 5000, "G722", true);
    await speaking("c", 1320);
    await speaking("d", 880);
    for (const id of ["a", "b", "c", "d"]) media.join("bridge", id, { mode: "talk" }, true);
    const hears = (id: string, ...tones: readonly number[]): boolean =>
      tones.every((hz) => of(id).probe.share(hz) > 0.2);
    await eventually(() => hears("a", 5000, 1320, 880) && hears("b", 6000, 1320, 880)).toBe(true);
    expect(of("a").probe.share(6000)).toBeLessThan(0.01);
    // What is above does not come back as something else below.
    await eventually(() => of("c").probe.share(880) > 0.9).toBe(true);
    media.leave("b");
    await eventually(() => hears("a", 1320, 880) && of("a").probe.share(5000) < 0.01).toBe(true);
    for (const id of ["a", "b", "c", "d"]) expect(of(id).probe.report()).toMatchObject({ lost: 0 });
  });

  it("[C51] is recorded: one on the left, the others on the right, without whom only one hears", async () => {
    const dir = await mkdtemp(join(tmpdir(), "pbx-x-media-mixing-"));
    await three();
    await speaking("d", 1760);
    for (const id of ["a", "b", "c"]) media.join("bridge", id);
    role("d", { mode: "whisper", whisperTo: "a" });
    await eventually(heard).toMatchObject({ b: "a c", d: "a b c" });
    const path = join(dir, "r.wav");
    expect(await media.record({ recordingId: "r", path, bridgeId: "bridge", leftEndpointId: "a" })).toEqual({
      ok: true,
    });
    await new Promise((resolve) => {
      setTimeout(resolve, 1000);
    });
    media.stopRecording("r");
    await eventually(() => events.some(({ type }) => type === "recordingFinished")).toBe(true);
    const wav = readWav(await readFile(path));
    const [left, right] = wav.ok ? wav.channels : [];
    if (left === undefined || right === undefined) throw new Error("not stereo");
    expect(goertzel(left, 440)).toBeGreaterThan(0.8);
    for (const hz of [880, 1320]) expect(goertzel(right, hz)).toBeGreaterThan(0.3);
    expect(goertzel(right, 1760)).toBeLessThan(0.05);
    await rm(dir, { recursive: true });
  });

  it("[C50] passes keys on to the other one of a talk, not to who listens, and in a conference to nobody", async () => {
    await three();
    for (const id of ["a", "b"]) media.join("bridge", id);
    role("c", { mode: "listen" });
    await eventually(heard).toMatchObject({ c: "a b" });
    const press = (digit: string, timestamp: number): void => {
      of("a").probe.silence();
      for (const [index, payload] of telephoneEventPayloads(digit).entries()) {
        const fields = { payloadType: 101, marker: index === 0, sequence: 9000 + index, timestamp, ssrc: 0x5151 };
        of("a").probe.sendRaw(printRtp(fields, payload), { address: "127.0.0.1", port: of("a").port });
      }
    };
    const pressed = () => events.filter(({ type }) => type === "dtmf").length;
    press("5", 1000);
    await eventually(() => of("b").probe.report().payloadTypes).toContain(101);
    expect(of("c").probe.report().payloadTypes).toEqual([0]);
    role("c", { mode: "talk" });
    press("6", 90_000);
    await eventually(pressed).toBe(2);
    expect(of("c").probe.report().payloadTypes).toEqual([0]);
  });

  it("[V2] fifty in one room: who talks is heard by who is there", async () => {
    await media.shutdown();
    media = createMediaService({ address: "127.0.0.1", ports: await freePortRange(60), onEvent: () => undefined });
    await three();
    for (let index = 3; index < 50; index += 1) {
      expect((await media.open(`m${index}`)).ok).toBe(true);
      media.join("bridge", `m${index}`);
    }
    for (const id of ["a", "b", "c"]) media.join("bridge", id);
    await eventually(heard).toEqual({ a: "b c", b: "a c", c: "a b" });
  });
});
