import type { Bands } from "../codecs/g722.ts";
import { createTranscoder, type Transcoder } from "../codecs/codec.ts";
import { PressQueue } from "../dtmf/press-queue.ts";
import { type DtmfPress, TelephoneEventReceiver } from "../dtmf/telephone-event.ts";
import { frameSamples } from "../mixer/jitter-buffer.ts";
import { ReceiverStatistics } from "../rtp/receiver-statistics.ts";
import { parseRtp, printRtp, rewriteRtp } from "../rtp/rtp-packet.ts";
import { Latch, type Source } from "./latch.ts";
import type { MixedFrame } from "./mixed-frame.ts";
import { OutStream } from "./out-stream.ts";
import type { Peer, Relayed, Speaker } from "./peer.ts";
import { Playback } from "./playback.ts";
import type { Recording } from "../recording/recording.ts";
import type { PortPair } from "./port-pool.ts";
import type { RelayReport, StreamSettings, StreamStatistics } from "./relay-messages.ts";
import { RtcpSession } from "./rtcp-session.ts";

export interface EndpointSurroundings {
  readonly tell: (report: RelayReport) => void;
  readonly now: () => number;
  readonly random: () => number;
  readonly silenceMs: number;
}

/** No voice fits more into one packet: 180 ms of G.711. Longer ones are dropped. */
export const maxPacketBytes = 1500;
/** Packets that wait in one socket; further ones are dropped, for late voice is of no use. */
const maxQueuedPackets = 50;
/** Presses of one phone that are told per second; a machine dials ten. */
const maxPressesPerSecond = 25;
/** A press of which nothing comes for so long is over: phones tell of it every 50 ms at least (RFC 4733 §2.5.1.2). */
const lostEndMs = 300;

/** One phone's voice: its two sockets, what it sends, what it is sent. */
export class RelayEndpoint implements Peer, Speaker {
  readonly id: string;
  readonly ports: PortPair;
  /** The other one of its bridge, or the mix of more. */
  peer: Peer | undefined;
  isMuted = false;
  /** Who listens in on what the phone says. */
  readonly taps = new Set<Pick<Recording, "take">>();
  readonly #around: EndpointSurroundings;
  readonly #latch = new Latch();
  readonly #out: OutStream;
  readonly #rtcp: RtcpSession;
  readonly #received = new ReceiverStatistics();
  readonly #events = new TelephoneEventReceiver();
  readonly #presses = new PressQueue();
  #settings: StreamSettings | undefined;
  #transcoder: Transcoder | undefined;
  #playback: Playback | undefined;
  #lastPacketMs: number;
  #lastEventMs = 0;
  #toldSilenceMs = 0;
  #hasPackets = false;
  #pressesToldThisSecond = 0;

  constructor(id: string, ports: PortPair, around: EndpointSurroundings) {
    this.id = id;
    this.ports = ports;
    this.#around = around;
    this.#out = new OutStream(around.random);
    this.#rtcp = new RtcpSession(this.#out);
    this.#lastPacketMs = around.now();
    ports.rtp.on("message", (packet, { address, port }) => this.#onRtp(packet, address, port));
    ports.rtcp.on("message", (packet, { address }) => this.#onRtcp(packet, address));
  }

  configure(settings: StreamSettings): void {
    const before = this.#settings;
    if (before?.direction !== settings.direction) this.#lastPacketMs = this.#around.now();
    if (before?.codec !== settings.codec) this.#transcoder = createTranscoder(settings.codec);
    if (before !== undefined && before.clockRate !== settings.clockRate) this.#received.changeClock();
    this.#settings = settings;
    this.#latch.expect(settings.remoteAddress, settings.remotePort);
  }

  play(playbackId: string, samples: Int16Array, isLooped: boolean): void {
    this.stopPlayback();
    this.skip();
    this.#playback = new Playback(playbackId, samples, isLooped);
  }

  /** True when it was this one's playback. */
  stopPlayback(playbackId?: string): boolean {
    const playback = this.#playback;
    if (playback === undefined || (playbackId !== undefined && playback.playbackId !== playbackId)) return false;
    this.#finishPlayback(playback, false);
    return true;
  }

  /** Nothing happens where the phone takes no telephone-events. */
  sendDtmf(digits: string): void {
    if (this.#settings?.telephoneEvent === undefined) return;
    this.skip();
    this.#presses.push(digits);
  }

  /** Whether something has to be sent every 20 ms. */
  get isActive(): boolean {
    return this.#playback !== undefined || !this.#presses.isEmpty;
  }

  /** Every 20 ms while active. */
  tick(): void {
    if (!this.#presses.isEmpty) this.#sendPressStep();
    else if (this.#playback !== undefined) this.#sendFrame(this.#playback);
  }

  /** Every 100 ms: key presses whose end was lost. */
  watchPresses(): void {
    const agoMs = this.#around.now() - this.#lastEventMs;
    if (this.#events.isPressed && agoMs > lostEndMs) this.#tellPresses(this.#events.finish(), agoMs);
  }

  /** Every second: silence. */
  watch(): void {
    const now = this.#around.now();
    this.#pressesToldThisSecond = 0;
    if (this.#settings === undefined || !mayReceive(this.#settings)) {
      this.#lastPacketMs = now;
      return;
    }
    const silentMs = now - this.#lastPacketMs;
    if (silentMs < this.#around.silenceMs) this.#toldSilenceMs = 0;
    else if (silentMs - this.#toldSilenceMs >= this.#around.silenceMs) {
      this.#toldSilenceMs = silentMs;
      this.#around.tell({ tell: "silence", endpointId: this.id, ms: silentMs });
    }
  }

  /** Every 5 s: RTCP to the phone, quality to the PBX. */
  report(): void {
    const settings = this.#settings;
    if (settings === undefined) return;
    const received = this.#received.report();
    const packet = this.#rtcp.print(received, this.#around.now(), settings.clockRate);
    const to = this.#destination(settings);
    if (settings.rtcpMux && to !== undefined) this.ports.rtp.send(packet, to.port, to.address);
    else if (to !== undefined && settings.remoteRtcpPort !== 0)
      this.ports.rtcp.send(packet, settings.remoteRtcpPort, to.address);
    const there = this.#rtcp.takeReport();
    if (received === undefined) return;
    this.#around.tell({
      tell: "quality",
      endpointId: this.id,
      lossPercent: (received.fractionLost * 100) / 256,
      jitterMs: (received.jitter * 1000) / settings.clockRate,
      ...(there !== undefined && {
        remoteLossPercent: (there.fractionLost * 100) / 256,
        remoteJitterMs: (there.jitter * 1000) / settings.clockRate,
      }),
      ...(this.#rtcp.roundTripMs !== undefined && { roundTripMs: this.#rtcp.roundTripMs }),
    });
  }

  statistics(): StreamStatistics {
    return {
      packetsIn: this.#received.packets,
      packetsOut: this.#out.packets,
      bytesIn: this.#received.bytes,
      bytesOut: this.#out.bytes,
      lost: this.#received.lost,
      jitterMs: (this.#received.jitter * 1000) / (this.#settings?.clockRate ?? 8000),
      ...(this.#rtcp.lostThere !== undefined && { lostThere: this.#rtcp.lostThere }),
      ...(this.#rtcp.roundTripMs !== undefined && { roundTripMs: this.#rtcp.roundTripMs }),
    };
  }

  #onRtp(packet: Buffer, address: string, port: number): void {
    const settings = this.#settings;
    const second = packet[1] ?? 0;
    if (second >= 200 && second <= 204) return this.#onRtcp(packet, address);
    if (settings === undefined || packet.length > maxPacketBytes) return;
    const header = parseRtp(packet);
    if (header === undefined) return;
    const isEvent = header.payloadType === settings.telephoneEvent;
    if (!isEvent && header.payloadType !== settings.payloadType) return;
    const nowMs = this.#around.now();
    if (!this.#latch.admit(address, port, header.ssrc, nowMs)) return;
    if (!this.#hasPackets) this.#around.tell({ tell: "firstPacket", endpointId: this.id });
    this.#hasPackets = true;
    this.#lastPacketMs = nowMs;
    const { ssrc, sequence, timestamp, payloadStart, payloadEnd } = header;
    const arrival = Math.round((nowMs * settings.clockRate) / 1000) >>> 0;
    const bytes = payloadEnd - payloadStart;
    this.#received.take({ ssrc, sequence, timestamp, arrival, bytes, isTimed: !isEvent });
    if (isEvent) {
      this.#lastEventMs = nowMs;
      this.#tellPresses(this.#events.take(packet.subarray(payloadStart, payloadEnd), timestamp, ssrc));
    }
    if (this.isMuted || !mayReceive(settings)) return this.peer?.skip();
    const { codec } = settings;
    if (!isEvent && this.taps.size > 0) {
      const payload = packet.subarray(payloadStart, payloadEnd);
      for (const tap of this.taps) tap.take(this.id, { ssrc, timestamp, codec, payload }, nowMs);
    }
    this.peer?.forward(this, { packet, header, codec, isEvent, nowMs });
  }

  /** A packet of the other side, to be sent on. */
  forward(from: Speaker, relayed: Relayed): void {
    const settings = this.#settings;
    if (settings === undefined || this.isActive || !maySend(settings)) return this.skip();
    const { packet, header, codec, isEvent, nowMs } = relayed;
    const payloadType = isEvent ? settings.telephoneEvent : settings.payloadType;
    const payload =
      isEvent || codec === settings.codec
        ? undefined
        : this.#encode(from.decode(packet.subarray(header.payloadStart, header.payloadEnd)));
    const isPassed = isEvent || codec === settings.codec;
    if (payloadType === undefined || (payload === undefined && !isPassed)) return this.skip();
    const key = `${from.id}/${header.ssrc}`;
    const { sequence, timestamp, marker } = header;
    const fields = { ...this.#out.relay(key, sequence, timestamp, marker, nowMs, settings.clockRate), payloadType };
    if (payload === undefined) {
      rewriteRtp(packet, fields);
      this.#send(packet, settings, header.payloadEnd - header.payloadStart);
    } else this.#send(printRtp(fields, payload), settings, payload.length);
  }

  skip(): void {
    if (!this.isActive) this.#out.cut();
  }

  pressed(): void {
    // Its packets were sent on.
  }

  /** 20 ms of a mix; what is played here, or pressed, comes before it. */
  sendMix(frame: MixedFrame): void {
    const settings = this.#settings;
    if (settings === undefined || this.isActive) return;
    const payload = maySend(settings) ? frame.payload(settings.codec, this.#transcoder) : undefined;
    this.#sendMade("mix", payload, settings);
  }

  /** Whether it speaks and hears more than 8 kHz. */
  get isWide(): boolean {
    return this.#transcoder?.wide !== undefined;
  }

  decodeBands(payload: Uint8Array): Bands | undefined {
    return this.#transcoder?.wide?.decode(payload);
  }

  decode(payload: Uint8Array): Int16Array | undefined {
    return this.#transcoder?.decode(payload);
  }

  #encode(samples: Int16Array | undefined): Uint8Array | undefined {
    return samples === undefined ? undefined : this.#transcoder?.encode(samples);
  }

  #sendFrame(playback: Playback): void {
    const settings = this.#settings;
    if (settings === undefined) return;
    this.#sendMade("playback", this.#encode(playback.nextFrame()), settings);
    if (playback.isFinished) this.#finishPlayback(playback, true);
  }

  /** 20 ms of voice that were made here. */
  #sendMade(source: string, payload: Uint8Array | undefined, settings: StreamSettings): void {
    if (payload === undefined || !maySend(settings)) return this.#out.cut();
    const { payloadType, clockRate } = settings;
    const fields = this.#out.next(source, frameSamples, this.#around.now(), clockRate);
    this.#send(printRtp({ ...fields, payloadType }, payload), settings, payload.length);
  }

  #finishPlayback({ playbackId }: Playback, isComplete: boolean): void {
    this.#playback = undefined;
    this.#around.tell({ tell: "playbackFinished", playbackId, endpointId: this.id, isComplete });
  }

  /** One step of a key press: all its packets carry the timestamp of its beginning (RFC 4733 §2.1). */
  #sendPressStep(): void {
    const settings = this.#settings;
    const step = this.#presses.next();
    if (step?.kind !== "packet" || settings?.telephoneEvent === undefined || !maySend(settings)) return this.#out.cut();
    const fields = this.#out.next("dtmf", step.isFirst ? frameSamples : 0, this.#around.now(), settings.clockRate);
    const packet = printRtp({ ...fields, marker: step.isFirst, payloadType: settings.telephoneEvent }, step.payload);
    this.#send(packet, settings, step.payload.length);
  }

  /** Reports of strangers are not believed: only those from where the voice comes from, or from where the SDP says. */
  #onRtcp(packet: Uint8Array, address: string): void {
    const isKnown = address === this.#latch.current?.address || address === this.#settings?.remoteAddress;
    if (isKnown) this.#rtcp.take(packet, this.#around.now());
  }

  #tellPresses(presses: readonly DtmfPress[], agoMs = 0): void {
    for (const press of presses) {
      this.#pressesToldThisSecond += 1;
      if (this.#pressesToldThisSecond > maxPressesPerSecond) return;
      const { clockRate } = this.#settings ?? { clockRate: 8000 };
      const durationMs = Math.round((press.durationMs * 8000) / clockRate);
      this.#around.tell({ tell: "dtmf", endpointId: this.id, digit: press.digit, durationMs, agoMs });
      if (!this.isMuted) this.peer?.pressed(press.digit);
    }
  }

  /** Where packets go: to where the voice comes from, until then to where the SDP says. */
  #destination({ remoteAddress, remotePort }: StreamSettings): Source | undefined {
    if (isNowhere(remoteAddress) || remotePort === 0) return undefined;
    return this.#latch.current ?? { address: remoteAddress, port: remotePort };
  }

  #send(packet: Uint8Array, settings: StreamSettings, payloadBytes: number): void {
    const to = this.#destination(settings);
    if (to === undefined || this.ports.rtp.getSendQueueCount() >= maxQueuedPackets) return;
    this.#out.packets += 1;
    this.#out.bytes += payloadBytes;
    this.ports.rtp.send(packet, to.port, to.address);
  }
}

/** The address of old phones that hold (RFC 2543 §B.5). */
function isNowhere(address: string): boolean {
  return address === "0.0.0.0" || address === "::";
}

function maySend({ direction, remoteAddress, remotePort }: StreamSettings): boolean {
  return (direction === "sendrecv" || direction === "sendonly") && remotePort !== 0 && !isNowhere(remoteAddress);
}

function mayReceive({ direction }: StreamSettings): boolean {
  return direction === "sendrecv" || direction === "recvonly";
}
