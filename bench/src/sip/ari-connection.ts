import { WebSocket } from "ws";

export interface AriPlace {
  /** `host:port` of Asterisk's HTTP server. */
  readonly http: string;
  /** `user:password`. */
  readonly credentials: string;
  readonly application: string;
}

export interface AriEvent {
  readonly type: string;
  readonly args?: readonly string[];
  readonly channel?: { readonly id: string };
  readonly peer?: { readonly id: string };
  readonly dialstatus?: string;
  readonly cause?: number;
}

export interface AriConnection {
  /** A REST request, sent over the same WebSocket that the events come by: the fastest of the ways that ARI has. */
  request(method: "POST" | "DELETE", path: string): Promise<void>;
  close(): void;
}

interface Answer {
  readonly request_id: string;
  readonly status_code: number;
  readonly message_body?: string;
}

/** Asterisk sends what the application acts on, and nothing else. */
const wanted = ["StasisStart", "Dial", "ChannelDestroyed", "RESTResponse"];

export async function connectAri(
  { http, credentials, application }: AriPlace,
  onEvent: (event: AriEvent) => void,
): Promise<AriConnection> {
  const socket = new WebSocket(`ws://${http}/ari/events?app=${application}&api_key=${credentials}`);
  const waiting = new Map<string, { resolve: () => void; reject: (error: Error) => void }>();
  let counter = 0;
  socket.on("message", (data: Buffer) => {
    const message = JSON.parse(data.toString()) as AriEvent & Answer;
    if (message.type !== "RESTResponse") return onEvent(message);
    const asked = waiting.get(message.request_id);
    waiting.delete(message.request_id);
    if (message.status_code < 300) asked?.resolve();
    else asked?.reject(new Error(`${message.status_code} ${message.message_body ?? ""}`));
  });
  await new Promise((resolve, reject) => {
    socket.once("open", resolve);
    socket.once("error", reject);
  });
  const filtered = await fetch(`http://${http}/ari/applications/${application}/eventFilter`, {
    method: "PUT",
    headers: {
      authorization: `Basic ${Buffer.from(credentials).toString("base64")}`,
      "content-type": "application/json",
    },
    body: JSON.stringify({ allowed: wanted.map((type) => ({ type })) }),
  });
  if (!filtered.ok) throw new Error(`the events could not be filtered: ${filtered.status}`);
  return {
    request: (method, path) =>
      new Promise((resolve, reject) => {
        counter += 1;
        const id = String(counter);
        waiting.set(id, { resolve, reject });
        socket.send(JSON.stringify({ type: "RESTRequest", transaction_id: id, request_id: id, method, uri: path }));
      }),
    close: () => socket.terminate(),
  };
}
