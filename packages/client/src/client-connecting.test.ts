import { describe, expect, it } from "vitest";
import { connect } from "./client.ts";
import { createTestbench } from "./client-testbench.ts";
import { AuthRequired } from "./connection/token-source.ts";

/** A socket that nobody answers. */
class refusing {
  readonly protocol = "";
  onopen = null;
  onmessage = null;
  onerror = null;
  onclose: ((event: never) => void) | null = null;

  constructor() {
    queueMicrotask(() => this.onclose?.({ code: 1006 } as never));
  }

  send(): void {
    throw new Error("never open");
  }

  close(): void {
    this.onclose = null;
  }
}

describe("connecting", () => {
  it("[S1] [S2] is live with the state of the wanted channels", async () => {
    const { client, clock } = await createTestbench();
    await client.ready();
    expect(client.connection.get()).toMatchObject({ at: "live", sessionId: expect.any(String) as string });
    expect(client.channels.status("calls")).toEqual({ is: "live" });
    expect(client.state.isStale).toBe(false);
    await client.close();
    await clock.advance(1);
    expect(clock.timers).toBe(0);
  });

  it("[S2] a refused channel is told and does not hold up the rest", async () => {
    const { client, told } = await createTestbench({ channels: ["calls", "calls: " as "calls"] });
    await client.ready();
    expect(told.channelError).toMatchObject([{ channel: "calls: ", code: "INVALID_PARAMS" }]);
    expect(client.channels.status("calls: " as "calls")).toMatchObject({ is: "refused" });
  });

  it("[S1] ready() rejects when the client closes", async () => {
    const { client } = await createTestbench({ token: () => Promise.reject(new AuthRequired()) });
    await expect(client.ready()).rejects.toThrow("closed (auth)");
  });

  it("[S1] ready() that is too late says what is in the way", async () => {
    const bench = await createTestbench();
    const client = connect({ ...bench.options, url: "http://nobody.test", webSocket: refusing });
    const ready = expect(client.ready({ timeoutMs: 12_000 })).rejects.toThrow(
      "the connection (The server was not reached (code 1006).) did not come within 12000 ms",
    );
    await bench.pass(13_000);
    await ready;
    await client.close();
  });

  it.each([
    ["localhost:8080", undefined],
    ["pbx.example.com", undefined],
    ["wss://pbx.example.com/ws", "wss://pbx.example.com/ws?clientId=test"],
    ["https://example.com/pbx/", "wss://example.com/pbx/ws?clientId=test"],
  ])("[S1] takes %s for the server's address, or says what one looks like", async (url, opened) => {
    const bench = await createTestbench();
    const urls: string[] = [];
    const webSocket = class extends refusing {
      constructor(to: string) {
        super();
        urls.push(to);
      }
    };
    const begin = () => connect({ ...bench.options, url, webSocket });
    if (opened === undefined) {
      expect(begin).toThrow(/^url must begin with https:\/\/ or http:\/\/, not /);
      return;
    }
    const client = begin();
    await bench.pass(100);
    expect(urls).toEqual([opened]);
    await client.close();
  });

  it("[S12] a silent server is found dead 10 s after a ping and the client comes back by itself", async () => {
    const bench = await createTestbench();
    await bench.pass(40_000);
    expect(bench.client.connection.get().at).toBe("live");
    bench.server.goSilent();
    bench.call("a", "CALL_CREATED");
    await bench.pass(60_000);
    expect(bench.client.connection.get().at).toBe("live");
    expect(bench.told.resumed).toMatchObject([{ via: "resume", missed: 1 }]);
    expect(bench.client.state.call("a")?.state).toBe("initiated");
  });

  it("[S13] renews the token in place before it ends", async () => {
    const bench = await createTestbench();
    await bench.pass(900_000);
    expect(bench.tokenReasons).toEqual(["first", "expiring"]);
    expect(bench.server.attempts).toHaveLength(1);
  });

  it("[S13] asks again after 1, 2, 4 s when a renewal fails", async () => {
    let fails = 3;
    const bench = await createTestbench({
      token: ({ reason }) => {
        if (reason !== "expiring" || fails === 0) return Promise.resolve("token");
        fails -= 1;
        return Promise.reject(new Error("no network"));
      },
    });
    await bench.pass(900_000);
    expect(fails).toBe(0);
    expect(bench.server.attempts).toHaveLength(1);
    expect(bench.client.diagnostics.filter(({ what }) => what === "token")).toHaveLength(3);
  });

  it("[S31] is closed for good when it is opened elsewhere; connect() takes over again", async () => {
    const bench = await createTestbench();
    bench.server.disconnect("duplicate_connection", 4002, { reconnect: false });
    await bench.pass(600_000);
    expect(bench.client.connection.get()).toMatchObject({ at: "closed", reason: "fenced" });
    expect(bench.server.attempts).toHaveLength(1);
    bench.client.connect();
    await bench.pass(1000);
    expect(bench.client.connection.get().at).toBe("live");
  });

  it("[S11] takes the server's last word for the end where the close does not come, and goes by its reason", async () => {
    const bench = await createTestbench();
    bench.server.sayFarewell("session_timeout");
    await bench.server.flushAll();
    bench.server.goSilent();
    await bench.pass(500);
    expect(bench.server.attempts).toHaveLength(1);
    await bench.pass(1600);
    expect(bench.server.attempts).toHaveLength(2);
    expect(bench.client.connection.get().at).toBe("live");
    bench.server.sayFarewell("duplicate_connection", { reconnect: false });
    await bench.server.flushAll();
    bench.server.goSilent();
    await bench.pass(1500);
    expect(bench.client.connection.get()).toMatchObject({ at: "closed", reason: "fenced" });
  });

  it("[S40] [S41] a token that is refused at the door is asked anew; three times close the client", async () => {
    const bench = await createTestbench();
    bench.server.validTokens = new Set(["token-3"]);
    bench.server.cut();
    await bench.pass(10_000);
    expect(bench.client.connection.get().at).toBe("live");
    expect(bench.tokenReasons).toEqual(["first", "rejected", "rejected"]);
    bench.server.validTokens = new Set();
    bench.server.cut();
    await bench.pass(30_000);
    expect(bench.client.connection.get()).toMatchObject({ at: "closed", reason: "auth" });
  });

  it("[S43] no token in the address or in a diagnostic", async () => {
    const urls: string[] = [];
    const bench = await createTestbench({ token: () => Promise.resolve("very-secret-token") });
    const Inner = bench.server.webSocket;
    const other = await createTestbench({
      token: () => Promise.resolve("very-secret-token"),
      webSocket: class extends Inner {
        constructor(url: string, protocols: string[]) {
          super(url, protocols);
          urls.push(url);
        }
      },
    });
    await bench.server.flushAll();
    expect(urls.join(" ")).not.toContain("secret");
    expect(JSON.stringify([...bench.client.diagnostics, ...other.client.diagnostics])).not.toContain("secret");
  });
});
