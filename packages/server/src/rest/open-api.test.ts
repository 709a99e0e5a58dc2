import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createRestTestbench, type RestTestbench } from "./rest-testbench.ts";

interface Operation {
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly operationId: string;
  readonly security?: readonly object[];
  readonly responses: Readonly<Record<string, { readonly content?: Record<string, { readonly schema?: object }> }>>;
}
interface OpenApi {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

let bench: RestTestbench;
let dir: string;
let text: string;
const read = (): OpenApi => JSON.parse(text) as OpenApi;
beforeAll(async () => {
  bench = await createRestTestbench();
  text = (await bench.app.inject("/api/v1/openapi.json")).body;
  dir = await mkdtemp(join(tmpdir(), "pbx-x-openapi-"));
});
afterAll(async () => {
  await bench?.stop();
  await rm(dir, { recursive: true, force: true });
});

const cli = createRequire(import.meta.url).resolve("@redocly/cli/bin/cli.js");

/** What the OpenAPI linter finds; it is a program of its own. */
async function lintFile(file: string): Promise<readonly string[]> {
  const args = [cli, "lint", file, "--format=json", "--extends=spec", "--skip-rule=security-defined"];
  const env = { ...process.env, REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true" };
  const { stdout } = await promisify(execFile)(process.execPath, args, { env, cwd: dir, maxBuffer: 2 ** 25 }).catch(
    (error: { stdout: string }) => error,
  );
  const { problems } = JSON.parse(stdout) as { problems: { message: string; severity: string }[] };
  return problems.filter(({ severity }) => severity === "error").map(({ message }) => message);
}

describe("the OpenAPI document", () => {
  it("[R1] is valid OpenAPI 3.1; every route is in it with a summary, a tag and its problems", async () => {
    const document = read();
    expect(document.openapi).toBe("3.1.0");
    const file = join(dir, "openapi.json");
    await writeFile(file, text);
    expect(await lintFile(file)).toEqual([]);
    for (const [path, operations] of Object.entries(document.paths)) {
      for (const [method, { summary, tags, responses }] of Object.entries(operations)) {
        expect({ path, method, summary, tags }).toMatchObject({
          summary: expect.any(String) as string,
          tags: [expect.any(String) as string],
        });
        expect(Object.keys(responses)).toEqual(expect.arrayContaining(["429"]));
        expect(Object.keys(responses)[0]).toMatch(/^20\d$/);
      }
    }
    expect(document.paths["/api/v1/auth/login"]?.["post"]).toHaveProperty("requestBody");
  });

  it("[R1] every registered route is in it, with a description of its answer", () => {
    const documented = Object.entries(read().paths).flatMap(([path, operations]) =>
      Object.entries(operations).map(([method, { responses }]) => {
        const [status = "", answer] = Object.entries(responses)[0] ?? [];
        const schema = Object.values(answer?.content ?? {})[0]?.schema ?? {};
        const isDescribed = status === "204" || Object.keys(schema).length > 0;
        return `${method.toUpperCase()} ${path}${isDescribed ? "" : " (without its answer)"}`;
      }),
    );
    const isShown = (route: string): boolean => !/^(?:HEAD|OPTIONS) /.test(route);
    const registered = bench.routes.filter(isShown).map((route) => route.replaceAll(/:(\w+)/g, "{$1}"));
    const documents = ["openapi.json", "asyncapi.json", "system/status", "system/stats"];
    const provision = ["/provision/{file}", "/provision/{secret}/{file}"];
    const beside = ["/healthz", "/readyz", "/metrics", ...provision, ...documents.map((name) => `/api/v1/${name}`)];
    expect(bench.routes.length).toBeGreaterThan(25);
    expect(documented.toSorted()).toEqual([...registered, ...beside.map((path) => `GET ${path}`)].toSorted());
  });

  it("[R1] operations have names of their own, and what needs a token says so", () => {
    const operations = Object.entries(read().paths).flatMap(([path, methods]) =>
      Object.values(methods).map((operation) => ({ path, ...operation })),
    );
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
    const open = operations.filter(({ security }) => security?.length === 0).map(({ path }) => path);
    expect(open.toSorted()).toEqual([
      "/api/v1/asyncapi.json",
      "/api/v1/auth/login",
      "/api/v1/auth/refresh",
      "/api/v1/openapi.json",
      "/api/v1/system/status",
      "/healthz",
      "/metrics",
      "/provision/{file}",
      "/provision/{secret}/{file}",
      "/readyz",
    ]);
  });

  it("[R1] docs/reference has the present document", () => {
    const file = join(import.meta.dirname, "..", "..", "..", "..", "docs", "reference", "openapi.json");
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(read());
  });

  it("can be read at /docs; the socket's document is beside it", async () => {
    const page = await bench.app.inject("/docs/");
    expect([page.statusCode, page.headers["content-type"]]).toEqual([
      200,
      expect.stringContaining("text/html") as string,
    ]);
    const other = (await bench.app.inject("/api/v1/asyncapi.json")).json<{ asyncapi: string }>();
    expect(other.asyncapi).toMatch(/^3\./);
  });
});
