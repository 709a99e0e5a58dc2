import type { AnswerFrame, AnyEvent } from "@pbx-x/protocol/runtime";

export type Incoming =
  | { readonly kind: "event"; readonly event: AnyEvent }
  | { readonly kind: "answer"; readonly answer: AnswerFrame }
  | { readonly kind: "malformed" };

/** Reads a frame's envelope; the rest is trusted to the server, so that a newer one does not break us ([A1], [D4]). */
export function readFrame(text: string): Incoming {
  let frame: unknown;
  try {
    frame = JSON.parse(text);
  } catch {
    return { kind: "malformed" };
  }
  if (typeof frame !== "object" || frame === null) return { kind: "malformed" };
  if ("success" in frame && "id" in frame) {
    const isWhole = frame.success === true || (frame.success === false && "error" in frame);
    // Envelope checked; the rest is what the server's own schemas made.
    return isWhole ? { kind: "answer", answer: frame as AnswerFrame } : { kind: "malformed" };
  }
  const { type, timestamp, seq, eventId, data } = frame as Readonly<Record<string, unknown>>;
  const isEvent =
    typeof type === "string" &&
    typeof timestamp === "string" &&
    (seq === undefined || Number.isSafeInteger(seq)) &&
    (eventId === undefined || typeof eventId === "string") &&
    (type === "PONG" || (typeof data === "object" && data !== null));
  return isEvent ? { kind: "event", event: frame as AnyEvent } : { kind: "malformed" };
}
