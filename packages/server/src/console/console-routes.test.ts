import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import fastify, { type FastifyInstance } from "fastify";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readConsole } from "./console-files.ts";
import { addConsole } from "./console-routes.ts";

const page = "<!doctype html><title>PBX-X</title>";
const script = "export const word = 'hello';";
let folder: string;
let app: FastifyInstance;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "pbx-x-console-"));
  await mkdir(join(folder, "assets"));
  await writeFile(join(folder, "index.html"), page);
  await writeFile(join(folder, "assets", "index-1a2b.js"), script);
  await writeFile(join(folder, "assets", "index-1a2b.js.gz"), gzipSync(script));
  await writeFile(join(folder, "notes.txt"), "nobody's business");
  app = fastify();
  addConsole(app, await readConsole(folder));
});

afterEach(async () => {
  await app.close();
  await rm(folder, { recursive: true });
});

describe("[R14] the web console", () => {
  it("answers every page with the same document, never cached, with scripts from here only", async () => {
    for (const url of ["/", "/panel", "/calls/4711", "/admin/users"]) {
      const { statusCode, body, headers } = await app.inject(url);
      expect([url, statusCode, body]).toEqual([url, 200, page]);
      expect(headers["cache-control"]).toBe("no-cache");
      expect(headers["content-security-policy"]).toContain("script-src 'self';");
    }
  });

  it("is nothing at the addresses of the interfaces, at unknown ones, and for files of no known type", async () => {
    for (const url of ["/api/v1/nothing", "/ws", "/docs", "/metrics", "/elsewhere", "/notes.txt", "/../package.json"])
      expect([url, (await app.inject(url)).statusCode]).toEqual([url, 404]);
  });

  it("sends what is named by its content compressed, and to be kept for ever", async () => {
    const { headers, rawPayload } = await app.inject({
      url: "/assets/index-1a2b.js",
      headers: { "accept-encoding": "gzip, deflate" },
    });
    expect(headers).toMatchObject({
      "content-encoding": "gzip",
      "cache-control": "public, max-age=31536000, immutable",
      "content-type": "text/javascript; charset=utf-8",
    });
    expect(rawPayload).toEqual(gzipSync(script));
    const plain = await app.inject("/assets/index-1a2b.js");
    expect(plain.body).toBe(script);
    expect(plain.headers["content-encoding"]).toBeUndefined();
  });

  it("is not sent again to who has it", async () => {
    const { headers } = await app.inject("/");
    const again = await app.inject({ url: "/", headers: { "if-none-match": String(headers["etag"]) } });
    expect([again.statusCode, again.body]).toEqual([304, ""]);
  });

  it("says what to do where it is not built", async () => {
    const bare = fastify();
    addConsole(bare, await readConsole(join(folder, "assets")));
    const { statusCode, body } = await bare.inject("/");
    expect(statusCode).toBe(503);
    expect(body).toContain("npm run build");
    await bare.close();
  });
});
