import { JitterBuffer } from "../mixer/jitter-buffer.ts";
import { Talking } from "../mixer/talking.ts";
import type { RelayEndpoint } from "./endpoint.ts";
import type { Peer, Relayed, Speaker } from "./peer.ts";

/** What one phone says into a mix: packets as they come, frames by the mixer's clock. */
export class MixedMember implements Peer {
  readonly endpoint: RelayEndpoint;
  /** Set while others can hear what is above 4 kHz. */
  isWide = false;
  readonly #voice = new JitterBuffer();
  /** Goes with the voice, packet by packet. */
  readonly #above = new JitterBuffer();
  readonly #talking = new Talking();
  readonly #passPress: (digit: string) => void;
  readonly #tellTalking: (isTalking: boolean) => void;
  #frame: Int16Array | undefined;
  #higher: Int16Array | undefined;

  constructor(
    endpoint: RelayEndpoint,
    around: {
      readonly passPress: (digit: string) => void;
      readonly tellTalking: (isTalking: boolean) => void;
    },
  ) {
    this.endpoint = endpoint;
    this.#passPress = around.passPress;
    this.#tellTalking = around.tellTalking;
  }

  /** What is said in this frame. */
  get frame(): Int16Array | undefined {
    return this.#frame;
  }

  /** What of it is above 4 kHz, where it is known. */
  get higher(): Int16Array | undefined {
    return this.#higher;
  }

  /** Takes the next 20 ms. @param isHeard whether all hear it, so that who talks is told */
  advance(isHeard: boolean): void {
    this.#frame = this.#voice.take();
    this.#higher = this.#above.take();
    const hasChanged = this.#talking.take(isHeard ? this.#frame : undefined);
    if (hasChanged) this.#tellTalking(this.#talking.isTalking);
  }

  /** It is mixed no more. */
  end(): void {
    if (this.#talking.isTalking) this.#tellTalking(false);
  }

  forward(from: Speaker, { packet, header, isEvent }: Relayed): void {
    if (isEvent) return;
    const payload = packet.subarray(header.payloadStart, header.payloadEnd);
    const bands = this.isWide ? from.decodeBands(payload) : undefined;
    const samples = bands?.lower ?? from.decode(payload);
    if (samples !== undefined) this.#voice.push(header.ssrc, header.timestamp, samples);
    if (bands !== undefined) this.#above.push(header.ssrc, header.timestamp, bands.higher);
  }

  skip(): void {
    // What does not come is silence.
  }

  pressed(digit: string): void {
    this.#passPress(digit);
  }
}
