import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { InjectOptions } from "fastify";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createRestTestbench, type RestTestbench } from "./rest-testbench.ts";

let bench: RestTestbench;
beforeAll(async () => {
  bench = await createRestTestbench();
});
afterAll(() => bench?.stop());

describe("REST", () => {
  it("[R12] the demo world is there, its passwords in a file of mode 600", async () => {
    expect(await readFile(join(bench.dir, "first-start.txt"), "utf8")).toBe(bench.firstStart);
    expect((await stat(join(bench.dir, "first-start.txt"))).mode & 0o777).toBe(0o600);
    expect(bench.passwordOf("200")).toMatch(/^\w{20,}$/);
    const anna = await bench.login("Anna.Schmidt@pbx-x.example", bench.passwordOf("anna.schmidt@pbx-x.example"));
    expect(anna.json()).toMatchObject({
      user: { displayName: "Anna Schmidt", role: "agent" },
      tokens: { expiresIn: 900 },
    });
  });

  it("[R1] [R3] a wrong password and an unknown user get the same 401 problem", async () => {
    const [wrong, unknown] = [
      await bench.login("lisa.weber@pbx-x.example", "x"),
      await bench.login("nobody@pbx-x.example", "x"),
    ];
    expect(wrong.statusCode).toBe(401);
    expect(wrong.headers["content-type"]).toContain("application/problem+json");
    expect(wrong.json()).toEqual(unknown.json());
  });

  it("[R3] the sixth try within a minute is told to wait", async () => {
    for (let attempt = 0; attempt < 5; attempt += 1) await bench.login("tom.mueller@pbx-x.example", "x");
    const refused = await bench.login("tom.mueller@pbx-x.example", bench.passwordOf("tom.mueller@pbx-x.example"));
    expect(refused.statusCode).toBe(429);
    expect(Number(refused.headers["retry-after"])).toBeGreaterThan(0);
  });

  it("[R3] behind a proxy on this machine each address has tries of its own; who is elsewhere is not believed", async () => {
    const tryFrom = async (forwarded: string, remoteAddress: string): Promise<number> => {
      const payload = { email: "jan.becker@pbx-x.example", password: "x" };
      const headers = { "x-forwarded-for": forwarded };
      const options = { method: "POST" as const, url: "/api/v1/auth/login", payload, headers, remoteAddress };
      return (await bench.app.inject(options)).statusCode;
    };
    const statuses: number[] = [];
    for (let tries = 0; tries < 6; tries += 1) statuses.push(await tryFrom("198.51.100.1, 203.0.113.5", "127.0.0.1"));
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
    expect(await tryFrom("203.0.113.6", "127.0.0.1")).toBe(401);
    const elsewhere: number[] = [];
    for (let tries = 0; tries < 6; tries += 1) elsewhere.push(await tryFrom(`203.0.113.${20 + tries}`, "203.0.113.7"));
    expect(elsewhere).toEqual([401, 401, 401, 401, 401, 429]);
  });

  it("[R3] a refresh token is good once; its second use ends the family", async () => {
    const refresh = (refreshToken: string) =>
      bench.app.inject({ method: "POST", url: "/api/v1/auth/refresh", payload: { refreshToken } });
    const first = (await bench.login("admin@pbx-x.example", "admin-password")).json<{
      tokens: { refreshToken: string };
    }>();
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
      const answer = await bench.app.inject(options);
      expect(answer.headers["content-type"]).toContain("application/problem+json");
      expect(answer.json()).toMatchObject({ status, type: "about:blank" });
    }
    const fields = await bench.app.inject({ method: "POST", url: "/api/v1/auth/login", payload: { email: 1 } });
    expect(fields.json<{ errors: { field: string }[] }>().errors.map(({ field }) => field)).toEqual([
      "email",
      "password",
    ]);
  });

  it("[R2] [R7] lists extensions, finds one, never shows a secret", async () => {
    const answer = await bench.ask("/extensions?search=anna&limit=1");
    expect(answer.json()).toMatchObject({
      data: [{ number: "200" }],
      meta: { page: 1, limit: 1, total: 1, totalPages: 1 },
    });
    expect(answer.body).not.toMatch(/md5|sha256|sipPassword/);
  });

  it("[R7] [R10] a change acts at once and is an event with the changed settings", async () => {
    const { data } = (await bench.ask("/extensions?search=201")).json<{ data: [{ id: string }] }>();
    const changed = await bench.ask(`/extensions/${data[0].id}`, { method: "PATCH", payload: { dndEnabled: true } });
    expect(changed.json()).toMatchObject({ number: "201", dndEnabled: true });
    expect(bench.published.at(-1)).toMatchObject({
      type: "EXTENSION_STATUS_CHANGED",
      data: { changes: { dndEnabled: true } },
    });
  });

  it("[R7] a registration is forced off; an unknown one is 404", async () => {
    const idOf = async (number: string): Promise<string> =>
      (await bench.ask(`/extensions?search=${number}`)).json<{ data: [{ id: string }] }>().data[0].id;
    const [anna, lisa] = [await idOf("200"), await idOf("201")];
    const end = async (extensionId: string, bindingId: string): Promise<number> =>
      (await bench.ask(`/extensions/${extensionId}/registrations/${bindingId}`, { method: "DELETE" })).statusCode;
    expect([await end(lisa, "other"), await end(anna, "known"), await end("x", "known")]).toEqual([404, 404, 404]);
    expect(await end(lisa, "known")).toBe(204);
  });

  it("[R9] health and status need no token", async () => {
    expect((await bench.app.inject("/healthz")).statusCode).toBe(200);
    expect((await bench.app.inject("/readyz")).json()).toEqual({ ready: true });
    expect((await bench.app.inject("/api/v1/system/status")).json()).toEqual({ healthy: true, version: "0.1.0" });
  });

  it("[W14] log-out tells the sessions", async () => {
    expect((await bench.ask("/auth/logout", { method: "POST" })).statusCode).toBe(204);
    expect(bench.revoked).toMatchObject([{ kind: "renewed" }]);
  });
});
