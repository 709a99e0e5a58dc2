import { setTimeout as pause } from "node:timers/promises";
import { io } from "socket.io-client";
import { WebSocket } from "ws";

/** What a client has seen of the log: enough to compare it with another one. */
export interface Seen {
  /** Logged events after the start, and the sum of their positions. */
  readonly events: number;
  readonly sum: number;
  readonly reconnects: number;
  /** Connections that could not go on, and events out of order; none of either is right. */
  readonly faults: readonly string[];
}

export interface RoamingClient {
  readonly name: string;
  seen(): Seen;
  /** Stays connected from now on, and has everything up to this moment. */
  settle(): Promise<void>;
  close(): void;
}

interface Frame {
  readonly type?: string;
  readonly id?: string;
  readonly seq?: number;
  readonly data?: Readonly<Record<string, unknown>>;
}

/** One connection; `cut` ends it without a word. */
interface Line {
  send(command: string, params: object): void;
  cut(): void;
}

type Connect = (resume: Position | undefined, onFrame: (frame: Frame) => void) => Promise<Line>;

interface Position {
  readonly sessionId: string;
  readonly epoch: string;
  readonly since: number;
}

const channels = ["calls", "queues", "agents", "extensions", "conferences", "voicemail", "parking"];

/** Tokens last a quarter of an hour; a client that stays renews its own in time ([W14]). */
const renewMs = 5 * 60_000;
/** An answer that takes longer is none. */
const answerMs = 30_000;

/** A client that loses its connection every few seconds and goes on where it was. @param stayMs 0: it stays */
export function startRoamingClient(
  name: string,
  connect: Connect,
  token: () => Promise<string>,
  stayMs: () => number,
): RoamingClient {
  let position: Position | undefined;
  let events = 0;
  let sum = 0;
  let reconnects = -1;
  let isRoaming = true;
  let line: Line | undefined;
  let onPong: () => void = () => undefined;
  const faults: string[] = [];

  const onFrame = (frame: Frame): void => {
    if (frame.type === "CONNECTED") {
      const { sessionId, epoch, seq, resumed } = frame.data ?? {};
      if (position !== undefined && resumed !== true) faults.push("a session could not go on");
      position ??= { sessionId: String(sessionId), epoch: String(epoch), since: Number(seq) };
    } else if (frame.type === "PONG") onPong();
    else if (frame.seq !== undefined && frame.type !== undefined && position !== undefined) {
      if (frame.seq <= position.since) faults.push(`event ${frame.seq} after ${position.since}`);
      position = { ...position, since: frame.seq };
      events += 1;
      sum += frame.seq;
    }
  };
  const ping = async (): Promise<void> => {
    const isBack = new Promise<void>((resolve) => {
      onPong = resolve;
    });
    line?.send("ping", {});
    const isAnswered = await Promise.race([isBack.then(() => true), pause(answerMs, false, { ref: false })]);
    if (!isAnswered) throw new Error(`no answer to a ping within ${answerMs / 1000} s`);
  };
  const roam = async (): Promise<void> => {
    while (isRoaming) {
      const isFirst = position === undefined;
      line = await connect(position, onFrame);
      reconnects += 1;
      if (isFirst) line.send("subscribe", { channels });
      // Subscribed, or all that was missed is here.
      await ping();
      const ms = stayMs();
      for (let waited = 200; isRoaming && (ms === 0 || waited <= ms); waited += 200) {
        await pause(200);
        if (waited % renewMs === 0) line.send("refreshToken", { token: await token() });
      }
      if (isRoaming) line.cut();
    }
  };
  const roaming = roam().catch((error: unknown) => void faults.push(String(error)));
  return {
    name,
    seen: () => ({ events, sum, reconnects, faults }),
    settle: async () => {
      isRoaming = false;
      await roaming;
      await ping().catch((error: unknown) => void faults.push(String(error)));
    },
    close: () => line?.cut(),
  };
}

export function nativeConnect(url: string, token: () => Promise<string>): Connect {
  return async (resume, onFrame) => {
    const query = new URLSearchParams(
      resume === undefined ? {} : { resume: resume.sessionId, epoch: resume.epoch, since: String(resume.since) },
    );
    const socket = new WebSocket(`${url.replace("http", "ws")}/ws?${query.toString()}`, {
      headers: { authorization: `Bearer ${await token()}` },
    });
    const pings = setInterval(() => socket.send(JSON.stringify({ command: "ping" }), () => undefined), 30_000);
    socket.on("close", () => clearInterval(pings));
    let id = 0;
    await new Promise<void>((resolve, reject) => {
      socket.once("error", reject);
      socket.on("message", (data: Buffer) => {
        const frame = JSON.parse(data.toString()) as Frame;
        onFrame(frame);
        if (frame.type === "CONNECTED") resolve();
      });
    });
    socket.on("error", () => undefined);
    return {
      send: (command, params) => {
        id += 1;
        socket.send(JSON.stringify({ id: `s${id}-${Date.now()}`, command, params }));
      },
      cut: () => socket.terminate(),
    };
  };
}

export function socketIoConnect(url: string, token: () => Promise<string>): Connect {
  return async (resume, onFrame) => {
    const auth = { token: await token(), ...resume };
    const socket = io(url, { auth, transports: ["websocket"], reconnection: false, forceNew: true });
    await new Promise<void>((resolve, reject) => {
      socket.once("connect_error", reject);
      socket.onAny((_name: string, frame: Frame) => {
        onFrame(frame);
        if (frame.type === "CONNECTED") resolve();
      });
    });
    return {
      send: (command, params) => void socket.emit(command, params, (answer: Frame) => onFrame(answer)),
      cut: () => void socket.disconnect(),
    };
  };
}
