import { brandId, type ExtensionId } from "@pbx-x/telephony";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { adminEmail, adminPassword, type ServerTestbench, startServerTestbench } from "./server-testbench.ts";

interface Frame {
  readonly type?: string;
  readonly id?: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

let bench: ServerTestbench;
let admin: Record<string, string>;
beforeAll(async () => {
  bench = await startServerTestbench();
  admin = { authorization: `Bearer ${(await bench.login(adminEmail, adminPassword)).accessToken}` };
});
afterAll(() => bench?.stop());

/** A client whose frames can be waited for. */
class Client {
  readonly frames: Frame[] = [];
  readonly #socket: WebSocket;
  #wake: () => void = () => undefined;
  #closeCode: number | undefined;

  constructor(token: string) {
    this.#socket = new WebSocket(`ws://127.0.0.1:${bench.server.httpPort}/ws?token=${token}`);
    this.#socket.on("message", (data: Buffer) => {
      this.frames.push(JSON.parse(data.toString()) as Frame);
      this.#wake();
    });
    this.#socket.on("error", () => undefined);
    this.#socket.on("close", (code) => {
      this.#closeCode = code;
      this.#wake();
    });
  }

  send(frame: object): void {
    this.#socket.send(JSON.stringify(frame));
  }

  async next(isWanted: (frame: Frame) => boolean): Promise<Frame> {
    for (;;) {
      const found = this.frames.find(isWanted);
      if (found !== undefined) return found;
      if (this.#closeCode !== undefined) throw new Error(`closed with ${this.#closeCode}`);
      await this.#woken();
    }
  }

  async closed(): Promise<number> {
    while (this.#closeCode === undefined) await this.#woken();
    return this.#closeCode;
  }

  close(): void {
    this.#socket.close();
  }

  #woken(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}

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
    const client = new Client(accessToken);
    await client.next(({ type }) => type === "CONNECTED");
    const { id } = await find("users", email);
    expect((await bench.send("DELETE", `/api/v1/users/${id}`, undefined, admin)).status).toBe(204);
    const { data } = await client.next(({ type }) => type === "DISCONNECTED");
    expect(data).toMatchObject({ reason: "auth_revoked", reconnect: false });
    expect(await client.closed()).toBe(4001);
    expect(await new Client(accessToken).closed()).toBe(1006);
  });

  it("[W14] [N7] [R7] another role closes the connection, which may come back", async () => {
    const email = "lisa.weber@pbx-x.example";
    const { accessToken } = await bench.login(email, bench.passwordOf(email));
    const client = new Client(accessToken);
    await client.next(({ type }) => type === "CONNECTED");
    const { id } = await find("users", email);
    await bench.send("PATCH", `/api/v1/users/${id}`, { role: "supervisor" }, admin);
    const { data } = await client.next(({ type }) => type === "DISCONNECTED");
    expect(data).toMatchObject({ reason: "auth_revoked", reconnect: true });
  });

  it("[R7] an extension that is made registers at once; one that is deleted loses its phones; clients see both", async () => {
    const { accessToken } = await bench.login(adminEmail, adminPassword);
    const client = new Client(accessToken);
    await client.next(({ type }) => type === "CONNECTED");
    client.send({ id: "1", command: "subscribe", params: { channels: ["extensions"] } });
    await client.next(({ id }) => id === "1");

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

  it("[R9] figures of the running server", async () => {
    const text = await (await bench.ask("/metrics")).text();
    expect(text).toMatch(/^pbxx_registrations 0$/m);
    expect(text).toMatch(/^pbxx_engine_in_use\{what="bindings"\} 0$/m);
    expect(text).toMatch(/^pbxx_events_total\{type="EXTENSION_REGISTERED"\} 1$/m);
    const status = await (await bench.ask("/api/v1/system/status", { headers: admin })).json();
    expect(status).toMatchObject({ healthy: true, details: { engine: "embedded", sip: { udp: 5060 } } });
  });
});
