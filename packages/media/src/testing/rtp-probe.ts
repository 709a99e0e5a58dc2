import { createSocket, type Socket } from "node:dgram";
import { type CodecName, createTranscoder, type Transcoder } from "../codecs/codec.ts";
import { G722Decoder, G722Encoder } from "../codecs/g722.ts";
import { parseRtp, printRtp } from "../rtp/rtp-packet.ts";
import { goertzel } from "../tones/goertzel.ts";
import { sineSamples } from "../tones/tone.ts";

export interface ProbeReport {
  readonly packets: number;
  /** Gaps in the sequence numbers. */
  readonly lost: number;
  readonly ssrcs: readonly number[];
  /** Timestamps that did not fit the sequence numbers by 160 each. */
  readonly timestampJumps: number;
  readonly payloadTypes: readonly number[];
}

/** A real RTP endpoint for tests: speaks a tone, measures what it hears. */
export interface RtpProbe {
  readonly port: number;
  /** Speaks a sine of this frequency to an address, every 20 ms, until told otherwise. */
  speak(to: { readonly address: string; readonly port: number }, frequencyHz: number): void;
  silence(): void;
  sendRaw(packet: Uint8Array, to: { readonly address: string; readonly port: number }): void;
  /** Resolves when a second of what was heard is mostly this frequency; false after the time. */
  hears(frequencyHz: number, timeoutMs?: number): Promise<boolean>;
  /** Share of a frequency in the last half second that was heard. */
  share(frequencyHz: number): number;
  forget(): void;
  report(): ProbeReport;
  close(): void;
}

export interface ProbeOptions {
  readonly codec?: CodecName;
  readonly payloadType?: number;
  /** G.722 with all its 16 kHz: tones up to 8 kHz are spoken and measured. */
  readonly isWide?: boolean;
}

export function createRtpProbe({
  codec = "PCMA",
  payloadType = 8,
  isWide = false,
}: ProbeOptions = {}): Promise<RtpProbe> {
  const transcoder = isWide ? wideTranscoder() : createTranscoder(codec);
  const scale = isWide ? 2 : 1;
  if (transcoder === undefined) throw new Error(`${codec} cannot be measured`);
  const socket: Socket = createSocket("udp4");
  const heard: Int16Array[] = [];
  const ssrcs = new Set<number>();
  const types = new Set<number>();
  let packets = 0;
  let lost = 0;
  let jumps = 0;
  let last: { readonly sequence: number; readonly timestamp: number; readonly ssrc: number } | undefined;
  let timer: NodeJS.Timeout | undefined;
  let sequence = 1;
  let position = 0;

  socket.on("message", (packet) => {
    const header = parseRtp(packet);
    if (header === undefined || (header.payloadType >= 72 && header.payloadType <= 76)) return;
    packets += 1;
    ssrcs.add(header.ssrc);
    types.add(header.payloadType);
    if (last !== undefined && last.ssrc === header.ssrc) {
      const step = (header.sequence - last.sequence) & 0xffff;
      if (step > 1 && step < 1000) lost += step - 1;
      if (step === 1 && (header.timestamp - last.timestamp) >>> 0 !== 160) jumps += 1;
    }
    last = header;
    if (header.payloadType !== payloadType) return;
    heard.push(transcoder.decode(packet.subarray(header.payloadStart, header.payloadEnd)));
    if (heard.length > 500) heard.shift();
  });

  const share = (frequencyHz: number): number => {
    const recent = heard.slice(-25);
    const samples = new Int16Array(recent.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of recent) {
      samples.set(part, at);
      at += part.length;
    }
    return recent.length < 25 ? 0 : goertzel(samples, frequencyHz, 8000 * scale);
  };

  return new Promise((resolve) => {
    socket.bind(0, "127.0.0.1", () =>
      resolve({
        port: socket.address().port,
        speak: (to, frequencyHz) => {
          clearInterval(timer);
          let next = performance.now();
          timer = setInterval(() => {
            for (; next <= performance.now(); next += 20) {
              const payload = transcoder.encode(sineSamples(frequencyHz / scale, 160 * scale, position * scale));
              const fields = {
                payloadType,
                marker: false,
                sequence: sequence & 0xffff,
                timestamp: position,
                ssrc: 0x5151,
              };
              socket.send(printRtp(fields, payload), to.port, to.address);
              sequence += 1;
              position += 160;
            }
          }, 10);
        },
        silence: () => clearInterval(timer),
        sendRaw: (packet, to) => socket.send(packet, to.port, to.address),
        hears: async (frequencyHz, timeoutMs = 5000) => {
          const until = performance.now() + timeoutMs;
          while (performance.now() < until) {
            if (share(frequencyHz) > 0.8) return true;
            await new Promise((done) => {
              setTimeout(done, 50);
            });
          }
          return false;
        },
        share,
        forget: () => void heard.splice(0),
        report: () => ({ packets, lost, ssrcs: [...ssrcs], timestampJumps: jumps, payloadTypes: [...types] }),
        close: () => {
          clearInterval(timer);
          socket.close();
        },
      }),
    );
  });
}

function wideTranscoder(): Pick<Transcoder, "encode" | "decode"> {
  const [encoder, decoder] = [new G722Encoder(), new G722Decoder()];
  return { encode: (samples) => encoder.encode(samples), decode: (payload) => decoder.decode(payload) };
}
