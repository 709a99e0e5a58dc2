import { createServer, type IncomingHttpHeaders, type RequestListener, type ServerOptions } from "node:http";
import { createServer as createTlsServer, type ServerOptions as TlsOptions } from "node:https";
import type { AddressInfo } from "node:net";
import type { WebhookSettings } from "./start-webhooks.ts";

export const webhookDefaults: WebhookSettings = {
  networks: [],
  isLoopbackAllowed: true,
  timeoutMs: 2000,
  maxAttempts: 3,
  switchOffAfterMs: 24 * 3600_000,
};

export interface ReceivedPost {
  readonly body: string;
  readonly headers: IncomingHttpHeaders;
}

/** A receiver of webhooks over a real socket. */
export interface Receiver {
  readonly url: string;
  readonly posts: readonly ReceivedPost[];
  /** What it answers from now on; undefined: nothing at all. */
  answer(status: number | undefined, headers?: Readonly<Record<string, string>>): void;
  /** Resolves when it has got so many. */
  waitFor(count: number): Promise<readonly ReceivedPost[]>;
  stop(): Promise<void>;
}

export async function startReceiver(tls?: TlsOptions & ServerOptions): Promise<Receiver> {
  const posts: ReceivedPost[] = [];
  const waiting = new Set<() => void>();
  let status: number | undefined = 204;
  let extra: Readonly<Record<string, string>> = {};
  const listener: RequestListener = (request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      posts.push({ body: Buffer.concat(chunks).toString(), headers: request.headers });
      if (status !== undefined) response.writeHead(status, extra).end();
      for (const check of waiting) check();
    });
  };
  const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // It listens on a port, not on a path.
  const { port } = server.address() as AddressInfo;
  return {
    url: `${tls === undefined ? "http" : "https"}://127.0.0.1:${port}/hook`,
    posts,
    answer: (next, headers = {}) => {
      status = next;
      extra = headers;
    },
    waitFor: (count) =>
      new Promise((resolve) => {
        const check = (): void => {
          if (posts.length < count) return;
          waiting.delete(check);
          resolve(posts);
        };
        waiting.add(check);
        check();
      }),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
