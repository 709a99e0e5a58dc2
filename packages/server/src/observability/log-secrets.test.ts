import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { adminEmail, adminPassword, type ServerTestbench, startServerTestbench } from "../server-testbench.ts";

const wrongPassword = "a-wrong-password-of-this-test";
let bench: ServerTestbench;
beforeAll(async () => {
  bench = await startServerTestbench();
});
afterAll(() => bench?.stop());

/** Connects, sends the frames, and waits for the end of the connection or the first answer to each frame. */
function connect(
  path: string,
  protocols: readonly string[],
  headers: Record<string, string>,
  frames: readonly string[],
) {
  return new Promise<void>((resolve) => {
    const socket = new WebSocket(`ws://127.0.0.1:${bench.server.httpPort}${path}`, [...protocols], { headers });
    let answers = -1;
    socket.on("open", () => {
      for (const frame of frames) socket.send(frame);
    });
    socket.on("message", () => {
      answers += 1;
      if (answers === frames.length) socket.close();
    });
    socket.on("error", () => undefined);
    socket.on("close", () => resolve());
  });
}

describe("secrets and the log", () => {
  it("[W10] [R7] no password, token or SIP secret of any request is in the log", async () => {
    const tokens = await bench.login(adminEmail, adminPassword);
    const { accessToken } = tokens;
    const bearer = { authorization: `Bearer ${accessToken}` };
    const post = (path: string, body: object | string, headers: Record<string, string> = {}): Promise<Response> =>
      bench.send("POST", path, body, headers);
    await post("/api/v1/auth/login", { email: adminEmail, password: wrongPassword });
    await post("/api/v1/auth/login", `{"password":"${wrongPassword}`);

    for (const path of ["/api/v1/extensions", "/nowhere", "/api/v1/calls/x", "/metrics"]) {
      await bench.ask(`${path}?token=${accessToken}`, { headers: bearer });
      await bench.ask(`${path}?token=${accessToken}`);
    }
    const { data } = (await (await bench.ask("/api/v1/extensions?search=200", { headers: bearer })).json()) as {
      data: readonly { id: string }[];
    };
    const givenSecret = "a-sip-password-given-by-the-admin";
    const path = `/api/v1/extensions/${data[0]?.id}`;
    const patched = await bench.send("PATCH", path, { sipPassword: givenSecret }, bearer);
    expect(patched.status).toBe(200);
    const created = await post("/api/v1/extensions", { number: "250", displayName: "New" }, bearer);
    const { sipPassword } = (await created.json()) as { sipPassword: string };
    expect(sipPassword).toMatch(/^\w{20,}$/);
    await post("/api/v1/extensions", { number: "250", displayName: "Again", sipPassword: givenSecret }, bearer);

    const frames = [
      JSON.stringify({ id: "1", command: "refreshToken", params: { token: accessToken } }),
      JSON.stringify({ id: "2", command: "refreshToken", params: { token: `${accessToken}x` } }),
      `{"id":"3","command":"refreshToken","params":{"token":"${accessToken}`,
    ];
    await connect(`/ws?token=${accessToken}`, ["pbx-x"], {}, frames);
    await connect("/ws", [], bearer, frames);
    await connect("/ws", ["pbx-x", `pbx-x.bearer.${accessToken}`], {}, frames);
    await connect(`/ws?token=${accessToken}x`, [], {}, []);
    await connect(`/elsewhere?token=${accessToken}`, [], {}, []);
    const refreshed = await post("/api/v1/auth/refresh", { refreshToken: tokens.refreshToken });
    const second = ((await refreshed.json()) as { tokens: { accessToken: string } }).tokens.accessToken;
    await post("/api/v1/auth/refresh", { refreshToken: tokens.refreshToken });

    bench.logger.info({ password: adminPassword }, "the log is being captured");
    const jwtSecret = await readFile(join(bench.dir, "jwt-secret"), "utf8");
    const log = bench.logged();
    expect(log).toContain("the log is being captured");
    expect(generatedPasswords()).toHaveLength(8);
    const secrets = [adminPassword, wrongPassword, accessToken, second, tokens.refreshToken, givenSecret, sipPassword];
    for (const secret of [...secrets, jwtSecret.trim(), ...generatedPasswords()]) expect(log).not.toContain(secret);
    // A token's signature alone would be enough to complete a known head.
    for (const token of [accessToken, second]) expect(log).not.toContain(token.split(".")[2]);
  });

  it("[W10] the logger takes secrets out by their names, also from inside of what is logged", () => {
    const names = ["token", "password", "sipPassword", "authorization", "secret", "accessToken", "refreshToken"];
    for (const name of names) {
      const from = bench.logged().length;
      bench.logger.warn({ [name]: wrongPassword, a: { [name]: wrongPassword, b: { [name]: wrongPassword } } }, name);
      bench.logger.warn({ req: { headers: { [name]: wrongPassword } } }, name);
      expect(bench.logged().slice(from)).toContain(`"${name}":"(not shown)"`);
      expect(bench.logged().slice(from)).not.toContain(wrongPassword);
    }
  });
});

function generatedPasswords(): readonly string[] {
  return [...(bench.server.firstStart ?? "").matchAll(/^\S+ {2}(\w+)$/gm)].map(([, password = ""]) => password);
}
