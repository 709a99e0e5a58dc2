import { randomBytes } from "node:crypto";
import { connect, type Socket } from "node:net";
import { serveParent } from "../child.ts";
import { FrameCounter } from "./frame-counter.ts";

// Many receivers in one process: bare TCP with a hand-made upgrade, so that the receiving side costs as little as can be.

interface Receiver {
  readonly socket: Socket;
  readonly counter: FrameCounter;
  base: number;
}

const receivers: Receiver[] = [];
let notify: (() => void) | undefined;

serveParent(async (request) => {
  switch (request["do"]) {
    case "open": {
      const count = Number(request["count"]);
      const options = request as unknown as OpenOptions;
      for (let opened = 0; opened < count; opened += 100) {
        const batch = Array.from({ length: Math.min(100, count - opened) }, () => open(options));
        const ready = await Promise.all(batch);
        if (options.isStuck === true) for (const { socket } of ready) socket.pause();
        else receivers.push(...ready);
      }
      return receivers.length;
    }
    case "mark":
      for (const receiver of receivers) receiver.base = progressOf(receiver, request["unit"]);
      return undefined;
    case "wait":
      return waitFor(Number(request["each"]), request["unit"]);
    default:
      throw new Error("unknown request");
  }
});

interface OpenOptions {
  readonly port: number;
  readonly path: string;
  readonly protocol?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Frames to send once open, in order. */
  readonly say: readonly string[];
  /** Stops reading once it is open, and is not counted. */
  readonly isStuck?: boolean;
}

function open({ port, path, headers, protocol, say }: OpenOptions): Promise<Receiver> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: "127.0.0.1", noDelay: true });
    const counter = new FrameCounter();
    const receiver: Receiver = { socket, counter, base: 0 };
    socket.once("error", reject);
    socket.on("connect", () => {
      const extra = Object.entries(headers ?? {}).map(([name, value]) => `${name}: ${value}\r\n`);
      if (protocol !== undefined) extra.push(`Sec-WebSocket-Protocol: ${protocol}\r\n`);
      socket.write(
        `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
          `Sec-WebSocket-Key: ${randomBytes(16).toString("base64")}\r\nSec-WebSocket-Version: 13\r\n${extra.join("")}\r\n`,
      );
    });
    let isOpen = false;
    socket.on("data", (data: Buffer) => {
      if (isOpen) {
        counter.push(data);
        notify?.();
        return;
      }
      const end = data.indexOf("\r\n\r\n");
      if (end < 0 || !data.subarray(0, 12).toString().startsWith("HTTP/1.1 101")) {
        reject(new Error(`not upgraded: ${data.subarray(0, 200).toString()}`));
        return;
      }
      isOpen = true;
      counter.push(data.subarray(end + 4));
      for (const text of say) socket.write(maskedFrame(text));
      resolve(receiver);
    });
  });
}

/** Clients mask (RFC 6455 §5.3); a zero mask is a mask. */
function maskedFrame(text: string): Buffer {
  const payload = Buffer.from(text);
  const head =
    payload.length < 126
      ? Buffer.from([0x81, 0x80 | payload.length])
      : Buffer.from([0x81, 0x80 | 126, payload.length >> 8, payload.length & 0xff]);
  return Buffer.concat([head, Buffer.alloc(4), payload]);
}

function progressOf({ counter }: Receiver, unit: unknown): number {
  return unit === "bytes" ? counter.payloadBytes : counter.messages;
}

const longestWaitMs = 60_000;

/** Resolves when every receiver has so many more than at the mark. */
function waitFor(each: number, unit: unknown): Promise<void> {
  return new Promise((resolve, reject) => {
    let first = 0;
    const late = setTimeout(() => {
      notify = undefined;
      reject(new Error(`receiver ${first} of ${receivers.length} never got what was published`));
    }, longestWaitMs);
    notify = () => {
      for (; first < receivers.length; first += 1) {
        const receiver = receivers[first];
        if (receiver !== undefined && progressOf(receiver, unit) - receiver.base < each) return;
      }
      notify = undefined;
      clearTimeout(late);
      resolve();
    };
    notify();
  });
}
