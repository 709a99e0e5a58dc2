import { parseRtp, printRtp, type RtpHeader } from "../rtp/rtp-packet.ts";
import { freePortRange } from "../testing/free-ports.ts";
import { openUdpPeer, type UdpPeer } from "../testing/udp-peer.ts";
import { RelayEndpoint } from "./endpoint.ts";
import { PortPool } from "./port-pool.ts";
import type { RelayReport, StreamSettings } from "./relay-messages.ts";

/** A phone with real sockets and its endpoint in the relay, whose clock the test moves. */
export interface BenchPhone {
  readonly endpoint: RelayEndpoint;
  readonly rtp: UdpPeer;
  readonly rtcp: UdpPeer;
  readonly ssrc: number;
  /** Its next voice packet, or one with these fields. */
  speak(fields?: Partial<RtpHeader>, payload?: Uint8Array): void;
  hear(): Promise<RtpHeader & { readonly payload: Buffer }>;
  configure(changes?: Partial<StreamSettings>): void;
}

export interface EndpointBench {
  readonly told: RelayReport[];
  nowMs: number;
  phone(id: string, changes?: Partial<StreamSettings>): Promise<BenchPhone>;
  bridge(one: BenchPhone, other: BenchPhone): void;
  /** Moves the clock by 20 ms and every endpoint with it. */
  tick(times?: number): void;
  close(): void;
}

export function createEndpointBench(): EndpointBench {
  const told: RelayReport[] = [];
  const phones: BenchPhone[] = [];
  const bench: EndpointBench = {
    told,
    nowMs: Date.UTC(2026, 0, 1),
    phone: async (id, changes) => {
      const { min, max } = await freePortRange(1);
      const ports = await new PortPool({ address: "127.0.0.1", min, max, now: () => bench.nowMs }).take();
      if (ports === undefined) throw new Error("the ports are taken");
      const tell = (report: RelayReport): void => void told.push(report);
      let seed = phones.length * 1000;
      const random = (): number => (seed += 7);
      const endpoint = new RelayEndpoint(id, ports, { tell, now: () => bench.nowMs, random, silenceMs: 30_000 });
      const phone = await createPhone(endpoint, phones.length + 1);
      phones.push(phone);
      phone.configure(changes);
      return phone;
    },
    bridge: (one, other) => {
      one.endpoint.peer = other.endpoint;
      other.endpoint.peer = one.endpoint;
    },
    tick: (times = 1) => {
      for (let time = 0; time < times; time += 1) {
        bench.nowMs += 20;
        for (const { endpoint } of phones) if (endpoint.isActive) endpoint.tick();
      }
    },
    close: () => {
      for (const { endpoint, rtp, rtcp } of phones) {
        for (const socket of [endpoint.ports.rtp, endpoint.ports.rtcp, rtp, rtcp]) socket.close();
      }
    },
  };
  return bench;
}

async function createPhone(endpoint: RelayEndpoint, ssrc: number): Promise<BenchPhone> {
  const [rtp, rtcp] = [await openUdpPeer(), await openUdpPeer()];
  let sequence = 100;
  return {
    endpoint,
    rtp,
    rtcp,
    ssrc,
    speak: (fields = {}, payload = new Uint8Array(160).fill(0xd5)) => {
      sequence = fields.sequence ?? sequence + 1;
      const packet = { payloadType: 8, marker: false, sequence, timestamp: sequence * 160, ssrc, ...fields };
      rtp.send(printRtp(packet, payload), endpoint.ports.port);
    },
    hear: async () => {
      const packet = await rtp.next();
      const header = parseRtp(packet);
      if (header === undefined) throw new Error("not RTP");
      return { ...header, payload: packet.subarray(header.payloadStart, header.payloadEnd) };
    },
    configure: (changes = {}) =>
      endpoint.configure({
        codec: "PCMA",
        payloadType: 8,
        telephoneEvent: 101,
        remoteAddress: "127.0.0.1",
        remotePort: rtp.port,
        remoteRtcpPort: rtcp.port,
        rtcpMux: false,
        direction: "sendrecv",
        clockRate: 8000,
        ...changes,
      }),
  };
}
