import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createSocketTestbench, identity, idOf, type SocketTestbench, uncheckableToken } from "./socket-testbench.ts";

let bench: SocketTestbench;
let carriedOut: string[] = [];
beforeEach(async () => {
  carriedOut = [];
  bench = await createSocketTestbench({
    handlers: {
      hangup: ({ callId }, { commandId }) => {
        carriedOut.push(commandId);
        return Promise.resolve({ ok: true, data: { callId } });
      },
      originate: () => Promise.resolve({ ok: true, data: { callId: "c", status: "initiated" } }),
      hold: () => Promise.reject(new Error("a fault in a handler, with a secret in it")),
    },
    limits: { commandsPerSecond: 5, commandBurst: 10, originatesPerMinute: 3, maxConnectionsPerAddress: 8 },
  });
});
afterEach(() => bench.stop());

const callId = "019a0000-0000-7000-8000-00000000000a";

describe("connecting", () => {
  it("[W12] the first frame tells who, where the log stands and how long the token lives", async () => {
    await bench.call(callId, "CALL_CREATED", "CALL_ENDED");
    const socket = await bench.connect("anna");
    expect(socket.frames[0]).toMatchObject({
      type: "CONNECTED",
      data: {
        userId: "anna",
        extensionId: idOf("200"),
        epoch: bench.log.epoch,
        seq: 2,
        resumed: false,
        replaying: 0,
        heartbeatSeconds: 30,
        tokenExpiresAt: "2026-01-02T00:00:00.000Z",
        serverVersion: "test",
      },
    });
    expect(socket.frames[0]).not.toHaveProperty("seq");
  });

  it("[W11] a token that cannot be checked now is no wrong one: 503", async () => {
    expect(await bench.tryUpgrade(uncheckableToken)).toBe(503);
  });

  it("[W10] no token or a wrong one is refused at the upgrade", async () => {
    expect(await bench.tryUpgrade()).toBe(401);
    expect(await bench.tryUpgrade("guessed")).toBe(401);
    expect(await bench.tryUpgrade("anna")).toBe(101);
  });

  it("too many connections of one address are refused; a place that is free again is given", async () => {
    const sockets = await Promise.all(Array.from({ length: 8 }, () => bench.connect()));
    expect(await bench.tryUpgrade("admin")).toBe(503);
    sockets[0]?.cut();
    await expect.poll(() => bench.realtime.connections().connections).toBe(7);
    expect(await bench.tryUpgrade("admin")).toBe(101);
  });

  it("[W13] who is silent for 90 s is disconnected; a ping keeps the session", async () => {
    const [quiet, lively] = [await bench.connect(), await bench.connect()];
    bench.scheduler.advance(60_000);
    await lively.settle();
    bench.scheduler.advance(31_000);
    expect(await quiet.closed()).toBe(4000);
    expect(quiet.frames.at(-1)).toMatchObject({
      type: "DISCONNECTED",
      data: { reason: "session_timeout", reconnect: true },
    });
    expect((await lively.settle()).type).toBe("PONG");
  });

  it("[W14] warns before the token ends, takes a new one in place, and ends at expiry without it", async () => {
    bench.scheduler.advance(86_400_000 - 600_000);
    const later = { ...identity("anna", "user", "200"), tokenExpiresAtMs: bench.scheduler.now() + 7200_000 };
    const [a, b] = [await bench.connect("anna"), await bench.connect("lisa")];
    bench.scheduler.advance(45_000);
    await Promise.all([a.settle(), b.settle()]);
    for (let step = 0; step < 17; step += 1) {
      bench.scheduler.advance(30_000);
      await Promise.all([a.settle(), b.settle()]);
    }
    expect(a.frames.some(({ type }) => type === "AUTH_EXPIRING")).toBe(true);
    bench.users.set("renewed", later);
    expect(await a.ask("refreshToken", { token: "renewed" })).toMatchObject({ success: true });
    expect(await b.ask("refreshToken", { token: "renewed" })).toMatchObject({ error: { code: "UNAUTHORIZED" } });
    bench.scheduler.advance(60_000);
    expect(await b.closed()).toBe(4001);
    expect((await a.settle()).type).toBe("PONG");
  });

  it("[W15] the same user and clientId fences the older connection, which gets nothing after it", async () => {
    const older = await bench.connect("admin", { clientId: "panel" });
    await older.ask("subscribe", { channels: ["calls"] });
    const newer = await bench.connect("admin", { clientId: "panel" });
    expect(await older.closed()).toBe(4002);
    expect(older.frames.at(-1)).toMatchObject({ data: { reason: "duplicate_connection", reconnect: false } });
    await bench.call(callId, "CALL_CREATED");
    expect(older.events).toEqual([]);
    const foreign = await bench.connect("anna", { clientId: "panel" });
    expect((await newer.settle()).type).toBe("PONG");
    expect((await foreign.settle()).type).toBe("PONG");
  });

  it("[W16] a shutdown is told, with the code that says to come back", async () => {
    const socket = await bench.connect();
    await bench.realtime.shutdown();
    expect(await socket.closed()).toBe(1012);
    expect(socket.frames.at(-1)).toMatchObject({ data: { reason: "server_shutdown", reconnect: true } });
    expect(await bench.tryUpgrade("admin")).toBe(503);
  });
});

describe("channels", () => {
  it("[W20] nothing flows before subscribe; everything after its position does", async () => {
    const socket = await bench.connect();
    await bench.call(callId, "CALL_CREATED");
    await socket.settle();
    expect(socket.events).toEqual([]);
    const answer = await socket.ask("subscribe", { channels: ["calls", "nonsense:", "extensions"] });
    expect(answer).toMatchObject({
      success: true,
      data: {
        channels: [
          { channel: "calls", ok: true },
          { channel: "nonsense:", ok: false, error: { code: "INVALID_PARAMS" } },
          { channel: "extensions", ok: true },
        ],
        epoch: bench.log.epoch,
        seq: 1,
      },
    });
    await bench.call(callId, "CALL_RINGING", "CALL_ENDED");
    await socket.settle();
    expect(socket.events.map(({ seq }) => seq)).toEqual([2, 3]);
  });

  it("[W22] [W30] an event of several channels comes once, all in the order of the log", async () => {
    const socket = await bench.connect("anna");
    await socket.ask("subscribe", { channels: ["me", "extension:200", `calls:${idOf("200")}`] });
    for (const id of ["a", "b", "c"]) {
      await bench.call(`019a0000-0000-7000-8000-00000000000${id}`, "CALL_CREATED", "CALL_RINGING", "CALL_ENDED");
    }
    await socket.settle();
    expect(socket.events.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it("[W24] a right that is gone is gone for the next event, without a new subscription", async () => {
    const socket = await bench.connect("admin");
    await socket.ask("subscribe", { channels: ["calls"] });
    expect(await (await bench.connect("lisa")).ask("subscribe", { channels: ["calls"] })).toMatchObject({
      data: { channels: [{ ok: false, error: { code: "UNAUTHORIZED" } }] },
    });
    bench.users.set("lesser", { ...identity("admin", "user", "202") });
    await socket.ask("refreshToken", { token: "lesser" });
    await bench.call(callId, "CALL_CREATED");
    await socket.settle();
    expect(socket.events).toEqual([]);
  });

  it("[W27] presence of several extensions at once; unknown ones are named and nothing is subscribed", async () => {
    const socket = await bench.connect();
    const known = [idOf("200"), idOf("201")];
    expect(await socket.ask("subscribePresence", { extensionIds: known })).toMatchObject({
      data: {
        subscriptions: [
          { number: "200", presenceStatus: "offline" },
          { number: "201", presenceStatus: "offline" },
        ],
      },
    });
    expect(await socket.ask("subscribePresence", { extensionIds: [idOf("299"), ...known] })).toMatchObject({
      error: { code: "EXTENSION_NOT_FOUND", details: { extensionIds: [idOf("299")] } },
    });
    expect(await socket.ask("unsubscribePresence", { extensionIds: known })).toMatchObject({ success: true });
  });

  it("unsubscribe ends a channel at once; who never had it is told", async () => {
    const socket = await bench.connect();
    await socket.ask("subscribe", { channels: ["calls"] });
    await socket.ask("unsubscribe", { channels: ["calls", "queues"] });
    await bench.call(callId, "CALL_CREATED");
    await socket.settle();
    expect(socket.events).toEqual([]);
  });
});

describe("commands", () => {
  it("[W3] [N3] PONG says up to where the session is served, and how many events this connection got", async () => {
    const socket = await bench.connect();
    await socket.ask("subscribe", { channels: ["calls"] });
    await bench.call(callId, "CALL_CREATED", "CALL_ENDED");
    expect(await socket.settle()).toMatchObject({ data: { seq: 2, delivered: 2 } });
  });

  it("[W4] [N5] the same id again gets the first answer and runs nothing, also on a later connection of the same client", async () => {
    const socket = await bench.connect("anna", { clientId: "desk" });
    const first = await socket.ask("hangup", { callId }, "one");
    expect(await socket.ask("hangup", { callId }, "one")).toEqual(first);
    socket.cut();
    const again = await bench.connect("anna", { clientId: "desk" });
    expect(await again.ask("hangup", { callId }, "one")).toEqual(first);
    const other = await bench.connect("lisa", { clientId: "desk" });
    await other.ask("hangup", { callId }, "one");
    expect(carriedOut).toEqual(["one", "one"]);
  });

  it("[W5] [W6] what cannot be read is answered and loses nothing; more than 20 in 10 s end it", async () => {
    const socket = await bench.connect();
    socket.sendRaw("{");
    expect(await socket.next(({ id }) => id === null)).toMatchObject({
      success: false,
      error: { code: "INVALID_PARAMS" },
    });
    expect(await socket.ask("fly")).toMatchObject({ error: { code: "UNKNOWN_COMMAND" } });
    expect(await socket.ask("hangup", { callId: "7" })).toMatchObject({ error: { code: "INVALID_CALL_ID" } });
    expect((await socket.settle()).type).toBe("PONG");
    for (let count = 0; count < 20; count += 1) socket.sendRaw("[]");
    expect(await socket.closed()).toBe(1008);
  });

  it("[W5] a frame over 64 KiB closes the connection, others stay", async () => {
    const [socket, other] = [await bench.connect(), await bench.connect()];
    socket.sendRaw("x".repeat(64 * 1024 + 1));
    expect(await socket.closed()).toBe(1009);
    expect((await other.settle()).type).toBe("PONG");
  });

  it("[W6] a fault inside tells nothing of itself", async () => {
    const socket = await bench.connect();
    const answer = await socket.ask("hold", { callId });
    expect(answer).toMatchObject({ error: { code: "INTERNAL_ERROR" } });
    expect(JSON.stringify(answer)).not.toContain("secret");
  });

  it("[W34] too many commands are refused with the time to wait; ping is free; the bucket fills again", async () => {
    const socket = await bench.connect();
    const answers = await Promise.all(Array.from({ length: 12 }, () => socket.ask("listChannels")));
    expect(answers.filter(({ success }) => success === true)).toHaveLength(10);
    expect(answers.at(-1)).toMatchObject({ error: { code: "RATE_LIMIT_EXCEEDED", retryAfterSeconds: 0.2 } });
    expect((await socket.settle()).type).toBe("PONG");
    bench.scheduler.advance(1000);
    expect(await socket.ask("listChannels")).toMatchObject({ success: true });
  });

  it("[W34] originate has a limit of its own per user, over all of the user's sessions", async () => {
    const [one, other] = [await bench.connect("anna"), await bench.connect("anna")];
    const params = { from: "200", to: "201" };
    for (let count = 0; count < 3; count += 1)
      expect(await one.ask("originate", params)).toMatchObject({ success: true });
    expect(await other.ask("originate", params)).toMatchObject({ error: { code: "RATE_LIMIT_EXCEEDED" } });
    // What is originated beside the socket counts the same.
    expect(bench.realtime.limitOriginate("anna")).toBe(20);
    expect(bench.realtime.limitOriginate("lisa")).toBe(0);
    expect(await (await bench.connect("lisa")).ask("originate", params)).toMatchObject({ success: true });
  });

  it("[N7] [W14] a user who is gone may not come back, one whose rights changed may", async () => {
    const [anna, lisa] = [await bench.connect("anna"), await bench.connect("lisa")];
    bench.revoke({ userId: "anna", kind: "ended" });
    bench.revoke({ userId: "lisa", kind: "renewed" });
    expect([await anna.closed(), await lisa.closed()]).toEqual([4001, 4001]);
    expect(anna.frames.at(-1)).toMatchObject({ data: { reason: "auth_revoked", reconnect: false } });
    expect(lisa.frames.at(-1)).toMatchObject({ data: { reason: "auth_revoked", reconnect: true } });
  });
});
