import { WebSocket } from "ws";
import { noteAnswer, noteChannel, noteEvent } from "./conformance/evidence.ts";

export interface WireEvent {
  readonly eventId: string;
  readonly seq?: number;
  readonly type: string;
  readonly timestamp: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface Answer {
  readonly id: string | null;
  readonly success: boolean;
  readonly data?: Readonly<Record<string, unknown>>;
  readonly error?: {
    readonly code: string;
    readonly message: string;
    readonly details?: Readonly<Record<string, unknown>>;
  };
  readonly seq?: number;
}

/** A client written against the specification alone: a bare WebSocket with JSON, no SDK. */
export interface Cti {
  readonly events: readonly WireEvent[];
  send(command: string, params?: Readonly<Record<string, unknown>>): Promise<Answer>;
  sendRaw(frame: string): void;
  /** The first event, past or future, that fits. */
  waitFor(type: string, where?: (event: WireEvent) => boolean, timeoutMs?: number): Promise<WireEvent>;
  typesOf(callId: string): readonly string[];
  closed: Promise<{ code: number; reason: string }>;
  readonly socket: WebSocket;
  close(): Promise<void>;
  /** Cuts the connection without a word. */
  cut(): void;
}

export async function login(url: string, email: string, password: string): Promise<string> {
  const response = await fetch(`${url}/api/v1/auth/login`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ email, password }),
  });
  if (!response.ok) throw new Error(`log-in of ${email} failed: ${response.status} ${await response.text()}`);
  const body = (await response.json()) as { tokens: { accessToken: string } };
  return body.tokens.accessToken;
}

export function connectCti(url: string, token: string, query: Readonly<Record<string, string>> = {}): Promise<Cti> {
  const address = new URL("/ws", url.replace(/^http/, "ws"));
  for (const [name, value] of Object.entries(query)) address.searchParams.set(name, value);
  const socket = new WebSocket(address, { headers: { authorization: `Bearer ${token}` } });
  const events: WireEvent[] = [];
  const waiting = new Set<() => void>();
  const answers = new Map<string, (answer: Answer) => void>();
  let counter = 0;
  /** What it is subscribed to. */
  const channels: string[] = [];
  const settle = (answer: Answer): void => {
    const id = answer.id ?? "";
    answers.get(id)?.(answer);
    answers.delete(id);
  };
  socket.on("message", (data: Buffer) => {
    const frame = JSON.parse(data.toString()) as WireEvent | Answer;
    if ("type" in frame) {
      events.push(frame);
      for (const check of waiting) check();
      // A ping has no other answer ([W3]).
      const { id } = frame as { readonly id?: string };
      if (frame.type === "PONG" && id !== undefined) settle({ id, success: true, data: frame.data });
    } else if (frame.id !== null) settle(frame);
  });
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.on("close", (code, reason) => resolve({ code, reason: reason.toString() }));
  });
  // As the specification asks of every client; without it the server gives the connection up.
  const heartbeat = setInterval(() => socket.send(JSON.stringify({ id: "heartbeat", command: "ping" })), 30_000);
  void closed.then(() => clearInterval(heartbeat));
  const cti: Cti = {
    events,
    socket,
    closed,
    send: (command, params = {}) =>
      new Promise((resolve, reject) => {
        counter += 1;
        const id = `e2e-${counter}`;
        const late = setTimeout(() => reject(new Error(`no answer to ${command} in 15 s`)), 15_000);
        answers.set(id, (answer) => {
          clearTimeout(late);
          noteAnswer(command, answer);
          if (command === "subscribe" && answer.success) channels.push(...((params["channels"] ?? []) as string[]));
          resolve(answer);
        });
        socket.send(JSON.stringify({ id, command, params }));
      }),
    sendRaw: (frame) => socket.send(frame),
    waitFor: (type, where = () => true, timeoutMs = 20_000) =>
      new Promise((resolve, reject) => {
        const check = (): void => {
          const found = events.find((event) => event.type === type && where(event));
          if (found === undefined) return;
          clearTimeout(late);
          waiting.delete(check);
          noteEvent(type, found.data ?? {});
          const [only, ...others] = channels;
          if (found.seq !== undefined && only !== undefined && others.length === 0) noteChannel(only);
          resolve(found);
        };
        const late = setTimeout(() => {
          waiting.delete(check);
          reject(new Error(`no ${type} in ${timeoutMs} ms; seen: ${events.map((event) => event.type).join(", ")}`));
        }, timeoutMs);
        waiting.add(check);
        check();
      }),
    typesOf: (callId) => events.filter((event) => event.data["callId"] === callId).map((event) => event.type),
    close: async () => {
      socket.close();
      await closed;
    },
    cut: () => socket.terminate(),
  };
  return new Promise((resolve, reject) => {
    socket.once("error", reject);
    socket.once("open", () => {
      cti.waitFor("CONNECTED").then(() => resolve(cti), reject);
    });
  });
}
