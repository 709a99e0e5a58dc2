import { mixWithout, sumOf } from "../mixer/mix.ts";
import type { MixedMember } from "./mixed-member.ts";

/** The mix of one band: for all who only listen, and for each one who is in it or is whispered to. */
export class BandMix {
  readonly #sum: Int32Array;
  readonly #chosen: readonly MixedMember[];
  readonly #whisperers: ReadonlyMap<string, MixedMember>;
  readonly #bandOf: (member: MixedMember) => Int16Array | undefined;

  /**
   * @param chosen whom all hear, but for themselves
   * @param whisperers by the id of whom each is for
   * @param bandOf what a member says in this band
   */
  constructor(
    chosen: readonly MixedMember[],
    whisperers: ReadonlyMap<string, MixedMember>,
    bandOf: (member: MixedMember) => Int16Array | undefined,
  ) {
    this.#chosen = chosen;
    this.#whisperers = whisperers;
    this.#bandOf = bandOf;
    this.#sum = sumOf(chosen.flatMap((member) => this.#voiceOf(member)));
  }

  get whole(): Int16Array {
    return mixWithout(this.#sum, undefined);
  }

  for(member: MixedMember): Int16Array {
    const own = this.#chosen.includes(member) ? this.#bandOf(member) : undefined;
    const whisperer = this.#whisperers.get(member.endpoint.id);
    const [whisper] = whisperer === undefined ? [] : this.#voiceOf(whisperer);
    if (whisper === undefined) return mixWithout(this.#sum, own);
    const sum = this.#sum.map((value, at) => value + (whisper.samples[at] ?? 0));
    return mixWithout(sum, own);
  }

  #voiceOf(member: MixedMember): readonly { readonly samples: Int16Array }[] {
    const samples = this.#bandOf(member);
    return samples === undefined ? [] : [{ samples }];
  }
}
