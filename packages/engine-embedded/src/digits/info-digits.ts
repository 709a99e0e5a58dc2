import type { SipRequest } from "@pbx-x/sip";

/** A key press told by INFO, or what is wrong with it. */
export type InfoDigit =
  | { readonly kind: "digit"; readonly digit: string; readonly durationMs: number }
  /** A hook flash, or nothing at all: taken, and without a meaning here. */
  | { readonly kind: "nothing" }
  | { readonly kind: "malformed" }
  | { readonly kind: "unknown_type" };

/** Of an INFO that says nothing of it; also the longest that is believed. */
const usualMs = 250;
const longestMs = 10_000;

/** Reads `application/dtmf-relay`, `application/dtmf` and `application/hook-flash`, which no standard describes. */
export function readInfoDigit({ headers, body }: Pick<SipRequest, "headers" | "body">): InfoDigit {
  const type = (headers.get("Content-Type") ?? "").split(";")[0]?.trim().toLowerCase();
  const text = new TextDecoder().decode(body.subarray(0, 512));
  switch (type) {
    case "application/dtmf-relay": {
      const signal = /^\s*Signal\s*=\s*(\S+)\s*$/im.exec(text)?.[1];
      const duration = Number(/^\s*Duration\s*=\s*(\d{1,5})/im.exec(text)?.[1] ?? usualMs);
      return digitOf(signal, Math.min(duration, longestMs));
    }
    case "application/dtmf":
      return digitOf(text.trim(), usualMs);
    case "application/hook-flash":
      return { kind: "nothing" };
    default:
      return { kind: text.trim() === "" ? "nothing" : "unknown_type" };
  }
}

/** Keys by name, or by their numbers of RFC 4733 §3.2. */
function digitOf(signal: string | undefined, durationMs: number): InfoDigit {
  if (signal === undefined) return { kind: "malformed" };
  if (/^[0-9A-D*#]$/i.test(signal)) return { kind: "digit", digit: signal.toUpperCase(), durationMs };
  if (/^(16|!|f|flash|hf)$/i.test(signal)) return { kind: "nothing" };
  const digit = /^1[0-5]$/.test(signal) ? "*#ABCD"[Number(signal) - 10] : undefined;
  return digit === undefined ? { kind: "malformed" } : { kind: "digit", digit, durationMs };
}

export const infoDigitType = "application/dtmf-relay";

export function printInfoDigit(digit: string, durationMs: number): string {
  return `Signal=${digit}\r\nDuration=${durationMs}\r\n`;
}
