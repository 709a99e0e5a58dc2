import { WebSocket } from "ws";

export interface WatchedEvent {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** When it arrived, by `performance.now()`. */
  readonly at: number;
}

export interface Watcher {
  /** Events so far, those that `keep` was told to keep. */
  readonly count: () => number;
  send(command: string, params: object): void;
  close(): void;
}

/** A bare client that is subscribed to everything. */
export async function watch(
  url: string,
  token: string,
  onEvent: (event: WatchedEvent) => void = () => undefined,
): Promise<Watcher> {
  const socket = new WebSocket(`${url.replace("http", "ws")}/ws`, { headers: { authorization: `Bearer ${token}` } });
  let count = 0;
  let id = 0;
  const send = (command: string, params: object): void => {
    id += 1;
    socket.send(JSON.stringify({ id: `b${id}`, command, params }));
  };
  await new Promise<void>((resolve, reject) => {
    socket.once("error", reject);
    socket.on("message", (data: Buffer) => {
      const at = performance.now();
      const frame = JSON.parse(data.toString()) as { type?: string; id?: string; data: Record<string, unknown> };
      if (frame.type === "CONNECTED") send("subscribe", { channels: ["calls", "extensions", "system"] });
      else if (frame.id === "b1") resolve();
      else if (frame.type !== undefined) {
        count += 1;
        onEvent({ type: frame.type, data: frame.data, at });
      }
    });
  });
  const pings = setInterval(() => send("ping", {}), 30_000);
  return {
    count: () => count,
    send,
    close: () => {
      clearInterval(pings);
      socket.terminate();
    },
  };
}
