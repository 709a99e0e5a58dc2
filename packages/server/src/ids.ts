/** Makes unique ids; injected, so that tests can foresee them. */
export type NewId = () => string;

export interface UuidV7Options {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly randomBytes: (size: number) => Uint8Array;
}

const hexOfByte: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));
/** Random bytes of one id, and of how many they are fetched at once. */
const [randomSize, batch] = [8, 64];

/**
 * UUIDv7 (RFC 9562 §5.7), strictly increasing within one generator: ids made in the same millisecond count up in the
 * 12 bits after the time (method 1 of §6.2), and a clock that jumps back does not go back in the ids.
 */
export function createUuidV7({ now, randomBytes }: UuidV7Options): NewId {
  let lastMs = 0;
  let timeText = "";
  let counter = 0;
  let pool = new Uint8Array(0);
  let used = 0;
  const begin = (ms: number, firstCounter: number): void => {
    lastMs = ms;
    counter = firstCounter;
    const text = ms.toString(16).padStart(12, "0");
    timeText = `${text.slice(0, 8)}-${text.slice(8)}-7`;
  };
  const randomByte = (): number => {
    if (used === pool.length) {
      pool = Uint8Array.from(randomBytes(randomSize * batch));
      used = 0;
    }
    const byte = pool[used] ?? 0;
    // What is in an id is nowhere else.
    pool[used] = 0;
    used += 1;
    return byte;
  };
  const randomHex = (): string => hexOfByte[randomByte()] ?? "";
  return () => {
    const current = now();
    if (current > lastMs) begin(current, randomByte() & 0x7f);
    else if (counter === 0xfff) begin(lastMs + 1, 0);
    else counter += 1;
    const count = counter.toString(16).padStart(3, "0");
    const variant = (hexOfByte[0x80 | (randomByte() & 0x3f)] ?? "") + randomHex();
    const node = randomHex() + randomHex() + randomHex() + randomHex() + randomHex() + randomHex();
    return `${timeText}${count}-${variant}-${node}`;
  };
}
