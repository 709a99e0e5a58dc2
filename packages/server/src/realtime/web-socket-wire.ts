import type { Duplex } from "node:stream";
import { WebSocket } from "ws";
import { deflatedFrame } from "./frame.ts";
import type { Wire } from "./wire.ts";

/**
 * Frames are written ready-made to the raw socket, many at a time; `ws` reads, and answers its own control frames on the
 * same socket, each in one write, so nothing interleaves.
 */
export function createWebSocketWire(webSocket: WebSocket, raw: Duplex): Wire {
  /** The client takes compressed frames ([W35]). */
  const isDeflating = webSocket.extensions.includes("permessage-deflate");
  return {
    get isOpen() {
      return webSocket.readyState <= WebSocket.OPEN;
    },
    takesRaw: !isDeflating,
    get waitingBytes() {
      return raw.writableLength;
    },
    write: (frame) => {
      const bytes = isDeflating ? deflatedFrame(frame) : frame;
      raw.write(bytes);
      return bytes.length;
    },
    writeRaw: (frames) => {
      raw.write(frames);
    },
    pause: () => webSocket.pause(),
    resume: () => webSocket.resume(),
    close: (code) => webSocket.close(code),
    terminate: () => webSocket.terminate(),
    onDrain: (listener) => {
      raw.on("drain", listener);
    },
  };
}
