import { brandId, type ExtensionId } from "@pbx-x/telephony";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Frame, TestSocket } from "./realtime/test-socket.ts";
import { adminEmail, adminPassword, type ServerTestbench, startServerTestbench } from "./server-testbench.ts";

let bench: ServerTestbench;
let admin: Record<string, string>;
beforeAll(async () => {
  bench = await startServerTestbench();
  admin = { authorization: `Bearer ${(await bench.login(adminEmail, adminPassword)).accessToken}` };
});
afterAll(() => bench?.stop());

const connect = (token: string): TestSocket => new TestSocket(bench.server.httpPort, token);

async function find(list: string, search: string): Promise<{ id: string }> {
  const answer = await bench.ask(`/api/v1/${list}?search=${search}`, { headers: admin });
  const { data } = (await answer.json()) as { data: { id: string }[] };
  const [first] = data;
  if (first === undefined) throw new Error(`no ${search} in ${list}`);
  return first;
}

describe("the whole server", () => {
  it("[W14] [N7] [R7] a user who is deleted is thrown out at once and does not come back", async () => {
    const email = "tom.mueller@pbx-x.example";
    const { accessToken } = await bench.login(email, bench.passwordOf(email));
    const client = connect(accessToken);
    await client.next(({ type }) => type === "CONNECTED");
    const { id } = await find("users", email);
    expect((await bench.send("DELETE", `/api/v1/users/${id}`, undefined, admin)).status).toBe(204);
    const { data } = await client.next(({ type }) => type === "DISCONNECTED");
    expect(data).toMatchObject({ reason: "auth_revoked", reconnect: false });
    expect(await client.closed()).toBe(4001);
    expect(await connect(accessToken).closed()).toBe(1006);
  });

  it("[W14] [N7] [R7] another role closes the connection, which may come back", async () => {
    const email = "lisa.weber@pbx-x.example";
    const { accessToken } = await bench.login(email, bench.passwordOf(email));
    const client = connect(accessToken);
    await client.next(({ type }) => type === "CONNECTED");
    const { id } = await find("users", email);
    await bench.send("PATCH", `/api/v1/users/${id}`, { role: "supervisor" }, admin);
    const { data } = await client.next(({ type }) => type === "DISCONNECTED");
    expect(data).toMatchObject({ reason: "auth_revoked", reconnect: true });
  });

  it("[R7] an extension that is made registers at once; one that is deleted loses its phones; clients see both", async () => {
    const { accessToken } = await bench.login(adminEmail, adminPassword);
    const client = connect(accessToken);
    await client.next(({ type }) => type === "CONNECTED");
    await client.ask("subscribe", { channels: ["extensions"] });

    const created = await bench.send("POST", "/api/v1/extensions", { number: "210", displayName: "Door" }, admin);
    const { id } = (await created.json()) as { id: string };
    const made = await client.next(
      ({ type, data }) => type === "EXTENSION_STATUS_CHANGED" && data?.["number"] === "210",
    );
    expect(made.data).toMatchObject({ extensionId: id, changes: { displayName: "Door" }, causedBy: { via: "admin" } });
    bench.engine.register(brandId<ExtensionId>(id), { contactUri: "sip:210@127.0.0.1:6000" });
    await client.next(({ type, data }) => type === "EXTENSION_REGISTERED" && data?.["number"] === "210");

    expect((await bench.send("DELETE", `/api/v1/extensions/${id}`, undefined, admin)).status).toBe(204);
    const ended = await client.next(
      ({ type, data }) => type === "EXTENSION_UNREGISTERED" && data?.["number"] === "210",
    );
    expect(ended.data).toMatchObject({ reason: "admin_force", remainingRegistrations: 0 });
    const gone = await client.next(
      ({ data }) => (data?.["changes"] as { deleted?: boolean } | undefined)?.deleted === true,
    );
    expect(gone.data).toMatchObject({ number: "210" });
    const told = bench.engine.performed.findLast(({ op }) => op === "applyConfiguration");
    const numbers = told?.op === "applyConfiguration" ? told.configuration.extensions.map(({ number }) => number) : [];
    expect(numbers).toEqual(["100", "200", "201", "202"]);
    client.close();
    expect(await client.closed()).toBe(1005);
  });

  it("[W16] a stop comes to its end although a client does not answer", async () => {
    const own = await startServerTestbench();
    const { accessToken } = await own.login(adminEmail, adminPassword);
    const asleep = new TestSocket(own.server.httpPort, accessToken);
    await asleep.next(({ type }) => type === "CONNECTED");
    asleep.stopReading();
    await own.stop();
    asleep.cut();
    expect(own.logged()).not.toContain("something could not be stored");
    await expect(own.ask("/healthz")).rejects.toThrow("fetch failed");
  });

  it("[R9] figures of the running server", async () => {
    const text = await (await bench.ask("/metrics")).text();
    expect(text).toMatch(/^pbxx_registrations 0$/m);
    expect(text).toMatch(/^pbxx_engine_in_use\{what="bindings"\} 0$/m);
    expect(text).toMatch(/^pbxx_events_total\{type="EXTENSION_REGISTERED"\} 1$/m);
    const status = await (await bench.ask("/api/v1/system/status", { headers: admin })).json();
    expect(status).toMatchObject({ healthy: true, details: { engine: "embedded", sip: { udp: 5060 } } });
  });

  it("[W24] who becomes a member of a queue may follow it at once, who is none any more may not", async () => {
    const email = "anna.schmidt@pbx-x.example";
    const [anna, boss] = await Promise.all([
      bench.login(email, bench.passwordOf(email)),
      bench.login(adminEmail, adminPassword),
    ]);
    const [client, watcher] = [connect(anna.accessToken), connect(boss.accessToken)];
    await Promise.all([client, watcher].map((socket) => socket.next(({ type }) => type === "CONNECTED")));
    const made = await bench.send("POST", "/api/v1/queues", { name: "Support", extensionNumber: "600" }, admin);
    const { id: queueId } = (await made.json()) as { id: string };
    const channels = [`queues:${queueId}`];
    await watcher.ask("subscribe", { channels });
    const follow = async (): Promise<unknown> => (await client.ask("subscribe", { channels })).data?.["channels"];
    const put = (...members: object[]) =>
      bench.send("PUT", `/api/v1/queues/${queueId}/members`, { members }, admin).then(({ status }) => status);
    const { id: own } = await find("extensions", "200");
    const { id: extensionId } = await find("extensions", "201");
    bench.engine.register(brandId<ExtensionId>(extensionId), { contactUri: "sip:201@127.0.0.1:6000" });
    /** What the other member's log-in and log-out tell, once somebody else was told. */
    const toldOf = async (): Promise<readonly (string | undefined)[]> => {
      const seen = client.events.length;
      const seenOutside = watcher.frames.length;
      const login = await watcher.ask("agentLogin", { extensionId, queueIds: [queueId] });
      expect(login.success).toBe(true);
      await watcher.ask("agentLogout", { extensionId });
      const isEnd = (frame: Frame): boolean => frame.type === "AGENT_LOGGED_OUT";
      await watcher.next((frame) => isEnd(frame) && watcher.frames.indexOf(frame) >= seenOutside);
      await client.settle();
      return client.events.slice(seen).map(({ type }) => type);
    };

    expect(await follow()).toMatchObject([{ ok: false, error: { code: "UNAUTHORIZED" } }]);
    expect(await put({ extensionId: own }, { extensionId })).toBe(200);
    expect(await follow()).toMatchObject([{ ok: true }]);
    expect(await toldOf()).toContain("AGENT_LOGGED_IN");
    expect(await put({ extensionId })).toBe(200);
    expect(await toldOf()).toEqual([]);
    expect(await follow()).toMatchObject([{ ok: false, error: { code: "UNAUTHORIZED" } }]);
    for (const socket of [client, watcher]) socket.close();
  });
});
