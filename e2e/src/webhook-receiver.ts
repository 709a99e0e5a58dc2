import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { Webhook } from "standardwebhooks";
import type { WireEvent } from "./cti.ts";

export interface WebhookReceiver {
  readonly url: string;
  /** What came with a good signature, also what came twice. */
  readonly received: readonly { readonly id: string; readonly event: WireEvent }[];
  /** What came without one. */
  readonly refused: readonly string[];
  /** The key, once it is known. */
  trust(secret: string): void;
  /** What it answers from now on. */
  answer(status: number): void;
  stop(): Promise<void>;
}

/** A receiver of webhooks that checks signatures with the library of Standard Webhooks and takes its time. */
export async function startWebhookReceiver(tookMs = 0): Promise<WebhookReceiver> {
  const received: { id: string; event: WireEvent }[] = [];
  const refused: string[] = [];
  let webhook: Webhook | undefined;
  let status = 204;
  const take = async (request: IncomingMessage): Promise<number> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString();
    if (status >= 300) return status;
    const headers: Record<string, string> = {};
    for (const [name, value] of Object.entries(request.headers)) headers[name] = String(value);
    await pause(tookMs);
    try {
      if (webhook === undefined) throw new Error("no key yet");
      const event = webhook.verify(body, headers) as WireEvent;
      received.push({ id: headers["webhook-id"] ?? "", event });
      return status;
    } catch (error) {
      refused.push(String(error));
      return 401;
    }
  };
  const server = createServer((request, response) => {
    take(request).then(
      (answer) => response.writeHead(answer).end(),
      () => response.destroy(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // It listens on a port.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    received,
    refused,
    trust: (secret) => {
      webhook = new Webhook(secret);
    },
    answer: (next) => {
      status = next;
    },
    stop: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
