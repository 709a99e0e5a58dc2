import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createFakeEngine } from "@pbx-x/telephony/fake";
import type { Scheduler } from "@pbx-x/telephony";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { parseSettings } from "../config/settings.ts";
import { type RunningServer, startServer } from "../server.ts";
import { createLogger } from "./logger.ts";

const adminPassword = "an-admin-password-of-this-test";
const wrongPassword = "a-wrong-password-of-this-test";
const scheduler: Scheduler = {
  now: () => Date.now(),
  after: (delayMs, task) => {
    const timer = setTimeout(task, delayMs);
    return () => clearTimeout(timer);
  },
};

let dir = "";
let server: RunningServer;
const lines: string[] = [];
const logger = createLogger({ level: "trace", format: "json" }, { write: (line) => void lines.push(line) });

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "pbx-x-secrets-"));
  const parsed = parseSettings({
    PBXX_DATA_DIR: dir,
    PBXX_HTTP_HOST: "127.0.0.1",
    PBXX_HTTP_PORT: "0",
    PBXX_ADMIN_PASSWORD: adminPassword,
  });
  if (!parsed.ok) throw new Error(parsed.message);
  server = await startServer({
    settings: parsed.settings,
    logger,
    scheduler,
    version: "0.1.0",
    createEngine: async (newId) => createFakeEngine({ scheduler, newId }),
  });
});
afterAll(async () => {
  await server?.stop();
  await rm(dir, { recursive: true });
});

const ask = (path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(`http://127.0.0.1:${server.httpPort}${path}`, init);
const post = (path: string, body: object | string, headers: Record<string, string> = {}): Promise<Response> =>
  ask(path, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });

/** Connects, sends the frames, and waits for the end of the connection or the first answer to each frame. */
function connect(
  path: string,
  protocols: readonly string[],
  headers: Record<string, string>,
  frames: readonly string[],
) {
  return new Promise<void>((resolve) => {
    const socket = new WebSocket(`ws://127.0.0.1:${server.httpPort}${path}`, [...protocols], { headers });
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
    const login = await post("/api/v1/auth/login", { email: "admin@pbx-x.example", password: adminPassword });
    const { tokens } = (await login.json()) as { tokens: { accessToken: string; refreshToken: string } };
    const { accessToken } = tokens;
    const bearer = { authorization: `Bearer ${accessToken}` };
    await post("/api/v1/auth/login", { email: "admin@pbx-x.example", password: wrongPassword });
    await post("/api/v1/auth/login", `{"password":"${wrongPassword}`);

    for (const path of ["/api/v1/extensions", "/nowhere", "/api/v1/calls/x", "/metrics"]) {
      await ask(`${path}?token=${accessToken}`, { headers: bearer });
      await ask(`${path}?token=${accessToken}`);
    }
    const { data } = (await (await ask("/api/v1/extensions?search=200", { headers: bearer })).json()) as {
      data: readonly { id: string }[];
    };
    const givenSecret = "a-sip-password-given-by-the-admin";
    const patched = await ask(`/api/v1/extensions/${data[0]?.id}`, {
      method: "PATCH",
      headers: { ...bearer, "content-type": "application/json" },
      body: JSON.stringify({ sipPassword: givenSecret }),
    });
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

    logger.info({ password: adminPassword }, "the log is being captured");
    const jwtSecret = await readFile(join(dir, "jwt-secret"), "utf8");
    const log = lines.join("");
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
      const from = lines.length;
      logger.warn({ [name]: wrongPassword, a: { [name]: wrongPassword, b: { [name]: wrongPassword } } }, name);
      logger.warn({ req: { headers: { [name]: wrongPassword } } }, name);
      expect(lines.slice(from).join("")).toContain(`"${name}":"(not shown)"`);
      expect(lines.slice(from).join("")).not.toContain(wrongPassword);
    }
  });
});

function generatedPasswords(): readonly string[] {
  return [...(server.firstStart ?? "").matchAll(/^\S+ {2}(\w+)$/gm)].map(([, password = ""]) => password);
}
