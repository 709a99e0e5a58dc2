import { textOf } from "../frame.ts";

/** A frame of the native socket as Socket.IO carries it. */
export type Packet =
  /** An event: its type is its name. `text` is the whole packet (Socket.IO protocol 5: type 2, EVENT). */
  | { readonly kind: "event"; readonly id: string | undefined; readonly text: string; readonly isFinal: boolean }
  /** An answer, for the acknowledgement of its command. */
  | { readonly kind: "answer"; readonly id: string | null; readonly text: string };

const known = new WeakMap<Buffer, Packet>();

/** Read once for all who get the same frame ([W32]). */
export function packetOf(frame: Buffer): Packet {
  const found = known.get(frame);
  if (found !== undefined) return found;
  const json = textOf(frame);
  // Only this server makes frames: events, and answers to commands.
  const content = JSON.parse(json) as {
    readonly type?: string;
    readonly id?: string | null;
    readonly data?: { readonly reconnect?: boolean };
  };
  const { type, id } = content;
  const packet: Packet =
    type === undefined
      ? { kind: "answer", id: id ?? null, text: json }
      : {
          kind: "event",
          id: id ?? undefined,
          text: eventPacket(type, json),
          isFinal: type === "DISCONNECTED" && content.data?.reconnect === false,
        };
  known.set(frame, packet);
  return packet;
}

/** @param json the argument, as JSON */
export function eventPacket(name: string, json: string): string {
  return `2[${JSON.stringify(name)},${json}]`;
}
