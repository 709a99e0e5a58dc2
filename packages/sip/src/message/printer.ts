import type { SipMessage } from "./message.ts";
import { printUri } from "./uri.ts";

/** A line end in a value would begin a header field that nobody wrote. */
export function oneLine(value: string): string {
  return value.includes("\n") || value.includes("\r") ? value.replaceAll(/[\r\n]+/g, " ") : value;
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
  const headBytes = Buffer.byteLength(head);
  const bytes = Buffer.allocUnsafe(headBytes + message.body.length);
  bytes.write(head);
  bytes.set(message.body, headBytes);
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}
