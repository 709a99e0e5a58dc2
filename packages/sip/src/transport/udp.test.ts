import { createSocket, type Socket } from "node:dgram";
import { afterEach, expect, test } from "vitest";
import { Inbox } from "../testing/inbox.ts";
import type { Remote } from "./transport.ts";
import { openUdp } from "./udp.ts";

const cleanups: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function openBench(host: string) {
  const messages = new Inbox<{ readonly text: string; readonly remote: Remote }>();
  const transport = await openUdp(
    { host, port: 0 },
    {
      onMessage: (bytes, remote) => messages.put({ text: new TextDecoder().decode(bytes), remote }),
      onFlowClosed: () => undefined,
    },
  );
  cleanups.push(() => transport.close());
  const socket: Socket = createSocket(host.includes(":") ? "udp6" : "udp4");
  const heard = new Inbox<Buffer>();
  socket.on("message", (bytes: Buffer) => heard.put(bytes));
  await new Promise<void>((resolve) => void socket.bind(0, host, resolve));
  cleanups.push(() => new Promise<void>((resolve) => void socket.close(() => resolve())));
  const say = (bytes: Uint8Array | string): void => socket.send(bytes, transport.port, host);
  return { transport, messages, socket, heard, say };
}

/** A binding request of RFC 5389 §6 with a transaction id of its own. */
function stunRequest(): Buffer {
  const request = Buffer.alloc(20);
  request.writeUInt16BE(0x0001, 0);
  request.writeUInt32BE(0x2112_a442, 4);
  request.write("transaction!", 8, "latin1");
  return request;
}

test.each([
  ["127.0.0.1", 1, 4],
  ["::1", 2, 16],
])(
  "a STUN binding request on the SIP port at %s is answered with the source's port and address",
  async (host, family, length) => {
    const bench = await openBench(host);
    bench.say(stunRequest());
    const answer = await bench.heard.next();
    expect(answer.readUInt16BE(0)).toBe(0x0101);
    expect(answer.subarray(4, 20)).toEqual(stunRequest().subarray(4));
    expect([answer.readUInt16BE(20), answer.readUInt16BE(22), answer.readUInt16BE(24)]).toEqual([
      0x0020,
      4 + length,
      family,
    ]);
    expect(answer.readUInt16BE(26) ^ 0x2112).toBe(bench.socket.address().port);
    const address = answer.subarray(28).map((byte, index) => byte ^ (answer[4 + index] ?? 0));
    expect([...address]).toEqual(length === 4 ? [127, 0, 0, 1] : [...Array<number>(15).fill(0), 1]);
    expect(bench.messages.all).toEqual([]);
  },
);

test("keep-alives of up to four bytes are swallowed, messages after line ends are not", async () => {
  const bench = await openBench("127.0.0.1");
  for (const text of ["\r\n", "\r\n\r\n", "\0\0\0\0", "", "\r\n\r\nOPTIONS"]) bench.say(text);
  expect((await bench.messages.next()).text).toBe("\r\n\r\nOPTIONS");
  expect([bench.messages.all.length, bench.heard.all.length]).toEqual([1, 0]);
});

test("a message tells its source, and the answer goes there", async () => {
  const bench = await openBench("127.0.0.1");
  bench.say("hello");
  const { remote } = await bench.messages.next();
  expect(remote).toEqual({ transport: "udp", address: "127.0.0.1", port: bench.socket.address().port });
  bench.transport.send(new TextEncoder().encode("answer"), remote, () => undefined);
  expect(String(await bench.heard.next())).toBe("answer");
});

test("a datagram that is too long for UDP fails", async () => {
  const bench = await openBench("127.0.0.1");
  const error = await new Promise<Error>((resolve) => {
    bench.transport.send(new Uint8Array(70_000), { transport: "udp", address: "127.0.0.1", port: 9 }, resolve);
  });
  expect(error.message).toContain("EMSGSIZE");
});

test("port 0, as a forged source may have it, fails like any other place", async () => {
  const bench = await openBench("127.0.0.1");
  const error = await new Promise<Error>((resolve) => {
    bench.transport.send(new Uint8Array(1), { transport: "udp", address: "127.0.0.1", port: 0 }, resolve);
  });
  expect(error.message).toBe("nothing can be sent to port 0");
});

test("a closed transport sends nothing, and a taken port is an error", async () => {
  const bench = await openBench("127.0.0.1");
  const events = { onMessage: () => undefined, onFlowClosed: () => undefined };
  await expect(openUdp({ host: "127.0.0.1", port: bench.transport.port }, events)).rejects.toThrow("EADDRINUSE");
  await bench.transport.close();
  await bench.transport.close();
  const error = await new Promise<Error>((resolve) => {
    bench.transport.send(new Uint8Array(1), { transport: "udp", address: "127.0.0.1", port: 9 }, resolve);
  });
  expect(error.message).toBe("the transport is closed");
});
