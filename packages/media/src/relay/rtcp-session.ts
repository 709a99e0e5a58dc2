import type { ReceiverReport } from "../rtp/receiver-statistics.ts";
import { parseRtcp, printRtcp, type RtcpBlock, roundTripMs } from "../rtp/rtcp.ts";
import type { OutStream } from "./out-stream.ts";

/** Sender and receiver reports with one phone (RFC 3550 §6.4): ours, and what its own say about us. */
export class RtcpSession {
  readonly #out: OutStream;
  #lastSr = 0;
  #lastSrAtMs = 0;
  #roundTripMs: number | undefined;
  #lastBlock: RtcpBlock | undefined;
  #toldBlock: RtcpBlock | undefined;
  #sentAtReport = 0;

  constructor(out: OutStream) {
    this.#out = out;
  }

  get roundTripMs(): number | undefined {
    return this.#roundTripMs;
  }

  /** Packets of ours that the phone says it never had. */
  get lostThere(): number | undefined {
    return this.#lastBlock === undefined ? undefined : Math.max(0, this.#lastBlock.cumulativeLost);
  }

  /** What the phone reported of our voice since this was asked last; undefined when it did not. */
  takeReport(): RtcpBlock | undefined {
    const block = this.#lastBlock;
    const isNew = block !== this.#toldBlock;
    this.#toldBlock = block;
    return isNew ? block : undefined;
  }

  take(packet: Uint8Array, nowMs: number): void {
    const summary = parseRtcp(packet);
    if (summary === undefined) return;
    if (summary.senderNtp !== undefined) {
      this.#lastSr = summary.senderNtp;
      this.#lastSrAtMs = nowMs;
    }
    const block = summary.blocks.find(({ ssrc }) => ssrc === this.#out.ssrc);
    if (block === undefined) return;
    this.#lastBlock = block;
    this.#roundTripMs = roundTripMs(block, nowMs) ?? this.#roundTripMs;
  }

  /** A sender report when something was sent since the last one, else a receiver report. */
  print(received: ReceiverReport | undefined, nowMs: number, clockRate: number): Uint8Array {
    const { ssrc, packets, bytes } = this.#out;
    const hasSent = packets > this.#sentAtReport;
    this.#sentAtReport = packets;
    const delay = this.#lastSr === 0 ? 0 : Math.round(((nowMs - this.#lastSrAtMs) / 1000) * 65_536);
    return printRtcp({
      ssrc,
      cname: "pbx-x",
      nowMs,
      ...(hasSent && { sent: { timestamp: this.#out.timestampAt(nowMs, clockRate), packets, bytes } }),
      ...(received !== undefined && { received: { ...received, lastSr: this.#lastSr, delaySinceLastSr: delay } }),
    });
  }
}
