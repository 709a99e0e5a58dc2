/** Numbers that look random and are the same for the same seed. */
export interface SeededRandom {
  /** 0 ≤ value < 1. */
  next(): number;
  /** 16 hexadecimal digits, as a source of branches and tags. */
  text(): string;
}

/** A 32-bit generator of the xorshift family with a Weyl sequence added, good enough to shuffle and to lose. */
export function createSeededRandom(seed: number): SeededRandom {
  let state = (seed ^ 0x9e37_79b9) >>> 0 || 1;
  let weyl = 0;
  function word(): number {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    weyl = (weyl + 362_437) >>> 0;
    return (state + weyl) >>> 0;
  }
  // The first words of neighbouring seeds are alike.
  for (let count = 0; count < 8; count += 1) word();
  const hex = (): string => word().toString(16).padStart(8, "0");
  return { next: () => word() / 2 ** 32, text: () => hex() + hex() };
}
