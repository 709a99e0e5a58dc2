import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const resolve = (name: string): string => fileURLToPath(import.meta.resolve(name));

/** Every module that is loaded with one: imports and re-exports that are not types only. Other packages by their name. */
function loadedBy(file: string, seen = new Set<string>()): ReadonlySet<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  const statements = readFileSync(file, "utf8").matchAll(/^(?:import|export)\s(?!type\b)[^;]*?from "([^"]+)"/gm);
  for (const [, name = ""] of statements) {
    if (name.startsWith(".")) loadedBy(join(dirname(file), name), seen);
    else if (name.startsWith("@pbx-x/")) loadedBy(resolve(name), seen);
    else seen.add(name);
  }
  return seen;
}

const entries = {
  ".": "index.ts",
  "./model": "model/index.ts",
  "./react": "react/index.ts",
  "./share": "share/index.ts",
  "./strict": "strict/index.ts",
  "./testing": "testing/index.ts",
} as const;

const packagesOf = (entry: keyof typeof entries): readonly string[] =>
  [...loadedBy(join(import.meta.dirname, entries[entry]))].filter((name) => !name.startsWith("/"));

describe("entries of the client", () => {
  it("[A2] are these, each a file", () => {
    const { exports, sideEffects } = createRequire(import.meta.url)("../package.json") as {
      readonly exports: Readonly<Record<string, string>>;
      readonly sideEffects: unknown;
    };
    expect(exports).toEqual(Object.fromEntries(Object.entries(entries).map(([name, file]) => [name, `./src/${file}`])));
    expect(sideEffects).toBe(false);
  });

  it.each([".", "./model", "./share", "./testing"] as const)(
    "[A2] [A3] %s loads no other package, zod least of all",
    (entry) => {
      expect(packagesOf(entry)).toEqual([]);
    },
  );

  it("[A2] ./react loads react alone, ./strict the schemas alone", () => {
    expect([packagesOf("./react"), packagesOf("./strict")]).toEqual([["react"], ["zod"]]);
  });

  it.each(Object.keys(entries) as (keyof typeof entries)[])(
    "[A2] %s needs no require() and no import() at run time",
    (entry) => {
      const sources = [...loadedBy(join(import.meta.dirname, entries[entry]))].filter((name) => name.startsWith("/"));
      const guilty = sources.filter((file) => /\brequire\(|\bimport\(/.test(readFileSync(file, "utf8")));
      expect(guilty).toEqual([]);
    },
  );

  it("[A2] importing touches nothing: no global is read before connect()", async () => {
    const script = `
      for (const name of ["WebSocket", "fetch", "crypto", "document", "navigator", "localStorage", "requestAnimationFrame"]) {
        Object.defineProperty(globalThis, name, { get() { throw new Error(name + " was touched") }, configurable: true });
      }
      const client = await import(${JSON.stringify(import.meta.resolve("./index.ts"))});
      console.log(typeof client.connect);`;
    const { execFileSync } = await import("node:child_process");
    const out = execFileSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8" });
    expect(out.trim()).toBe("function");
  });
});
