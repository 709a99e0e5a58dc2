import { randomBytes } from "node:crypto";
import { Inbox } from "../testing/inbox.ts";
import { Phone } from "../testing/phone.ts";
import { realScheduler } from "../testing/real-scheduler.ts";
import { createSelfSigned } from "../testing/self-signed.ts";
import { openWebSocketClient } from "../testing/web-socket-client.ts";
import type { ServerTransaction } from "../transaction/server-transaction.ts";
import { Endpoint } from "../user-agent/endpoint.ts";
import { openStream } from "./stream.ts";
import type { Remote, Transport, TransportEvents, TransportName } from "./transport.ts";
import { openUdp } from "./udp.ts";
import { openWebSocket } from "./web-socket.ts";

export const randomText = (): string => randomBytes(8).toString("hex");

/** One for all tests of a file: making keys takes time. */
export const tls = createSelfSigned();

export function openListening(
  name: TransportName,
  host: string,
  port: number,
  events: TransportEvents,
): Promise<Transport> {
  switch (name) {
    case "udp":
      return openUdp({ host, port }, events);
    case "tcp":
      return openStream({ host, port }, events);
    case "tls":
      return openStream({ host, port, tls }, events);
    case "ws":
      return openWebSocket({ host, port }, events);
    case "wss":
      return openWebSocket({ host, port, tls }, events);
  }
}

/** A server with real sockets that answers every request with 200, and phones that reach it. */
export class SocketBench {
  readonly endpoint: Endpoint;
  /** Who sent each message that arrived. */
  readonly sources: Remote[] = [];
  readonly requests = new Inbox<ServerTransaction>();
  readonly closedFlows = new Inbox<string>();
  readonly #phones: Phone[] = [];

  /** @param names transports, all on the port of the first where they can share it */
  static async open(names: readonly TransportName[], host: string): Promise<SocketBench> {
    const bench = new SocketBench();
    let port = 0;
    for (const name of names) {
      const transport = await openListening(name, host, port, bench.endpoint.events);
      bench.endpoint.add(transport);
      port = transport.port;
    }
    return bench;
  }

  private constructor() {
    this.endpoint = new Endpoint({
      scheduler: realScheduler,
      randomText,
      userAgent: "Server",
      admit: (_, remote) => {
        this.sources.push(remote);
        return true;
      },
      onRequest: (transaction) => {
        this.requests.put(transaction);
        if (transaction.request.method !== "INVITE") transaction.respond(200, { toTag: randomText() });
      },
      onFlowClosed: (flowId) => this.closedFlows.put(flowId),
    });
  }

  remoteOf(name: TransportName, host: string): Remote {
    const transport = this.endpoint.transport(name);
    if (transport === undefined) throw new Error(`no ${name}`);
    return { transport: name, address: host, port: transport.port };
  }

  /** @param more transports of the phone besides the one it reaches the server by */
  async phone(name: TransportName, host: string, more: readonly TransportName[] = []): Promise<Phone> {
    const server = this.remoteOf(name, host);
    const open = (transport: TransportName) => (events: TransportEvents) => {
      const isWebSocket = transport === "ws" || transport === "wss";
      if (!isWebSocket) return openListening(transport, host, 0, events);
      const place = { address: host, port: server.port };
      return openWebSocketClient({ ...place, ...(transport === "wss" && { caPem: tls.certPem }) }, events);
    };
    const phone = await Phone.open({
      scheduler: realScheduler,
      randomText,
      user: "anna",
      server,
      transports: [name, ...more].map(open),
    });
    this.#phones.push(phone);
    return phone;
  }

  async close(): Promise<void> {
    await Promise.all(this.#phones.map((phone) => phone.close()));
    await this.endpoint.close();
  }
}
