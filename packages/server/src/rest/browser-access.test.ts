import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { adminEmail, createRestTestbench, type RestTestbench } from "./rest-testbench.ts";

let bench: RestTestbench;
beforeAll(async () => {
  bench = await createRestTestbench();
});
afterAll(() => bench?.stop());

const anna = "anna.schmidt@pbx-x.example";
const issue = async (path: string, token?: string): Promise<{ statusCode: number; url: string; expiresAt: string }> => {
  const answer = await bench.ask("/auth/tickets", { method: "POST", payload: { path } }, token);
  return { ...answer.json<{ url: string; expiresAt: string }>(), statusCode: answer.statusCode };
};

describe("what a browser does without a token in a header", () => {
  it("[R3] a ticket of 60 s opens one link with the rights of who asked for it", async () => {
    const { statusCode, url, expiresAt } = await issue("/api/v1/extensions?search=2", await bench.tokenOf(anna));
    expect(statusCode).toBe(201);
    expect(Date.parse(expiresAt)).toBe(bench.clock.ms + 60_000);
    const opened = await bench.app.inject(url);
    expect(opened.json<{ data: { number: string }[] }>().data.map(({ number }) => number)).toEqual(["200"]);
    expect((await bench.app.inject(url.replace("search=2", "search=1"))).statusCode).toBe(401);
    expect((await bench.app.inject(url.replace("extensions", "directory"))).statusCode).toBe(401);
    bench.clock.ms += 60_000;
    expect((await bench.app.inject(url)).statusCode).toBe(401);
  });

  it("[R3] a ticket changes nothing: it is for reading", async () => {
    const { data } = (await bench.ask("/extensions?search=200")).json<{ data: [{ id: string }] }>();
    const { url } = await issue(`/api/v1/extensions/${data[0].id}`);
    expect((await bench.app.inject({ method: "DELETE", url })).statusCode).toBe(401);
    expect((await bench.app.inject({ method: "PATCH", url, payload: { dndEnabled: true } })).statusCode).toBe(401);
    expect((await bench.app.inject({ method: "HEAD", url })).statusCode).toBe(200);
  });

  it("[R3] a log-out takes the tickets with it; tickets are for paths of this interface only", async () => {
    const token = await bench.tokenOf(anna);
    const { url } = await issue("/api/v1/directory", token);
    expect((await bench.app.inject(url)).statusCode).toBe(200);
    await bench.ask("/auth/logout", { method: "POST" }, token);
    expect((await bench.app.inject(url)).statusCode).toBe(401);
    for (const path of ["/metrics", "//evil.example/api/v1/x", "https://evil.example/", "/api/v1/../../metrics"]) {
      expect((await issue(path)).statusCode).toBe(400);
    }
  });

  it("[R3] [N1] a page of another origin may ask whether its token counts, and reads the refusal", async () => {
    const preflight = await bench.app.inject({ method: "OPTIONS", url: "/api/v1/auth/session" });
    expect(preflight.statusCode).toBe(204);
    expect(preflight.headers).toMatchObject({
      "access-control-allow-origin": "*",
      "access-control-allow-headers": "authorization",
    });
    const allowed = await bench.ask("/auth/session");
    expect([allowed.statusCode, allowed.headers["access-control-allow-origin"]]).toEqual([200, "*"]);
    const refused = await bench.ask("/auth/session", {}, "no-token");
    expect([refused.statusCode, refused.headers["access-control-allow-origin"]]).toEqual([401, "*"]);
    const other = await bench.login(adminEmail, "admin-password");
    expect(other.headers["access-control-allow-origin"]).toBeUndefined();
  });
});
