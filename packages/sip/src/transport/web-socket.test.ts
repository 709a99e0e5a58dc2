import { afterEach, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { Inbox } from "../testing/inbox.ts";
import type { Remote } from "./transport.ts";
import { openWebSocket, type WebSocketOptions } from "./web-socket.ts";

const host = "127.0.0.1";
const cleanups: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

async function openBench(options: Partial<WebSocketOptions> = {}) {
  const messages = new Inbox<{ readonly text: string; readonly remote: Remote }>();
  const closed = new Inbox<string>();
  const transport = await openWebSocket(
    { host, port: 0, ...options },
    {
      onMessage: (bytes, remote) => messages.put({ text: new TextDecoder().decode(bytes), remote }),
      onFlowClosed: (flowId) => closed.put(flowId),
    },
  );
  cleanups.push(() => transport.close());
  /** Resolves to the open connection, or to why there is none. */
  const connect = (protocols: readonly string[] = ["sip"]): Promise<WebSocket | string> => {
    const socket = new WebSocket(`ws://${host}:${transport.port}/`, [...protocols]);
    cleanups.push(() => socket.terminate());
    return new Promise((resolve) => {
      socket.once("open", () => resolve(socket));
      socket.once("error", ({ message }) => resolve(message));
    });
  };
  async function connected(): Promise<{
    readonly socket: WebSocket;
    readonly heard: Inbox<string>;
    readonly ended: Promise<number>;
  }> {
    const socket = await connect();
    if (typeof socket === "string") throw new Error(socket);
    const heard = new Inbox<string>();
    socket.on("message", (data: Buffer, isBinary) => heard.put(`${isBinary ? "binary" : "text"} ${data.toString()}`));
    const ended = new Promise<number>((resolve) => void socket.once("close", resolve));
    return { socket, heard, ended };
  }
  return { transport, messages, closed, connect, connected };
}

describe("the sub-protocol sip (RFC 7118 §4)", () => {
  test("is chosen among others", async () => {
    const bench = await openBench();
    const socket = await bench.connect(["other", "sip"]);
    expect(socket instanceof WebSocket && socket.protocol).toBe("sip");
  });

  test.each([[[]], [["other"]], [["SIP"]]])("without it (%j) a connection is refused", async (protocols) => {
    const bench = await openBench();
    expect(await bench.connect(protocols)).toContain("401");
  });
});

test("a message is one frame, text or binary; answers are text", async () => {
  const bench = await openBench();
  const { socket, heard } = await bench.connected();
  socket.send("hello");
  socket.send(new TextEncoder().encode("bytes"));
  const { text, remote } = await bench.messages.next();
  expect([text, (await bench.messages.next()).text]).toEqual(["hello", "bytes"]);
  bench.transport.send(new TextEncoder().encode("answer"), remote, () => undefined);
  expect(await heard.next()).toBe("text answer");
});

test("a keep-alive is answered", async () => {
  const bench = await openBench();
  const { socket, heard } = await bench.connected();
  socket.send("\r\n\r\n");
  expect(await heard.next()).toBe("text \r\n");
  expect(bench.messages.all).toEqual([]);
});

test("a browser is reached on its own connection only", async () => {
  const bench = await openBench();
  const error = await new Promise<Error>((resolve) => {
    bench.transport.send(new Uint8Array(1), { transport: "ws", address: host, port: 80 }, resolve);
  });
  expect(error.message).toBe("a browser can be reached on its own connection only");
});

describe("limits", () => {
  test("a message above 65,535 bytes ends the connection", async () => {
    const bench = await openBench();
    const { socket, ended } = await bench.connected();
    socket.send("x".repeat(65_536));
    expect(await ended).toBe(1009);
    await bench.closed.next();
    expect(bench.messages.all).toEqual([]);
  });

  test.each([{ maxConnections: 2 }, { maxConnectionsPerAddress: 2 }])(
    "%j refuses a third, until one ends",
    async (limits) => {
      const bench = await openBench(limits);
      const first = await bench.connected();
      await bench.connected();
      expect(await bench.connect()).toContain("401");
      first.socket.terminate();
      await bench.closed.next();
      expect(await bench.connect()).toBeInstanceOf(WebSocket);
    },
  );

  test("a browser that floods it with pings is let go", async () => {
    const bench = await openBench();
    const { socket, ended } = await bench.connected();
    for (let count = 0; count < 601; count += 1) socket.send("\r\n\r\n");
    await ended;
    expect(await bench.closed.next()).toBe("ws-1");
  });

  test("a connection on which nothing comes for too long ends", async () => {
    const bench = await openBench({ idleMs: 100 });
    const { ended } = await bench.connected();
    await ended;
    expect(await bench.closed.next()).toBe("ws-1");
  });

  test("a browser that does not read is let go, at the limit of what waits for it", async () => {
    const bench = await openBench({ maxPending: 1 << 16 });
    const { socket, ended } = await bench.connected();
    socket.send("hello");
    const { remote } = await bench.messages.next();
    socket.pause();
    const errors: string[] = [];
    const chunk = new Uint8Array(1 << 16).fill(120);
    for (let count = 0; count < 1000 && errors.length === 0; count += 1) {
      bench.transport.send(chunk, remote, ({ message }) => void errors.push(message));
    }
    expect(errors[0]).toBe("the far side does not read");
    socket.resume();
    await ended;
  });
});

test("closing ends every connection; a taken port is an error", async () => {
  const bench = await openBench();
  await expect(openBench({ port: bench.transport.port })).rejects.toThrow("EADDRINUSE");
  const { ended } = await bench.connected();
  await bench.transport.close();
  expect(await ended).toBe(1006);
});
