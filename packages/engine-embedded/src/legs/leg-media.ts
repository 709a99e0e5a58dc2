import {
  acceptAnswer,
  type CodecName,
  createAnswer,
  createOffer,
  type LocalMedia,
  type MediaService,
  type Negotiated,
  parseSdp,
  printSdp,
} from "@pbx-x/media";
import { codecsToOffer } from "../codec-choice.ts";
import { readSdp } from "./read-sdp.ts";

export interface LegMediaOptions {
  readonly media: MediaService;
  readonly endpointId: string;
  /** Address in the SDP. */
  readonly address: string;
  readonly sessionId: string;
}

/** One leg's voice: its ports, its side of offer and answer (RFC 3264), what was agreed on. */
export class LegMedia {
  readonly #options: LegMediaOptions;
  #port = 0;
  #rtcpPort = 0;
  #version = 0;
  #codecs: readonly CodecName[] = [];
  #negotiated: Negotiated | undefined;
  #offered: LocalMedia | undefined;
  #lastSdp = "";
  #isOffering = false;
  #isClosed = false;

  constructor(options: LegMediaOptions) {
    this.#options = options;
  }

  get negotiated(): Negotiated | undefined {
    return this.#negotiated;
  }

  /** An offer in mid-call waits for its answer. */
  get isOffering(): boolean {
    return this.#isOffering;
  }

  async open(): Promise<boolean> {
    const { media, endpointId } = this.#options;
    const opened = await media.open(endpointId);
    if (!opened.ok) return false;
    this.#port = opened.port;
    this.#rtcpPort = opened.rtcpPort;
    if (this.#isClosed) void media.close(endpointId);
    return !this.#isClosed;
  }

  offer(codecs: readonly CodecName[]): string {
    this.#codecs = codecs;
    this.#offered = this.#local(codecs);
    this.#lastSdp = createOffer(this.#offered);
    return this.#lastSdp;
  }

  /**
   * Our offer in mid-call, for a far side that asks for one: all that is possible (RFC 3261 §14.2), the codec in use first;
   * what else was refused before keeps its place (RFC 3264 §8).
   */
  reoffer(): string {
    const current = this.#negotiated?.codec;
    this.#offered = this.#local(codecsToOffer(current === undefined ? [] : [current], this.#codecs));
    this.#lastSdp = inPlaceOf(this.#lastSdp, createOffer(this.#offered));
    this.#isOffering = true;
    return this.#lastSdp;
  }

  /** What was described last, word for word: an offer that changes nothing (RFC 4028 §7.4, RFC 3264 §8). */
  offerAgain(): string {
    const current = this.#negotiated?.codec;
    this.#offered = this.#side(current === undefined ? this.#codecs : [current, ...this.#codecs]);
    this.#isOffering = true;
    return this.#lastSdp;
  }

  /** The far side's answer to our offer; false when nothing is in common. */
  accept(body: Uint8Array): boolean {
    this.#isOffering = false;
    const answer = readSdp(body);
    if (answer === undefined || this.#offered === undefined) return false;
    const result = acceptAnswer(answer, this.#offered);
    if (!result.ok) return false;
    this.#apply(result.negotiated);
    return true;
  }

  /** Our answer to the far side's offer, the wanted codecs first; undefined when nothing is in common. */
  answer(body: Uint8Array, codecs: readonly CodecName[]): string | undefined {
    const offer = readSdp(body);
    if (offer === undefined) return undefined;
    this.#codecs = codecs;
    this.#isOffering = false;
    const result = createAnswer(offer, this.#local(codecs));
    if (!result.ok) return undefined;
    this.#apply(result.negotiated);
    this.#lastSdp = result.sdp;
    return result.sdp;
  }

  /** A new offer in mid-call: the codec in use is kept if it can be. */
  reanswer(body: Uint8Array): string | undefined {
    const current = this.#negotiated?.codec;
    const codecs = current === undefined ? this.#codecs : [current, ...this.#codecs.filter((name) => name !== current)];
    return this.answer(body, codecs);
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    if (this.#port !== 0) void this.#options.media.close(this.#options.endpointId);
  }

  #local(codecs: readonly CodecName[]): LocalMedia {
    this.#version += 1;
    return this.#side(codecs);
  }

  #side(codecs: readonly CodecName[]): LocalMedia {
    return {
      address: this.#options.address,
      port: this.#port,
      rtcpPort: this.#rtcpPort,
      codecs,
      sessionId: this.#options.sessionId,
      version: this.#version,
      direction: "sendrecv",
    };
  }

  #apply(negotiated: Negotiated): void {
    this.#negotiated = negotiated;
    this.#options.media.configure(this.#options.endpointId, negotiated);
  }
}

/** An offer with as many media lines as the description before had. */
function inPlaceOf(before: string, offer: string): string {
  const [former, next] = [parseSdp(before), parseSdp(offer)];
  const voice = next?.media[0];
  if (former === undefined || next === undefined || voice === undefined || former.media.length < 2) return offer;
  return printSdp({ ...next, media: former.media.map((media) => (media.port === 0 ? media : voice)) });
}
