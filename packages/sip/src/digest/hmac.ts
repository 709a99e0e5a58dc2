import { createHash, hash } from "node:crypto";

/** Bytes of SHA-256's block. */
const blockBytes = 64;

/**
 * HMAC-SHA-256 (RFC 2104) with one key for many short texts. Each REGISTER and INVITE signs or checks a nonce; the platform's
 * HMAC makes an object with a context of its own every time, which costs several times the hashing itself.
 */
export function createHmacSha256(key: Uint8Array): (text: string) => Buffer {
  const short = key.length > blockBytes ? createHash("sha256").update(key).digest() : key;
  const padded = Buffer.alloc(blockBytes);
  padded.set(short);
  const inner = padded.map((byte) => byte ^ 0x36);
  const outer = padded.map((byte) => byte ^ 0x5c);
  return (text) => {
    const first = hash("sha256", Buffer.concat([inner, Buffer.from(text)]), "buffer");
    return hash("sha256", Buffer.concat([outer, first]), "buffer");
  };
}
