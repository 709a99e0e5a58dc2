import type { SipMessage } from "./message.ts";
import { printUri } from "./uri.ts";

const encoder = new TextEncoder();

/** A line end in a value would begin a header field that nobody wrote. */
export function oneLine(value: string): string {
  return /[\r\n]/.test(value) ? value.replaceAll(/[\r\n]+/g, " ") : value;
}

/** The message as bytes; `Content-Length` is always the body's own. */
export function printMessage(message: SipMessage): Uint8Array {
  let head =
    message.kind === "request"
      ? `${message.method} ${printUri(message.uri)} SIP/2.0\r\n`
      : `SIP/2.0 ${message.status} ${oneLine(message.reason)}\r\n`;
  for (const { name, value } of message.headers) {
    if (name !== "Content-Length") head += `${name}: ${oneLine(value)}\r\n`;
  }
  head += `Content-Length: ${message.body.length}\r\n\r\n`;
  const start = encoder.encode(head);
  if (message.body.length === 0) return start;
  const bytes = new Uint8Array(start.length + message.body.length);
  bytes.set(start);
  bytes.set(message.body, start.length);
  return bytes;
}
