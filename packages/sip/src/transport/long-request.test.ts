import { createServer } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { TransportName } from "./transport.ts";
import { SocketBench } from "./transport-testbench.ts";

/** A server on UDP and, where asked for, on TCP at the same port; another port is taken when that one is in use. */
async function openServer(names: readonly TransportName[], host: string): Promise<SocketBench> {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    try {
      const bench = await SocketBench.open(names, host);
      if (names.includes("tcp") || (await isFree(bench.remoteOf("udp", host).port, host))) return bench;
      await bench.close();
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EADDRINUSE")) throw error;
    }
  }
  throw new Error("no port is free for both");
}

function isFree(port: number, host: string): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once("error", () => resolve(false));
    server.listen(port, host, () => void server.close(() => resolve(true)));
  });
}

describe.each(["127.0.0.1", "::1"])("a request that is too long for a datagram, at %s (RFC 3261 §18.1.1)", (host) => {
  let bench: SocketBench | undefined;

  beforeEach(() => {
    bench = undefined;
  });

  afterEach(() => bench?.close());

  async function send(
    names: readonly TransportName[],
    bytes: number,
  ): Promise<readonly (string | number | undefined)[]> {
    bench = await openServer(names, host);
    const phone = await bench.phone("udp", host, ["tcp"]);
    const { status, via } = await phone.request("MESSAGE", { to: "200", body: "x".repeat(bytes) });
    return [status, via[0]?.transport, ...bench.sources.map(({ transport }) => transport)];
  }

  test("goes by TCP to the same port", async () => {
    expect(await send(["tcp", "udp"], 1400)).toEqual([200, "TCP", "tcp"]);
  });

  test("goes as a datagram after all where nobody listens for TCP", async () => {
    expect(await send(["udp"], 1400)).toEqual([200, "UDP", "udp"]);
  });

  test("a short one goes as a datagram", async () => {
    expect(await send(["tcp", "udp"], 400)).toEqual([200, "UDP", "udp"]);
  });
});
