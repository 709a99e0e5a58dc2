import { connect, createServer, type Server, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { afterEach, describe, expect, test } from "vitest";
import { Inbox } from "../testing/inbox.ts";
import { createSelfSigned } from "../testing/self-signed.ts";
import { openStream, type StreamOptions } from "./stream.ts";
import type { Remote, Transport } from "./transport.ts";
import { tls } from "./transport-testbench.ts";

const host = "127.0.0.1";
const cleanups: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

/** A TCP transport and what it hears. */
async function openBench(options: Partial<StreamOptions> = {}) {
  const messages = new Inbox<{ readonly text: string; readonly remote: Remote }>();
  const closed = new Inbox<string>();
  const transport = await openStream(
    { host, port: 0, ...options },
    {
      onMessage: (bytes, remote) => messages.put({ text: new TextDecoder().decode(bytes), remote }),
      onFlowClosed: (flowId) => closed.put(flowId),
    },
  );
  cleanups.push(() => transport.close());
  return { transport, messages, closed };
}

/** A bare connection to it. */
async function connectTo({ port }: Transport) {
  const socket = connect({ host, port });
  const data = new Inbox<string>();
  socket.on("data", (chunk: Buffer) => data.put(chunk.toString()));
  socket.on("error", () => undefined);
  const ended = new Promise<void>((resolve) => void socket.once("close", () => resolve()));
  cleanups.push(() => void socket.destroy());
  await new Promise<void>((resolve) => void socket.once("connect", () => resolve()));
  return { socket, data, ended };
}

const message = (mark: string, body = ""): string =>
  `OPTIONS sip:${mark} SIP/2.0\r\nContent-Length: ${body.length}\r\n\r\n${body}`;

describe("keep-alive (RFC 5626 §3.5.1)", () => {
  test("CRLF CRLF is answered with CRLF, before, between and after messages", async () => {
    const bench = await openBench();
    const { socket, data } = await connectTo(bench.transport);
    for (const text of ["\r\n\r\n", `${message("one")}\r\n\r\n`, "\r\n\r\n"]) {
      socket.write(text);
      expect(await data.next()).toBe("\r\n");
    }
    expect(bench.messages.all.map(({ text }) => text)).toEqual([message("one")]);
  });

  test("a lone CRLF is not answered", async () => {
    const bench = await openBench();
    const { socket, data } = await connectTo(bench.transport);
    socket.write(`\r\n${message("one")}`);
    const { remote } = await bench.messages.next();
    bench.transport.send(new TextEncoder().encode("answer"), remote, () => undefined);
    expect(await data.next()).toBe("answer");
  });
});

describe("a stream", () => {
  test("is cut into messages however it arrives", async () => {
    const bench = await openBench();
    const { socket } = await connectTo(bench.transport);
    socket.setNoDelay(true);
    const whole = message("one", "body") + message("two") + message("three", "x".repeat(5000));
    for (let at = 0; at < whole.length; at += 37) socket.write(whole.slice(at, at + 37));
    const texts = [await bench.messages.next(), await bench.messages.next(), await bench.messages.next()];
    expect(texts.map(({ text }) => text).join("")).toBe(whole);
    expect(new Set(texts.map(({ remote }) => remote.flowId)).size).toBe(1);
    expect(texts[0]?.remote).toMatchObject({ transport: "tcp", address: host, port: socket.localPort });
  });

  test.each([
    ["without Content-Length", "OPTIONS sip:x SIP/2.0\r\nVia: x\r\n\r\n"],
    ["longer than 65,535 bytes", "OPTIONS sip:x SIP/2.0\r\nContent-Length: 70000\r\n\r\n"],
    ["with an endless head", `OPTIONS sip:x SIP/2.0\r\nX: ${"y".repeat(70_000)}`],
  ])("with a message %s is closed", async (_, text) => {
    const bench = await openBench();
    const { socket, ended } = await connectTo(bench.transport);
    socket.write(text);
    await ended;
    expect(await bench.closed.next()).toBe("tcp-1");
    expect(bench.messages.all).toEqual([]);
  });
});

describe("limits", () => {
  test("a connection without a whole message in time is closed, though bytes drip and keep-alives come", async () => {
    const bench = await openBench({ firstMessageMs: 200 });
    const { socket, ended } = await connectTo(bench.transport);
    const drip = setInterval(() => socket.write("\r\n\r\nO"), 20);
    cleanups.push(() => clearInterval(drip));
    await ended;
    expect(bench.messages.all).toEqual([]);
  });

  test("a connection that has sent one stays", async () => {
    const bench = await openBench({ firstMessageMs: 1000 });
    const busy = await connectTo(bench.transport);
    busy.socket.write(message("one"));
    const { remote } = await bench.messages.next();
    const quiet = await connectTo(bench.transport);
    await quiet.ended;
    bench.transport.send(new TextEncoder().encode("still here"), remote, () => undefined);
    expect(await busy.data.next()).toBe("still here");
  });

  test("a silent connection is closed after its idle time", async () => {
    const bench = await openBench({ idleMs: 100 });
    const { socket, ended } = await connectTo(bench.transport);
    socket.write(message("one"));
    await ended;
    expect(await bench.closed.next()).toBe("tcp-1");
  });

  test.each([{ maxConnections: 2 }, { maxConnectionsPerAddress: 2 }])(
    "%j refuses a third, until one ends",
    async (limits) => {
      const bench = await openBench(limits);
      const [first, second] = [await connectTo(bench.transport), await connectTo(bench.transport)];
      first.socket.write(message("one"));
      second.socket.write(message("two"));
      await bench.messages.next();
      await bench.messages.next();
      const third = await connectTo(bench.transport);
      await third.ended;
      first.socket.destroy();
      await bench.closed.next();
      const fourth = await connectTo(bench.transport);
      fourth.socket.write(message("four"));
      expect((await bench.messages.next()).text).toBe(message("four"));
    },
  );

  test("a far side that does not read is let go, at the limit of what waits for it", async () => {
    const bench = await openBench({ maxPending: 1 << 16 });
    const { socket, ended } = await connectTo(bench.transport);
    socket.write(message("one"));
    socket.pause();
    const { remote } = await bench.messages.next();
    const errors: string[] = [];
    const chunk = new Uint8Array(1 << 16);
    for (let count = 0; count < 1000 && errors.length === 0; count += 1) {
      bench.transport.send(chunk, remote, (error) => void errors.push(error.message));
    }
    expect(errors[0]).toBe("the far side does not read");
    socket.resume();
    await ended;
  });

  test("who floods it with pings is cut off", async () => {
    const bench = await openBench();
    const { socket } = await connectTo(bench.transport);
    socket.write(message("one"));
    socket.write("\r\n\r\n".repeat(601));
    expect(await bench.closed.next()).toBe("tcp-1");
  });

  test("who connects to TLS and never shakes hands is cut off", async () => {
    const bench = await openBench({ tls, firstMessageMs: 100 });
    const { ended } = await connectTo(bench.transport);
    await ended;
    expect(bench.messages.all).toEqual([]);
  });
});

describe("connections of our own", () => {
  async function listen(
    onConnection: (socket: Socket) => void,
  ): Promise<{ readonly server: Server; readonly remote: Remote }> {
    const server = createServer(onConnection);
    await new Promise<void>((resolve) => void server.listen(0, host, resolve));
    cleanups.push(() => new Promise<void>((resolve) => void server.close(() => resolve())));
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    return { server, remote: { transport: "tcp", address: host, port: address.port } };
  }

  test("are made once for a place, and used both ways", async () => {
    const bench = await openBench();
    const heard = new Inbox<string>();
    const sockets: Socket[] = [];
    const { remote } = await listen((socket) => {
      sockets.push(socket);
      socket.on("data", (chunk: Buffer) => heard.put(chunk.toString()));
      socket.write(message("back"));
    });
    cleanups.push(() => sockets.forEach((socket) => void socket.destroy()));
    bench.transport.send(new TextEncoder().encode("one"), remote, () => undefined);
    bench.transport.send(new TextEncoder().encode("two"), remote, () => undefined);
    const { remote: source } = await bench.messages.next();
    bench.transport.send(new TextEncoder().encode("three"), source, () => undefined);
    let text = "";
    while (!text.endsWith("three")) text += await heard.next();
    expect([text, sockets.length]).toEqual(["onetwothree", 1]);
    expect(source).toMatchObject({ address: host, port: remote.port });
  });

  test("to a place where nobody listens fail, every message told once", async () => {
    const { server, remote } = await listen(() => undefined);
    await new Promise<void>((resolve) => void server.close(() => resolve()));
    const bench = await openBench();
    const errors = new Inbox<string>();
    for (const text of ["one", "two", "three"]) {
      bench.transport.send(new TextEncoder().encode(text), remote, () => errors.put(text));
    }
    expect([await errors.next(), await errors.next(), await errors.next()]).toEqual(["one", "two", "three"]);
    await bench.closed.next();
    expect(errors.all).toHaveLength(3);
  });

  test("by TLS to somebody who never shakes hands are given up", async () => {
    const sockets: Socket[] = [];
    const { remote } = await listen((socket) => void sockets.push(socket));
    cleanups.push(() => sockets.forEach((socket) => void socket.destroy()));
    const bench = await openBench({ tls, connectMs: 100 });
    const failed = new Promise<string>((resolve) => {
      bench.transport.send(new Uint8Array(1), { ...remote, transport: "tls" }, () => resolve("failed"));
    });
    expect(await failed).toBe("failed");
  });
});

test("TLS refuses versions below 1.2 and hears on after that", async () => {
  const bench = await openBench({ tls });
  const attempt = (versions: object): Promise<string> =>
    new Promise((resolve) => {
      const socket = connectTls({ host, port: bench.transport.port, ca: tls.certPem, ...versions });
      cleanups.push(() => void socket.destroy());
      socket.once("error", () => resolve("refused"));
      socket.once("secureConnect", () => {
        resolve(socket.getProtocol() ?? "");
        socket.end(message("one"));
      });
    });
  const old = { minVersion: "TLSv1.1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" };
  expect([await attempt(old), await attempt({ maxVersion: "TLSv1.2" })]).toEqual(["refused", "TLSv1.2"]);
  expect((await bench.messages.next()).remote.transport).toBe("tls");
});

test("a closed transport sends nothing, and a taken port is an error", async () => {
  const bench = await openBench();
  await expect(openBench({ port: bench.transport.port })).rejects.toThrow("EADDRINUSE");
  await bench.transport.close();
  await bench.transport.close();
  const error = await new Promise<Error>((resolve) => {
    bench.transport.send(new Uint8Array(1), { transport: "tcp", address: host, port: 9 }, resolve);
  });
  expect(error.message).toBe("the transport is closed");
});

describe("[O9] a far side that has to prove its name", () => {
  const other = createSelfSigned();
  const tryOut = async (tlsName: string | undefined, trustedCaPem?: string): Promise<"sent" | "refused"> => {
    const far = await openBench({ tls });
    const near = await openBench({ tls, ...(trustedCaPem !== undefined && { trustedCaPem }) });
    const remote = { transport: "tls", address: host, port: far.transport.port } as const;
    const target = tlsName === undefined ? remote : { ...remote, tlsName };
    const refused = new Promise<"refused">((resolve) => {
      near.transport.send(new TextEncoder().encode(message("one")), target, () => resolve("refused"));
    });
    return Promise.race([refused, far.messages.next().then(() => "sent" as const)]);
  };

  test.each([
    ["nobody has to prove anything", undefined, undefined, "sent"],
    ["the name is in a certificate that is trusted", "localhost", tls.certPem, "sent"],
    ["the address is in a certificate that is trusted", "127.0.0.1", tls.certPem, "sent"],
    ["the certificate is of nobody known", "localhost", undefined, "refused"],
    ["another certificate is trusted", "localhost", other.certPem, "refused"],
    ["the certificate is for another name", "carrier.example", tls.certPem, "refused"],
  ])("%s", async (_, name, trusted, expected) => {
    expect(await tryOut(name, trusted)).toBe(expected);
  });

  test("gets a connection of its own beside one without proof", async () => {
    const far = await openBench({ tls });
    const near = await openBench({ tls });
    const remote = { transport: "tls", address: host, port: far.transport.port } as const;
    const bytes = new TextEncoder().encode(message("one"));
    near.transport.send(bytes, remote, () => undefined);
    await far.messages.next();
    await new Promise<void>((resolve) =>
      near.transport.send(bytes, { ...remote, tlsName: "localhost" }, () => resolve()),
    );
    expect(far.messages.take()).toBeUndefined();
  });
});
