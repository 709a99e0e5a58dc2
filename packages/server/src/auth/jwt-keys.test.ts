import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadJwtSecret } from "./jwt-keys.ts";

let dir = "";
const warnings: string[] = [];
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "pbx-x-keys-"));
  warnings.length = 0;
});
afterEach(() => rm(dir, { recursive: true }));

const load = (given?: string): Promise<string> =>
  loadJwtSecret({ dataDir: dir, given, warn: (message) => warnings.push(message) });

describe("the key of tokens", () => {
  it("[W11] is made once, for the owner's eyes only, and is the same at the next start", async () => {
    const made = await load();
    expect(made).toHaveLength(64);
    expect(await load()).toBe(made);
    expect((await stat(join(dir, "jwt-secret"))).mode & 0o777).toBe(0o600);
    expect(await readdir(dir)).toEqual(["jwt-secret"]);
    expect(await load("another that was given")).toBe("another that was given");
    expect(warnings).toEqual([]);
  });

  it.each([
    ["nothing", ""],
    ["spaces", " \n"],
    ["what was never written", "\0".repeat(64)],
  ])("[W11] a file with %s in it, as after a power cut, is no key: a new one is made, and told", async (_, content) => {
    await writeFile(join(dir, "jwt-secret"), content);
    const made = await load();
    expect(made).toHaveLength(64);
    expect(await readFile(join(dir, "jwt-secret"), "utf8")).toBe(made);
    expect((await stat(join(dir, "jwt-secret"))).mode & 0o777).toBe(0o600);
    expect(warnings).toEqual(["the file jwt-secret was empty: a new key of the tokens is made"]);
  });

  it("[W11] one that is too short is refused, and stays as it is", async () => {
    await writeFile(join(dir, "jwt-secret"), "short");
    await expect(load()).rejects.toThrow("put a longer one there, or remove the file");
    expect(await readFile(join(dir, "jwt-secret"), "utf8")).toBe("short");
  });
});
