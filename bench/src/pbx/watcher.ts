import { WebSocket } from "ws";
import { clockMs } from "../clock.ts";

export interface WatchedEvent {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** Position in the log; 0 for what is not in it. */
  readonly seq: number;
  /** When it arrived, by `clockMs()`. */
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
      const at = clockMs();
      const frame = JSON.parse(data.toString()) as {
        type?: string;
        id?: string;
        seq?: number;
        data: Record<string, unknown>;
      };
      if (frame.type === "CONNECTED") send("subscribe", { channels: ["calls", "extensions", "system"] });
      else if (frame.id === "b1") resolve();
      else if (frame.type !== undefined) {
        count += 1;
        onEvent({ type: frame.type, seq: frame.seq ?? 0, data: frame.data, at });
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
