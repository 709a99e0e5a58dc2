import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Cti, connectCti, login } from "./src/cti.ts";
import { annaEmail, lisaEmail, startWorld, type World } from "./src/world.ts";

const silenceSeconds = 4;
let world: World;
let annaToken: string;
beforeAll(async () => {
  world = await startWorld({ env: { PBXX_WS_TIMEOUT_SECONDS: String(silenceSeconds) } });
  annaToken = await world.tokenOf(annaEmail);
});
afterAll(() => world?.stop());

/** Pings as the specification asks for, so that only what is tested ends the connection. */
function keepAlive(cti: Cti): () => void {
  const timer = setInterval(() => cti.sendRaw(JSON.stringify({ command: "ping" })), 1000);
  return () => clearInterval(timer);
}

/** Log-ins are limited, so Anna's token serves for all of her connections. */
function connectAnna(query: Readonly<Record<string, string>> = {}): Promise<Cti> {
  return connectCti(world.server.url, annaToken, query);
}

async function connectLisa(): Promise<Cti> {
  return connectCti(world.server.url, await world.tokenOf(lisaEmail));
}

describe("life of a connection", () => {
  it("[W12] [W3] greets with who and where it is, and answers a ping in the stream", async () => {
    const cti = await connectAnna();
    const greeting = await cti.waitFor("CONNECTED");
    expect(greeting.data).toMatchObject({
      extensionId: await world.extensionId("200"),
      resumed: false,
      heartbeatSeconds: 1,
    });
    expect(await cti.send("ping")).toMatchObject({ success: true, data: { delivered: 0 } });
    expect((await cti.waitFor("PONG")).data).toMatchObject({ delivered: 0 });
    await cti.close();
  });

  it("[W13] a client that says nothing is told session_timeout and closed with 4000", async () => {
    const cti = await connectAnna();
    expect((await cti.waitFor("DISCONNECTED")).data).toMatchObject({ reason: "session_timeout", reconnect: true });
    expect(await cti.closed).toMatchObject({ code: 4000 });
  });

  it("[W14] a changed role ends the session at once with auth_revoked, a deactivated user does not come back", async () => {
    const lisa = await connectLisa();
    const stop = keepAlive(lisa);
    const { data } = (await world.get("/users?search=lisa")) as { data: readonly { id: string }[] };
    const change = (changes: object): Promise<unknown> => world.request("PATCH", `/users/${data[0]?.id}`, changes);
    await change({ role: "supervisor" });
    expect((await lisa.waitFor("DISCONNECTED")).data).toMatchObject({ reason: "auth_revoked", reconnect: true });
    expect(await lisa.closed).toMatchObject({ code: 4001 });
    stop();
    const again = await connectLisa();
    const stopAgain = keepAlive(again);
    await change({ isActive: false });
    expect((await again.waitFor("DISCONNECTED")).data).toMatchObject({ reason: "auth_revoked", reconnect: false });
    stopAgain();
    await expect(login(world.server.url, lisaEmail, world.server.password(lisaEmail))).rejects.toThrow("401");
  });

  it("[W15] the same app instance connecting again fences its older connection", async () => {
    const first = await connectAnna({ clientId: "desk-1" });
    const other = await connectAnna({ clientId: "desk-2" });
    const second = await connectAnna({ clientId: "desk-1" });
    expect((await first.waitFor("DISCONNECTED")).data).toMatchObject({ reason: "duplicate_connection" });
    expect(await first.closed).toMatchObject({ code: 4002 });
    expect(await second.send("listChannels")).toMatchObject({ success: true });
    expect(await other.send("listChannels")).toMatchObject({ success: true });
    await Promise.all([second.close(), other.close()]);
  });

  it("[W34] too many commands at once are refused with a time to wait, the connection stays", async () => {
    const cti = await connectAnna();
    const answers = await Promise.all(Array.from({ length: 60 }, () => cti.send("listChannels")));
    const refused = answers.find(({ success }) => !success);
    expect(refused?.error).toMatchObject({ code: "RATE_LIMIT_EXCEEDED", retryAfterSeconds: expect.any(Number) });
    cti.sendRaw(JSON.stringify({ command: "ping" }));
    await cti.waitFor("PONG");
    await cti.close();
  });

  it("[W6] a call that never was is CALL_NOT_FOUND, what is no id is INVALID_CALL_ID, an unknown extension is named", async () => {
    const cti = await connectAnna();
    expect((await cti.send("hangup", { callId: randomUUID() })).error?.code).toBe("CALL_NOT_FOUND");
    expect((await cti.send("hangup", { callId: "nonsense" })).error?.code).toBe("INVALID_CALL_ID");
    const offline = await cti.send("originate", { from: "200", to: "202" });
    expect(offline.error?.code).toBe("EXTENSION_OFFLINE");
    const unknown = await cti.send("subscribePresence", { extensionIds: [randomUUID()] });
    expect(unknown.error?.code).toBe("EXTENSION_NOT_FOUND");
    expect(await cti.send("subscribe", { channels: ["calls"] })).toMatchObject({ success: true });
    expect(await cti.send("unsubscribe", { channels: ["calls"] })).toMatchObject({ success: true });
    await cti.close();
  });

  it("[W16] a shutdown is told before the socket closes", async () => {
    const cti = await connectAnna();
    const told = cti.waitFor("DISCONNECTED");
    await Promise.all([told, world.server.stop()]);
    expect((await told).data).toMatchObject({ reason: "server_shutdown", reconnect: true });
    expect(await cti.closed).toMatchObject({ code: 1012 });
  });
});
