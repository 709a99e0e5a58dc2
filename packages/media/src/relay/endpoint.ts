import { transcoderOf } from "../codecs/codec.ts";
import { TelephoneEventReceiver, telephoneEventPayloads } from "../dtmf/telephone-event.ts";
import { parseRtcp, printRtcp, roundTripMs } from "../rtp/rtcp.ts";
import { ReceiverStatistics } from "../rtp/receiver-statistics.ts";
import { parseRtp, printRtp, type RtpHeader, rewriteRtp } from "../rtp/rtp-packet.ts";
import { Latch } from "./latch.ts";
import { OutStream } from "./out-stream.ts";
import type { PortPair } from "./port-pool.ts";
import type { RelayReport, StreamSettings, StreamStatistics } from "./relay-messages.ts";

export interface EndpointSurroundings {
  readonly tell: (report: RelayReport) => void;
  readonly now: () => number;
  readonly random: () => number;
  readonly silenceMs: number;
}

interface Playback {
  readonly playbackId: string;
  readonly samples: Int16Array;
  readonly isLooped: boolean;
  at: number;
}

const frameSamples = 160;
const dtmfGapFrames = 4;

/** One phone's voice: its two sockets, what it sends, what it is sent. */
export class RelayEndpoint {
  readonly id: string;
  readonly ports: PortPair;
  /** The other one of its bridge; a mixer of more would sit here. */
  peer: RelayEndpoint | undefined;
  isMuted = false;
  readonly #around: EndpointSurroundings;
  readonly #latch = new Latch();
  readonly #out: OutStream;
  readonly #received = new ReceiverStatistics();
  readonly #events = new TelephoneEventReceiver();
  readonly #dtmf: (Uint8Array | undefined)[] = [];
  #settings: StreamSettings | undefined;
  #playback: Playback | undefined;
  #lastPacketMs: number;
  #lastEventMs = 0;
  #toldSilenceMs = 0;
  #hasPackets = false;
  #lastSr = 0;
  #lastSrAtMs = 0;
  #roundTripMs: number | undefined;
  #sentAtReport = 0;
  #dtmfTimestamp: { readonly timestamp: number } | undefined;

  constructor(id: string, ports: PortPair, around: EndpointSurroundings) {
    this.id = id;
    this.ports = ports;
    this.#around = around;
    this.#out = new OutStream(around.random);
    this.#lastPacketMs = around.now();
    ports.rtp.on("message", (packet, { address, port }) => this.#onRtp(packet, address, port));
    ports.rtcp.on("message", (packet) => this.#onRtcp(packet));
  }

  configure(settings: StreamSettings): void {
    if (this.#settings?.direction !== settings.direction) this.#lastPacketMs = this.#around.now();
    this.#settings = settings;
    this.#latch.expect(settings.remoteAddress);
  }

  play(playbackId: string, samples: Int16Array, isLooped: boolean): void {
    this.stopPlayback();
    if (samples.length > 0) this.#playback = { playbackId, samples, isLooped, at: 0 };
  }

  /** True when it was this one's playback. */
  stopPlayback(playbackId?: string): boolean {
    const playback = this.#playback;
    if (playback === undefined || (playbackId !== undefined && playback.playbackId !== playbackId)) return false;
    this.#playback = undefined;
    this.#around.tell({
      tell: "playbackFinished",
      playbackId: playback.playbackId,
      endpointId: this.id,
      isComplete: false,
    });
    return true;
  }

  sendDtmf(digits: string): void {
    for (const digit of digits.slice(0, 64)) {
      this.#dtmf.push(...telephoneEventPayloads(digit));
      for (let gap = 0; gap < dtmfGapFrames; gap += 1) this.#dtmf.push(undefined);
    }
  }

  /** Whether something has to be sent every 20 ms. */
  get isActive(): boolean {
    return this.#playback !== undefined || this.#dtmf.length > 0;
  }

  /** Every 20 ms while active. */
  tick(): void {
    if (this.#dtmf.length > 0) this.#sendEvent();
    else if (this.#playback !== undefined) this.#sendFrame(this.#playback);
  }

  /** Every second: silence, and key presses whose end was lost. */
  watch(): void {
    const now = this.#around.now();
    if (this.#events.isPressed && now - this.#lastEventMs > 500) this.#tellPresses(this.#events.finish());
    const direction = this.#settings?.direction;
    if (direction !== "sendrecv" && direction !== "recvonly") {
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
    const now = this.#around.now();
    const received = this.#received.report();
    const hasSent = this.#out.packets > this.#sentAtReport;
    this.#sentAtReport = this.#out.packets;
    const delay = this.#lastSr === 0 ? 0 : Math.round(((now - this.#lastSrAtMs) / 1000) * 65_536);
    const packet = printRtcp({
      ssrc: this.#out.ssrc,
      cname: "pbx-x",
      nowMs: now,
      ...(hasSent && { sent: { timestamp: this.#out.timestamp, packets: this.#out.packets, bytes: this.#out.bytes } }),
      ...(received !== undefined && { received: { ...received, lastSr: this.#lastSr, delaySinceLastSr: delay } }),
    });
    const latched = this.#latch.current;
    const address = latched?.address ?? settings.remoteAddress;
    if (settings.rtcpMux) this.ports.rtp.send(packet, latched?.port ?? settings.remotePort, address);
    else this.ports.rtcp.send(packet, settings.remoteRtcpPort, address);
    if (received === undefined) return;
    this.#around.tell({
      tell: "quality",
      endpointId: this.id,
      lossPercent: (received.fractionLost * 100) / 256,
      jitterMs: (received.jitter * 1000) / settings.clockRate,
      ...(this.#roundTripMs !== undefined && { roundTripMs: this.#roundTripMs }),
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
      ...(this.#roundTripMs !== undefined && { roundTripMs: this.#roundTripMs }),
    };
  }

  #onRtp(packet: Buffer, address: string, port: number): void {
    const settings = this.#settings;
    const second = packet[1] ?? 0;
    if (second >= 200 && second <= 204) return this.#onRtcp(packet);
    if (settings === undefined) return;
    const header = parseRtp(packet);
    if (header === undefined) return;
    const isEvent = header.payloadType === settings.telephoneEvent;
    if (!isEvent && header.payloadType !== settings.payloadType) return;
    const now = this.#around.now();
    if (!this.#latch.admit(address, port, header.ssrc, now)) return;
    if (!this.#hasPackets) this.#around.tell({ tell: "firstPacket", endpointId: this.id });
    this.#hasPackets = true;
    this.#lastPacketMs = now;
    const arrival = Math.round((now * settings.clockRate) / 1000) >>> 0;
    this.#received.take(
      header.ssrc,
      header.sequence,
      header.timestamp,
      arrival,
      header.payloadEnd - header.payloadStart,
    );
    if (isEvent) {
      this.#lastEventMs = now;
      this.#tellPresses(this.#events.take(packet.subarray(header.payloadStart, header.payloadEnd), header.timestamp));
    }
    if (!this.isMuted) this.peer?.forward(this, settings, packet, header, isEvent, now);
  }

  /** A packet of the other side, to be sent on. */
  forward(
    from: RelayEndpoint,
    source: StreamSettings,
    packet: Buffer,
    header: RtpHeader,
    isEvent: boolean,
    now: number,
  ): void {
    const settings = this.#settings;
    if (settings === undefined || this.isActive || !maySend(settings)) return;
    if (isEvent && settings.telephoneEvent === undefined) return;
    const key = `${from.id}/${header.ssrc}`;
    const fields = this.#out.relay(key, header.sequence, header.timestamp, header.marker, now, settings.clockRate);
    if (isEvent || source.codec === settings.codec) {
      rewriteRtp(packet, { ...fields, payloadType: isEvent ? (settings.telephoneEvent ?? 0) : settings.payloadType });
      this.#send(packet, settings, header.payloadEnd - header.payloadStart);
      return;
    }
    const [decoder, encoder] = [transcoderOf(source.codec), transcoderOf(settings.codec)];
    if (decoder === undefined || encoder === undefined) return;
    const payload = encoder.encode(decoder.decode(packet.subarray(header.payloadStart, header.payloadEnd)));
    this.#send(printRtp({ ...fields, payloadType: settings.payloadType }, payload), settings, payload.length);
  }

  #sendFrame(playback: Playback): void {
    const settings = this.#settings;
    const encoder = settings === undefined ? undefined : transcoderOf(settings.codec);
    if (settings === undefined || encoder === undefined || !maySend(settings)) return;
    const frame = new Int16Array(frameSamples);
    for (let index = 0; index < frameSamples; index += 1) {
      if (playback.at >= playback.samples.length) {
        if (!playback.isLooped) break;
        playback.at = 0;
      }
      frame[index] = playback.samples[playback.at] ?? 0;
      playback.at += 1;
    }
    const fields = this.#out.next("playback", frameSamples, this.#around.now(), settings.clockRate);
    const payload = encoder.encode(frame);
    this.#send(printRtp({ ...fields, payloadType: settings.payloadType }, payload), settings, payload.length);
    if (playback.isLooped || playback.at < playback.samples.length) return;
    this.#playback = undefined;
    this.#around.tell({
      tell: "playbackFinished",
      playbackId: playback.playbackId,
      endpointId: this.id,
      isComplete: true,
    });
  }

  /** One step of a key press: all its packets carry the timestamp of its beginning (RFC 4733 §2.1). */
  #sendEvent(): void {
    const settings = this.#settings;
    const payload = this.#dtmf.shift();
    if (payload === undefined) this.#dtmfTimestamp = undefined;
    if (settings?.telephoneEvent === undefined || payload === undefined) return;
    const advance = this.#dtmfTimestamp === undefined ? frameSamples : 0;
    const fields = this.#out.next("dtmf", advance, this.#around.now(), settings.clockRate);
    const isFirst = this.#dtmfTimestamp === undefined;
    this.#dtmfTimestamp ??= { timestamp: fields.timestamp };
    const { timestamp } = this.#dtmfTimestamp;
    const packet = printRtp({ ...fields, timestamp, marker: isFirst, payloadType: settings.telephoneEvent }, payload);
    this.#send(packet, settings, payload.length);
  }

  #onRtcp(packet: Uint8Array): void {
    const summary = parseRtcp(packet);
    if (summary === undefined) return;
    const now = this.#around.now();
    if (summary.senderNtp !== undefined) {
      this.#lastSr = summary.senderNtp;
      this.#lastSrAtMs = now;
    }
    const block = summary.blocks.find(({ ssrc }) => ssrc === this.#out.ssrc);
    if (block !== undefined) this.#roundTripMs = roundTripMs(block, now) ?? this.#roundTripMs;
  }

  #tellPresses(presses: readonly { readonly digit: string; readonly durationMs: number }[]): void {
    for (const press of presses) this.#around.tell({ tell: "dtmf", endpointId: this.id, ...press });
  }

  #send(packet: Uint8Array, settings: StreamSettings, payloadBytes: number): void {
    const latched = this.#latch.current;
    this.#out.packets += 1;
    this.#out.bytes += payloadBytes;
    this.ports.rtp.send(packet, latched?.port ?? settings.remotePort, latched?.address ?? settings.remoteAddress);
  }
}

function maySend({ direction, remoteAddress, remotePort }: StreamSettings): boolean {
  return (direction === "sendrecv" || direction === "sendonly") && remotePort !== 0 && remoteAddress !== "0.0.0.0";
}
