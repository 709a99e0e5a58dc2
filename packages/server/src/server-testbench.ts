import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createFakeEngine, type FakeEngine } from "@pbx-x/telephony/fake";
import type { Logger } from "pino";
import { parseSettings } from "./config/settings.ts";
import { createLogger } from "./observability/logger.ts";
import { type RunningServer, startServer } from "./server.ts";
import { systemScheduler as scheduler } from "./system-scheduler.ts";

export interface ServerTestbench {
  readonly dir: string;
  readonly server: RunningServer;
  readonly engine: FakeEngine;
  readonly logger: Logger;
  /** Everything that was logged. */
  logged(): string;
  ask(path: string, init?: RequestInit): Promise<Response>;
  /** As JSON; `body` is sent as it is where it is text. */
  send(method: string, path: string, body?: object | string, headers?: Record<string, string>): Promise<Response>;
  login(email: string, password: string): Promise<{ accessToken: string; refreshToken: string }>;
  /** From the file of the first start: of an e-mail address, or of an extension's phone. */
  passwordOf(who: string): string;
  stop(): Promise<void>;
}

export const adminEmail = "admin@pbx-x.example";
export const adminPassword = "an-admin-password-of-this-test";

/** The whole server over real sockets on the loopback, with the demo world and the fake engine. */
export async function startServerTestbench(): Promise<ServerTestbench> {
  const dir = await mkdtemp(join(tmpdir(), "pbx-x-server-"));
  const parsed = parseSettings({
    PBXX_DATA_DIR: dir,
    PBXX_HTTP_HOST: "127.0.0.1",
    PBXX_HTTP_PORT: "0",
    PBXX_ADMIN_PASSWORD: adminPassword,
  });
  if (!parsed.ok) throw new Error(parsed.message);
  let text = "";
  const logger = await createLogger({ level: "trace", format: "json" }, { write: (line) => (text += line) });
  let made: FakeEngine | undefined;
  const server = await startServer({
    settings: parsed.settings,
    logger,
    scheduler,
    version: "0.1.0",
    createEngine: async (newId) => (made = createFakeEngine({ scheduler, newId })),
  });
  if (made === undefined) throw new Error("the server made no engine");
  const ask = (path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(`http://127.0.0.1:${server.httpPort}${path}`, init);
  const send: ServerTestbench["send"] = (method, path, body, headers = {}) =>
    ask(path, {
      method,
      headers: { ...(body !== undefined && { "content-type": "application/json" }), ...headers },
      ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
  return {
    dir,
    server,
    engine: made,
    logger,
    logged: () => text,
    ask,
    send,
    login: async (email, password) => {
      const answer = await send("POST", "/api/v1/auth/login", { email, password });
      const { tokens } = (await answer.json()) as { tokens: { accessToken: string; refreshToken: string } };
      return tokens;
    },
    passwordOf: (who) => new RegExp(`^${who}  (\\S+)$`, "m").exec(server.firstStart ?? "")?.[1] ?? "",
    stop: async () => {
      await server.stop();
      await rm(dir, { recursive: true });
    },
  };
}
