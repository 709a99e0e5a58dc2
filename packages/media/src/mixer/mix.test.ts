import { describe, expect, it } from "vitest";
import { goertzel } from "../tones/goertzel.ts";
import { sineSamples } from "../tones/tone.ts";
import { frameSamples } from "./jitter-buffer.ts";
import { loudest, mixWithout, sumOf } from "./mix.ts";
import { Talking } from "./talking.ts";

const hertz = { anna: 440, lisa: 880, tom: 1320 } as const;
type Name = keyof typeof hertz;
const names = Object.keys(hertz) as Name[];

/** Half a second of a mix for one member, frame by frame as the mixer makes it. */
function heardBy(listener: Name, level = 0.2): Int16Array {
  const count = 25;
  const heard = new Int16Array(count * frameSamples);
  for (let index = 0; index < count; index += 1) {
    const voices = names.map((member) => ({
      member,
      samples: sineSamples(hertz[member], frameSamples, index * frameSamples, level),
    }));
    const own = voices.find(({ member }) => member === listener)?.samples;
    heard.set(mixWithout(sumOf(voices), own), index * frameSamples);
  }
  return heard;
}

describe("[V2] the mix of a conference", () => {
  it.each(names)("[V2] %s hears the two others and not itself", (listener) => {
    const heard = heardBy(listener);
    for (const name of names) {
      const loudness = goertzel(heard, hertz[name]);
      if (name === listener) expect(loudness).toBeLessThan(0.01);
      else expect(loudness).toBeGreaterThan(0.1);
    }
  });

  it("[V2] loud voices together are limited, not wrapped around", () => {
    const voices = [1, 2, 3].map((member) => ({ member, samples: new Int16Array(frameSamples).fill(30_000) }));
    const mixed = mixWithout(sumOf(voices), undefined);
    expect(Math.max(...mixed)).toBeLessThanOrEqual(32_767);
    expect(Math.min(...mixed)).toBeGreaterThan(32_000);
    const single = mixWithout(sumOf(voices.slice(0, 1)), undefined);
    expect(single[0]).toBeGreaterThan(28_000);
    expect(mixWithout(sumOf(voices), voices[0]?.samples)[0]).toBeGreaterThan(32_000);
  });

  it("[V2] only the loudest are mixed when many talk", () => {
    const voices = [5, 1, 4, 2, 3].map((member) => ({
      member,
      samples: new Int16Array(frameSamples).fill(member * 100),
    }));
    expect(loudest(voices, 3).map(({ member }) => member)).toEqual([5, 4, 3]);
    expect(loudest(voices.slice(0, 2), 3)).toHaveLength(2);
  });
});

describe("whether somebody talks", () => {
  it("begins after 60 ms of voice and ends after 600 ms of silence, not between two words", () => {
    const talking = new Talking();
    const voice = sineSamples(440, frameSamples, 0, 0.2);
    const changes = (frames: number, samples: Int16Array | undefined): number =>
      Array.from({ length: frames }, () => talking.take(samples)).filter(Boolean).length;
    expect([changes(2, voice), talking.isTalking]).toEqual([0, false]);
    expect([changes(3, undefined), talking.isTalking]).toEqual([0, false]);
    expect([changes(3, voice), talking.isTalking]).toEqual([1, true]);
    expect([changes(29, undefined), talking.isTalking]).toEqual([0, true]);
    expect([changes(1, voice), talking.isTalking]).toEqual([0, true]);
    expect([changes(30, undefined), talking.isTalking]).toEqual([1, false]);
  });
});
