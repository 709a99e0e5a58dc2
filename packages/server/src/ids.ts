/** Makes unique ids; injected, so that tests can foresee them. */
export type NewId = () => string;

export interface UuidV7Options {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly randomBytes: (size: number) => Uint8Array;
}

/**
 * UUIDv7 (RFC 9562 §5.7), strictly increasing within one generator: ids made in the same millisecond count up in the
 * 12 bits after the time (method 1 of §6.2), and a clock that jumps back does not go back in the ids.
 */
export function createUuidV7({ now, randomBytes }: UuidV7Options): NewId {
  let lastMs = 0;
  let counter = 0;
  return () => {
    const current = now();
    if (current > lastMs) {
      lastMs = current;
      counter = (randomBytes(1)[0] ?? 0) & 0x7f;
    } else if (counter === 0xfff) {
      lastMs += 1;
      counter = 0;
    } else {
      counter += 1;
    }
    const bytes = new Uint8Array(16);
    const view = new DataView(bytes.buffer);
    view.setUint32(0, Math.floor(lastMs / 0x10000));
    view.setUint16(4, lastMs % 0x10000);
    view.setUint16(6, 0x7000 | counter);
    bytes.set(randomBytes(8), 8);
    bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
    const hex = Buffer.from(bytes).toString("hex");
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  };
}
