import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FastifyInstance, InjectOptions } from "fastify";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createAuthenticator } from "../auth/authenticator.ts";
import { createAuthRoutes } from "../auth/auth-routes.ts";
import { createLoginLimiter } from "../auth/login-limiter.ts";
import { createTokenService } from "../auth/token-service.ts";
import { createTokenVerifier } from "../auth/token-verifier.ts";
import type { NewEvent } from "../event-log/event-log.ts";
import { createExtensionRoutes } from "../extensions/extension-routes.ts";
import { createExtensionService } from "../extensions/extension-service.ts";
import { type Database, openDatabase } from "../storage/open-database.ts";
import { seed } from "../users/seed.ts";
import { createUserStore } from "../users/user-store.ts";
import { createRestApp } from "./rest-app.ts";

let dir = "";
let db: Database;
let app: FastifyInstance;
let firstStart = "";
let token = "";
const published: NewEvent[] = [];
const revoked: unknown[] = [];
const nowMs = 1_700_000_000_000;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "pbx-x-rest-"));
  db = await openDatabase(join(dir, "pbx-x.sqlite"));
  const now = (): number => nowMs;
  const secret = "a-secret-for-this-test-that-is-long-enough";
  const users = createUserStore(db, now);
  const publish = (events: readonly NewEvent[]): void => void published.push(...events);
  const extensions = await createExtensionService({ db, realm: "pbx-x", now, publish });
  const admin = { email: "admin@pbx-x.example", password: "admin-password" };
  firstStart =
    (await seed({ kind: "demo", dataDir: dir, admin, users, extensions, newId: () => crypto.randomUUID() })) ?? "";
  const authenticator = createAuthenticator({ verify: createTokenVerifier({ secret, now }), users, extensions });
  authenticator.onRevoked((revocation) => revoked.push(revocation));
  const tokens = createTokenService({ db, secret, now });
  app = await createRestApp({
    authenticator,
    requestsPerMinute: 1000,
    isReady: () => true,
    version: "0.1.0",
    routes: [
      createAuthRoutes({ users, tokens, authenticator, limitLogin: createLoginLimiter({ now }) }),
      createExtensionRoutes({
        extensions,
        registrations: { list: () => [], forceUnregister: async (id) => id === "known" },
      }),
    ],
  });
  const body = (await login("admin@pbx-x.example", "admin-password")).json<{ tokens: { accessToken: string } }>();
  token = body.tokens.accessToken;
});
afterAll(async () => {
  await app?.close();
  await db?.destroy();
  await rm(dir, { recursive: true });
});

const login = (email: string, password: string) =>
  app.inject({ method: "POST", url: "/api/v1/auth/login", payload: { email, password } });
const ask = (url: string, options: InjectOptions = {}) =>
  app.inject({ url: `/api/v1${url}`, headers: { authorization: `Bearer ${token}` }, ...options });
const passwordOf = (who: string): string => new RegExp(`^${who}  (\\S+)$`, "m").exec(firstStart)?.[1] ?? "";

describe("REST", () => {
  it("[R12] the demo world is there, its passwords in a file of mode 600", async () => {
    expect(await readFile(join(dir, "first-start.txt"), "utf8")).toBe(firstStart);
    expect((await stat(join(dir, "first-start.txt"))).mode & 0o777).toBe(0o600);
    expect(passwordOf("200")).toMatch(/^\w{20,}$/);
    const anna = await login("Anna.Schmidt@pbx-x.example", passwordOf("anna.schmidt@pbx-x.example"));
    expect(anna.json()).toMatchObject({
      user: { displayName: "Anna Schmidt", role: "agent" },
      tokens: { expiresIn: 900 },
    });
  });

  it("[R1] [R3] a wrong password and an unknown user get the same 401 problem", async () => {
    const [wrong, unknown] = [await login("lisa.weber@pbx-x.example", "x"), await login("nobody@pbx-x.example", "x")];
    expect(wrong.statusCode).toBe(401);
    expect(wrong.headers["content-type"]).toContain("application/problem+json");
    expect(wrong.json()).toEqual(unknown.json());
  });

  it("[R3] the sixth try within a minute is told to wait", async () => {
    for (let attempt = 0; attempt < 5; attempt += 1) await login("tom.mueller@pbx-x.example", "x");
    const refused = await login("tom.mueller@pbx-x.example", passwordOf("tom.mueller@pbx-x.example"));
    expect(refused.statusCode).toBe(429);
    expect(Number(refused.headers["retry-after"])).toBeGreaterThan(0);
  });

  it("[R3] a refresh token is good once; its second use ends the family", async () => {
    const refresh = (refreshToken: string) =>
      app.inject({ method: "POST", url: "/api/v1/auth/refresh", payload: { refreshToken } });
    const first = (await login("admin@pbx-x.example", "admin-password")).json<{ tokens: { refreshToken: string } }>();
    const second = await refresh(first.tokens.refreshToken);
    expect(second.statusCode).toBe(200);
    expect((await refresh(first.tokens.refreshToken)).statusCode).toBe(401);
    const { tokens } = second.json<{ tokens: { refreshToken: string } }>();
    expect((await refresh(tokens.refreshToken)).statusCode).toBe(401);
  });

  it("[R1] every error is a problem document", async () => {
    const cases: readonly (readonly [number, InjectOptions])[] = [
      [401, { url: "/api/v1/extensions" }],
      [404, { url: "/nowhere" }],
      [
        400,
        { method: "POST", url: "/api/v1/auth/login", payload: "{", headers: { "content-type": "application/json" } },
      ],
      [400, { method: "POST", url: "/api/v1/auth/login", payload: { email: 1 } }],
      [413, { method: "POST", url: "/api/v1/auth/login", payload: { email: "x".repeat(1_100_000) } }],
    ];
    for (const [status, options] of cases) {
      const answer = await app.inject(options);
      expect(answer.headers["content-type"]).toContain("application/problem+json");
      expect(answer.json()).toMatchObject({ status, type: "about:blank" });
    }
    const fields = await app.inject({ method: "POST", url: "/api/v1/auth/login", payload: { email: 1 } });
    expect(fields.json<{ errors: { field: string }[] }>().errors.map(({ field }) => field)).toEqual([
      "email",
      "password",
    ]);
  });

  it("[R2] [R7] lists extensions, finds one, never shows a secret", async () => {
    const answer = await ask("/extensions?search=anna&limit=1");
    expect(answer.json()).toMatchObject({
      data: [{ number: "200" }],
      meta: { page: 1, limit: 1, total: 1, totalPages: 1 },
    });
    expect(answer.body).not.toMatch(/md5|sha256|sipPassword/);
  });

  it("[R7] [R10] a change acts at once and is an event with the changed settings", async () => {
    const { data } = (await ask("/extensions?search=201")).json<{ data: [{ id: string }] }>();
    const changed = await ask(`/extensions/${data[0].id}`, { method: "PATCH", payload: { dndEnabled: true } });
    expect(changed.json()).toMatchObject({ number: "201", dndEnabled: true });
    expect(published.at(-1)).toMatchObject({
      type: "EXTENSION_STATUS_CHANGED",
      data: { changes: { dndEnabled: true } },
    });
  });

  it("[R7] a registration is forced off; an unknown one is 404", async () => {
    expect((await ask("/extensions/x/registrations/known", { method: "DELETE" })).statusCode).toBe(204);
    expect((await ask("/extensions/x/registrations/other", { method: "DELETE" })).statusCode).toBe(404);
  });

  it("[R9] health and status need no token", async () => {
    expect((await app.inject("/healthz")).statusCode).toBe(200);
    expect((await app.inject("/readyz")).json()).toEqual({ ready: true });
    expect((await app.inject("/api/v1/system/status")).json()).toEqual({ healthy: true, version: "0.1.0" });
  });

  it("[W14] log-out tells the sessions", async () => {
    expect((await ask("/auth/logout", { method: "POST" })).statusCode).toBe(204);
    expect(revoked).toMatchObject([{ kind: "renewed" }]);
  });
});
