import { closeCodes } from "@pbx-x/protocol";
import type { Socket } from "socket.io";
import type { Wire } from "../wire.ts";
import type { Acknowledge, CommandMessage } from "./command-message.ts";
import { eventPacket, packetOf } from "./packet.ts";

export interface SocketIoWire extends Wire {
  /** A command is about to be carried out: its answer goes to its acknowledgement. */
  expect(message: CommandMessage): void;
  /** Hands over what the client says, unless it is paused. */
  onMessage(listener: (message: CommandMessage) => void): void;
  hear(message: CommandMessage): void;
}

/** Commands that wait while the session is begun. */
const maxPaused = 100;

/** A Socket.IO connection as a way out: events by their type, answers to their acknowledgements ([W18]). */
export function createSocketIoWire(socket: Socket): SocketIoWire {
  const engine = socket.conn;
  /** By the command's id; an answer without one goes to the first that has none. Each command has one answer. */
  const waiting = new Map<string | null, Acknowledge[]>();
  const paused: CommandMessage[] = [];
  let listener: (message: CommandMessage) => void = () => undefined;
  let drained: () => void = () => undefined;
  let isPaused = false;
  /** Events that are not on their way yet. */
  let eventBytes = 0;
  /** Answers that the engine has not handed to the network; it does not say when they are out. */
  let answerBytes = 0;
  let isFinal = false;

  const takeAcknowledge = (id: string | null): Acknowledge | undefined => {
    const list = waiting.get(id);
    const first = list?.shift();
    if (list?.length === 0) waiting.delete(id);
    return first;
  };
  const writeText = (text: string): void => {
    const bytes = Buffer.byteLength(text);
    eventBytes += bytes;
    engine.write(text, { compress: false }, () => {
      eventBytes -= bytes;
      if (eventBytes === 0) drained();
    });
  };
  engine.on("drain", () => {
    answerBytes = 0;
    if (eventBytes === 0) drained();
  });
  const end = (): void => {
    // Who may come back does so by itself: only where the server ends it for good the library's clients stay away.
    if (isFinal) socket.disconnect(true);
    else engine.close();
  };

  return {
    get isOpen() {
      return socket.connected && engine.readyState === "open";
    },
    takesRaw: false,
    get waitingBytes() {
      return eventBytes + answerBytes;
    },
    write: (frame) => {
      const packet = packetOf(frame);
      const acknowledge = packet.id === undefined ? undefined : takeAcknowledge(packet.id);
      if (acknowledge !== undefined) {
        answerBytes += frame.length;
        acknowledge(
          JSON.parse(packet.kind === "answer" ? packet.text : packet.text.slice(packet.text.indexOf(",") + 1, -1)),
        );
      } else writeText(packet.kind === "event" ? packet.text : eventPacket("answer", packet.text));
      if (packet.kind === "event" && packet.isFinal) isFinal = true;
      return frame.length;
    },
    writeRaw: () => {
      throw new Error("a Socket.IO connection takes no raw frames");
    },
    pause: () => {
      isPaused = true;
    },
    resume: () => {
      isPaused = false;
      for (const message of paused.splice(0)) listener(message);
    },
    close: (code) => {
      if (code === closeCodes.tooManyBadFrames) isFinal = true;
      end();
    },
    terminate: () => engine.close(true),
    onDrain: (next) => {
      drained = next;
    },
    expect: ({ parsed, acknowledge }) => {
      if (acknowledge === undefined) return;
      const id = (parsed.ok ? parsed.command.id : parsed.id) ?? null;
      waiting.set(id, [...(waiting.get(id) ?? []), acknowledge]);
    },
    onMessage: (next) => {
      listener = next;
    },
    hear: (message) => {
      if (!isPaused) return listener(message);
      if (paused.length < maxPaused) paused.push(message);
      else engine.close(true);
    },
  };
}
