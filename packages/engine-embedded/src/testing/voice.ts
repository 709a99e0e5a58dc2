import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import {
  decodeALaw,
  encodeALaw,
  goertzel,
  parseRtp,
  printRtp,
  sineSamples,
  telephoneEventPayloads,
  toneDefinitions,
} from "@pbx-x/media";

const packetSamples = 160;
const pressSamples = 800;
const payloadTypes = { pcma: 8, telephoneEvent: 101 } as const;
/** What was heard longer ago says nothing about now. */
const memoryMs = 300;
const neededPackets = 6;

/** A phone's RTP in PCMA: says one tone all the time, knows which tones reach it now. */
export interface Voice {
  readonly port: number;
  readonly frequencyHz: number;
  speakTo(address: string, port: number): void;
  press(digit: string): void;
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
      send(payloadTypes.pcma, encodeALaw(sineSamples(frequencyHz, packetSamples, position)), position);
      position += packetSamples;
    }
  }, 20);

  const share = (wantedHz: number): number => {
    const since = performance.now() - memoryMs;
    const recent = heard.filter(({ atMs }) => atMs > since).slice(-neededPackets);
    if (recent.length < neededPackets) return 0;
    return goertzel(Int16Array.from(recent.flatMap(({ samples }) => [...samples])), wantedHz, 8000);
  };
  return {
    port: socket.address().port,
    frequencyHz,
    speakTo: (address, port) => {
      to = { address, port };
    },
    press: (digit) => {
      for (const payload of telephoneEventPayloads(digit)) send(payloadTypes.telephoneEvent, payload, position);
      // The next press is another one only by its timestamp (RFC 4733 §2.5.1.2).
      position += pressSamples;
    },
    hears: (wantedHz) => share(wantedHz) > 0.7,
    hearsPlayback: () => share(toneDefinitions.ringback.frequencyHz) > 0.7,
    close: () => {
      clearInterval(timer);
      socket.close();
    },
  };
}
