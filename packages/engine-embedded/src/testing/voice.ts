import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import {
  decodeALaw,
  encodeALaw,
  goertzel,
  loudnessOf,
  parseRtp,
  printRtp,
  sineSamples,
  telephoneEventPayloads,
} from "@pbx-x/media";

const packetSamples = 160;
const pressSamples = 800;
const payloadTypes = { pcma: 8, telephoneEvent: 101 } as const;
/** What was heard longer ago says nothing about now. */
const memoryMs = 300;
const neededPackets = 6;

/** Share of a tone that is heard, be it with three others. */
const audible = 0.2;
/** What is louder is no noise. */
const loudness = 300;
/** Tones that voices say; anything else that is heard comes from the PBX. */
export const voices = Array.from({ length: 18 }, (_, index) => 630 + index * 130);

/** A phone's RTP in PCMA: says one tone, or sends silence, all the time; knows which tones reach it now. */
export interface Voice {
  readonly port: number;
  readonly frequencyHz: number;
  /** Of its session description, one higher each time. */
  nextVersion(): number;
  speakTo(address: string, port: number): void;
  press(digit: string): void;
  setSpeaking(isSpeaking: boolean): void;
  hears(frequencyHz: number): boolean;
  hearsPlayback(): boolean;
  close(): void;
}

export async function openVoice(frequencyHz: number): Promise<Voice> {
  const socket: Socket = createSocket("udp4");
  const heard: { readonly atMs: number; readonly samples: Int16Array }[] = [];
  const ssrc = frequencyHz;
  let to: { readonly address: string; readonly port: number } | undefined;
  let sequence = 0;
  let position = 0;
  let version = 0;
  let isClosed = false;
  let isSpeaking = true;
  socket.on("message", (packet) => {
    const header = parseRtp(packet);
    if (header?.payloadType !== payloadTypes.pcma) return;
    const samples = decodeALaw(packet.subarray(header.payloadStart, header.payloadEnd));
    heard.push({ atMs: performance.now(), samples });
    if (heard.length > 100) heard.shift();
  });
  socket.on("error", () => undefined);
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");

  const send = (payloadType: number, payload: Uint8Array, timestamp: number): void => {
    if (to === undefined) return;
    sequence += 1;
    const fields = { payloadType, marker: false, sequence: sequence & 0xffff, timestamp, ssrc };
    socket.send(printRtp(fields, payload), to.port, to.address);
  };
  let dueMs = performance.now();
  const timer = setInterval(() => {
    for (; dueMs <= performance.now(); dueMs += 20) {
      const samples = isSpeaking ? sineSamples(frequencyHz, packetSamples, position) : new Int16Array(packetSamples);
      send(payloadTypes.pcma, encodeALaw(samples), position);
      position += packetSamples;
    }
  }, 20);

  const recentSamples = (): Int16Array => {
    const since = performance.now() - memoryMs;
    const recent = heard.filter(({ atMs }) => atMs > since).slice(-neededPackets);
    return Int16Array.from(recent.length < neededPackets ? [] : recent.flatMap(({ samples }) => [...samples]));
  };
  return {
    port: socket.address().port,
    frequencyHz,
    nextVersion: () => (version += 1),
    speakTo: (address, port) => {
      to = { address, port };
    },
    press: (digit) => {
      for (const payload of telephoneEventPayloads(digit)) send(payloadTypes.telephoneEvent, payload, position);
      // The next press is another one only by its timestamp (RFC 4733 §2.5.1.2).
      position += pressSamples;
    },
    setSpeaking: (wanted) => {
      isSpeaking = wanted;
    },
    hears: (wantedHz) => goertzel(recentSamples(), wantedHz, 8000) > audible,
    hearsPlayback: () => {
      const heardNow = recentSamples();
      const isLoud = loudnessOf(heardNow) > loudness;
      return isLoud && voices.every((voiceHz) => goertzel(heardNow, voiceHz, 8000) <= audible);
    },
    close: () => {
      if (isClosed) return;
      isClosed = true;
      clearInterval(timer);
      socket.close();
    },
  };
}
