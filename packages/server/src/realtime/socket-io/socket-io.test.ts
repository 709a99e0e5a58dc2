import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createSocketTestbench, identity, idOf, type SocketTestbench, uncheckableToken } from "../socket-testbench.ts";
import type { ConnectOptions, Frame } from "../test-socket.ts";
import { type SocketIoKind, TestSocketIo, transports, versions } from "./test-socket-io.ts";

const callId = "019a0000-0000-7000-8000-00000000000a";
const kinds = versions.flatMap((version) => transports.map((transport) => ({ version, transport })));
let bench: SocketTestbench;
let carriedOut: string[] = [];
const open: TestSocketIo[] = [];

beforeEach(async () => {
  carriedOut = [];
  bench = await createSocketTestbench({
    handlers: {
      hangup: (params, { commandId }) => {
        carriedOut.push(commandId);
        return Promise.resolve({ ok: true, data: { callId: params.callId }, seq: bench.log.head() });
      },
      hold: () => Promise.reject(new Error("a fault in a handler")),
    },
    limits: { commandsPerSecond: 5, commandBurst: 20 },
  });
});
afterEach(async () => {
  for (const socket of open.splice(0)) socket.close();
  await bench.stop();
});

const start = (kind: SocketIoKind, token?: string, options?: ConnectOptions): TestSocketIo => {
  const socket = new TestSocketIo(bench.port, token, kind, options);
  open.push(socket);
  return socket;
};
const connect = async (kind: SocketIoKind, token = "admin", options?: ConnectOptions): Promise<TestSocketIo> => {
  const socket = start(kind, token, options);
  await socket.next(({ type }) => type === "CONNECTED");
  return socket;
};
/** What is another one each time. */
const withoutIds = ({ eventId: _eventId, id: _id, ...frame }: Frame): object => {
  const { sessionId: _sessionId, ...data } = frame.data ?? {};
  return frame.data === undefined ? frame : { ...frame, data };
};

describe.each(kinds)("socket.io-client $version over $transport", (kind) => {
  it("[W18] [W12] [W20] greets, answers and tells the same as the native socket, field by field", async () => {
    await bench.call(callId, "CALL_CREATED");
    const native = await bench.connect("admin");
    const socket = await connect(kind, "admin");
    const commands: readonly (readonly [string, object])[] = [
      ["subscribe", { channels: ["calls", "nonsense:", "system"], snapshot: true }],
      ["subscribe", { channels: ["calls"], since: { epoch: bench.log.epoch, seq: 0 } }],
      ["listChannels", {}],
      ["hangup", { callId }],
      ["hangup", { callId: "not-a-uuid" }],
      ["hold", { callId }],
      ["nothing", {}],
      ["unsubscribe", { channels: ["system"] }],
    ];
    for (const [command, params] of commands) {
      const [wanted, got] = [await native.ask(command, params), await socket.ask(command, params)];
      expect(withoutIds(got)).toEqual(withoutIds(wanted));
    }
    await bench.call(callId, "CALL_RINGING", "CALL_ANSWERED", "CALL_ENDED");
    await native.settle();
    await socket.ask("ping");
    expect(socket.events).toEqual(native.events);
    expect(withoutIds(socket.frames[0] ?? {})).toEqual(withoutIds(native.frames[0] ?? {}));
    // Each event came under the name of its type.
    expect(socket.names).toEqual(socket.frames.map(({ type }) => type));
  });

  it("[W18] [W4] commands also go as a message of the native socket, with or without an id and an acknowledgement", async () => {
    const socket = await connect(kind);
    const message = { id: "mine", command: "hangup", params: { callId } };
    expect(await socket.command(message)).toMatchObject({ id: "mine", success: true });
    expect(await socket.command(message)).toMatchObject({ id: "mine", success: true });
    expect(carriedOut).toEqual(["mine"]);
    expect(await socket.command({ command: "hangup", params: { callId } })).toMatchObject({ success: true });
    socket.emit("command", { id: "quiet", command: "hangup", params: { callId } });
    expect(await socket.next(({ id }) => id === "quiet")).toMatchObject({ success: true });
    expect(socket.names.at(-1)).toBe("answer");
    expect(await socket.command({ id: "p", command: "ping" })).toMatchObject({ type: "PONG", id: "p" });
    for (const wrong of ["text", null, [], { command: "hangup" }, { id: 7, command: "hangup", params: { callId } }]) {
      expect(await socket.command(wrong)).toMatchObject({
        success: false,
        error: { code: expect.stringMatching(/^INVALID/) },
      });
    }
  });

  it("[W18] [W11] a token that cannot be checked now is no wrong one: 503", async () => {
    expect((await start(kind, uncheckableToken).refused()).data).toMatchObject({ status: 503 });
  });

  it("[W18] [W10] without an accepted token it is refused, with a problem that says why", async () => {
    for (const token of [undefined, "guessed"]) {
      const refused = await start(kind, token).refused();
      expect(refused.data).toMatchObject({ status: 401, title: "Unauthorized" });
    }
    expect(bench.realtime.connections()).toMatchObject({ connections: 0, sessions: 0 });
  });

  it("[W18] [W24] rights are those of the native socket", async () => {
    const [native, socket] = [await bench.connect("anna"), await connect(kind, "anna")];
    const params = { channels: ["calls", "system", `calls:${idOf("200")}`, "extension:201"] };
    const [wanted, got] = [await native.ask("subscribe", params), await socket.ask("subscribe", params)];
    expect(withoutIds(got)).toEqual(withoutIds(wanted));
    expect(got.data?.["channels"]).toMatchObject([{ ok: false }, { ok: false }, { ok: true }, { ok: false }]);
    await bench.call(callId, "CALL_CREATED", "CALL_ENDED");
    await socket.ask("ping");
    await native.settle();
    expect(socket.events).toEqual(native.events);
    expect(socket.events).toHaveLength(2);
  });

  it("[W18] [W28] goes on by its auth: subscriptions are back, and exactly what was missed comes, in order", async () => {
    const first = await connect(kind);
    await first.ask("subscribe", { channels: ["calls"] });
    await bench.call(callId, "CALL_CREATED");
    await first.next(({ seq }) => seq === 1);
    first.close();
    await expect.poll(() => bench.realtime.connections()).toMatchObject({ connections: 0, sessions: 1 });
    await bench.call(callId, "CALL_RINGING", "CALL_ANSWERED");
    const back = await connect(kind, "admin", { resume: first.resume });
    expect(back.frames[0]?.data).toMatchObject({ resumed: true, replaying: 2, sessionId: first.resume.sessionId });
    await bench.call(callId, "CALL_ENDED");
    await back.ask("ping");
    expect(back.events.map(({ seq }) => seq)).toEqual([2, 3, 4]);
    // Also on the other interface: it is the same session.
    back.close();
    await expect.poll(() => bench.realtime.connections()).toMatchObject({ connections: 0 });
    const native = await bench.connect("admin", { resume: back.resume });
    expect(native.connected).toMatchObject({ resumed: true, replaying: 0 });
  });

  it("[W18] [W15] [W14] is fenced and ended like the native socket; who may come back is not kept away", async () => {
    const older = await connect(kind, "admin", { clientId: "panel" });
    const native = await bench.connect("admin", { clientId: "panel" });
    expect(await older.disconnected()).toBe("io server disconnect");
    expect(older.frames.at(-1)).toMatchObject({
      type: "DISCONNECTED",
      data: { reason: "duplicate_connection", reconnect: false },
    });
    expect((await native.settle()).type).toBe("PONG");
    const anna = await connect(kind, "anna");
    bench.users.set("anna", identity("anna", "agent", "200"));
    bench.revoke({ userId: "anna", kind: "renewed" });
    expect(await anna.disconnected()).toBe("transport close");
    expect(anna.frames.at(-1)).toMatchObject({ data: { reason: "auth_revoked", reconnect: true } });
  });

  it("[W18] [W34] [W5] limits are those of the native socket: rate, size, and frames that nobody understands", async () => {
    const socket = await connect(kind);
    const answers = await Promise.all(Array.from({ length: 25 }, () => socket.ask("hangup", { callId })));
    const refused = answers.filter(({ error }) => error?.code === "RATE_LIMIT_EXCEEDED");
    expect(refused).toHaveLength(5);
    expect(refused[0]?.error?.retryAfterSeconds).toBeGreaterThan(0);
    const tooMany = await connect(kind);
    for (let count = 0; count <= 20; count += 1) tooMany.emit("nothing", {});
    expect(await tooMany.disconnected()).toBe("io server disconnect");
    const tooLarge = await connect(kind);
    tooLarge.emit("hangup", { callId, padding: "x".repeat(70_000) });
    expect(await tooLarge.disconnected()).toMatch(/^transport/);
    expect((await socket.ask("ping")).type).toBe("PONG");
  });

  it("[W18] [W13] [W16] one that is silent is disconnected, a ping keeps it; a shutdown is told", async () => {
    const socket = await connect(kind);
    bench.scheduler.advance(60_000);
    await socket.ask("ping");
    bench.scheduler.advance(60_000);
    expect((await socket.ask("ping")).type).toBe("PONG");
    await bench.realtime.shutdown();
    expect(await socket.disconnected()).toBe("transport close");
    expect(socket.frames.at(-1)).toMatchObject({ data: { reason: "server_shutdown", reconnect: true } });
    expect((await start(kind, "admin").refused()).message).toMatch(/error/);
  });
});

describe("a client that does not read", () => {
  it("[W18] [W31] is ended as slow_consumer in bounded memory, and goes on where it was", async () => {
    const limits = { outboxBytes: 64 << 10, hardOutboxBytes: 256 << 10, slowMs: 10_000, maxReplay: 100_000 };
    const own = await createSocketTestbench({ limits });
    try {
      const kind = { version: "4", transport: "websocket" } as const;
      const socket = new TestSocketIo(own.port, "admin", kind);
      open.push(socket);
      await socket.next(({ type }) => type === "CONNECTED");
      await socket.ask("subscribe", { channels: ["calls"] });
      socket.stopReading();
      let most = 0;
      let count = 0;
      for (let round = 0; round < 100 && own.realtime.connections().connections === 1; round += 1) {
        const types = Array.from({ length: 500 }, () => "CALL_CREATED" as const);
        await own.call(callId, ...types);
        count += types.length;
        await new Promise((resolve) => setImmediate(resolve));
        most = Math.max(most, own.realtime.connections().waitingBytes);
      }
      expect(own.realtime.connections()).toMatchObject({ connections: 0, sessions: 1 });
      expect(most).toBeLessThan(2 << 20);
      const { resume } = socket;
      const back = new TestSocketIo(own.port, "admin", kind, { resume });
      open.push(back);
      await back.next(({ seq }) => seq === count);
      expect((await back.ask("ping")).type).toBe("PONG");
      expect(back.frames[0]?.data).toMatchObject({ resumed: true });
      expect(back.events.map(({ seq }) => seq)).toEqual(
        Array.from({ length: count - resume.since }, (_, index) => resume.since + index + 1),
      );
    } finally {
      await own.stop();
    }
  });
});
