/** What came out of a stream: whole messages, keep-alives, or the reason why the stream cannot be read on. */
export type StreamFrame =
  | { readonly kind: "message"; readonly bytes: Uint8Array }
  /** `CRLF CRLF` (RFC 5626 §3.5.1), to be answered with one CRLF. */
  | { readonly kind: "ping" }
  /** A single CRLF: the answer to our own ping. */
  | { readonly kind: "pong" }
  | { readonly kind: "error"; readonly reason: "too_large" | "no_content_length" | "two_content_lengths" };

export interface StreamFramerOptions {
  /** Bytes of one message; default 65,535. */
  readonly maxMessageSize?: number;
}

const empty = new Uint8Array(0);
const lengthPattern = /^(?:content-length|l)[ \t]*:[ \t]*(\d{1,9})[ \t]*$/gim;

/** Cuts a TCP or TLS stream into messages by Content-Length (RFC 3261 §18.3). Any chunking gives the same frames. */
export function createStreamFramer({
  maxMessageSize = 65_535,
}: StreamFramerOptions = {}): (chunk: Uint8Array) => readonly StreamFrame[] {
  let rest: Uint8Array = empty;
  let isBroken = false;
  return (chunk) => {
    if (isBroken) return [];
    rest = rest.length === 0 ? chunk : concat(rest, chunk);
    const frames: StreamFrame[] = [];
    for (;;) {
      const cut = nextFrame(rest, maxMessageSize);
      if (cut === undefined) {
        rest = Uint8Array.from(rest);
        return frames;
      }
      frames.push(cut.frame);
      rest = rest.subarray(cut.used);
      if (cut.frame.kind === "error") {
        isBroken = true;
        rest = empty;
        return frames;
      }
    }
  };
}

function nextFrame(bytes: Uint8Array, max: number): { readonly frame: StreamFrame; readonly used: number } | undefined {
  if (bytes.length === 0) return undefined;
  if (bytes[0] === 13 || bytes[0] === 10) return keepAlive(bytes);
  const headEnd = indexOfHeadEnd(bytes);
  if (headEnd < 0) return bytes.length > max ? { frame: { kind: "error", reason: "too_large" }, used: 0 } : undefined;
  const head = new TextDecoder("latin1").decode(bytes.subarray(0, headEnd));
  const [length, ...others] = [...head.matchAll(lengthPattern)].map(([, digits]) => Number(digits));
  if (length === undefined) return { frame: { kind: "error", reason: "no_content_length" }, used: 0 };
  // Where the next message begins is a guess then, and a guess lets messages be smuggled in.
  if (others.some((other) => other !== length))
    return { frame: { kind: "error", reason: "two_content_lengths" }, used: 0 };
  const end = headEnd + length;
  if (end > max) return { frame: { kind: "error", reason: "too_large" }, used: 0 };
  return end > bytes.length ? undefined : { frame: { kind: "message", bytes: bytes.slice(0, end) }, used: end };
}

/** A lone CRLF can only be told from a ping once the next byte is there, or the chunk ends with it. */
function keepAlive(bytes: Uint8Array): { readonly frame: StreamFrame; readonly used: number } | undefined {
  if (bytes[0] === 10) return { frame: { kind: "pong" }, used: 1 };
  if (bytes.length < 2) return undefined;
  if (bytes[1] !== 10) return { frame: { kind: "pong" }, used: 1 };
  if (bytes.length >= 4 && bytes[2] === 13 && bytes[3] === 10) return { frame: { kind: "ping" }, used: 4 };
  if (bytes.length === 2 || (bytes.length === 3 && bytes[2] === 13)) return undefined;
  return { frame: { kind: "pong" }, used: 2 };
}

function indexOfHeadEnd(bytes: Uint8Array): number {
  for (let at = bytes.indexOf(13); at >= 0; at = bytes.indexOf(13, at + 1)) {
    if (bytes[at + 1] === 10 && bytes[at + 2] === 13 && bytes[at + 3] === 10) return at + 4;
  }
  return -1;
}

function concat(a: Uint8Array, b: Uint8Array): Uint8Array {
  const joined = new Uint8Array(a.length + b.length);
  joined.set(a);
  joined.set(b, a.length);
  return joined;
}
