import type { AnswerFrame, AnyEvent } from "@pbx-x/protocol/runtime";

/** An answer to a command, an event, or neither of them. */
export type Incoming = { readonly answer: AnswerFrame } | { readonly event: AnyEvent } | undefined;

/** Reads a frame's envelope; the rest is trusted to the server, so that a newer one does not break us ([A1], [D4]). */
export function readFrame(text: string): Incoming {
  let frame: unknown;
  try {
    frame = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(frame)) return undefined;
  if ("success" in frame && "id" in frame) {
    const isWhole = frame["success"] === true || (frame["success"] === false && "error" in frame);
    // Envelope checked; the rest is what the server's own schemas made.
    return isWhole ? { answer: frame as AnswerFrame } : undefined;
  }
  const { type, timestamp, seq, eventId, data } = frame;
  const isEvent =
    typeof type === "string" &&
    typeof timestamp === "string" &&
    (seq === undefined || Number.isSafeInteger(seq)) &&
    (eventId === undefined || typeof eventId === "string") &&
    (type === "PONG" || isObject(data));
  return isEvent ? { event: frame as unknown as AnyEvent } : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
