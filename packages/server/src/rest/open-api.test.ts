import { execFile } from "node:child_process";
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
  readonly responses: Readonly<Record<string, object>>;
}

let bench: RestTestbench;
let dir: string;
beforeAll(async () => {
  bench = await createRestTestbench();
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
    const text = (await bench.app.inject("/api/v1/openapi.json")).body;
    const document = JSON.parse(text) as { openapi: string; paths: Record<string, Record<string, Operation>> };
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
    expect(document.paths["/api/v1/users/{id}"]).toHaveProperty("patch");
    expect(document.paths["/api/v1/auth/login"]?.["post"]).toHaveProperty("requestBody");
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
