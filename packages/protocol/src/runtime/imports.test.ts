import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";

/** Everything that is loaded with a module: imports and re-exports that are not types only. */
function loadedBy(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  const statements = readFileSync(file, "utf8").matchAll(/^(?:import|export)\s(?!type\b)[^;]*?from "([^"]+)"/gm);
  for (const [, name = ""] of statements) {
    if (name.startsWith(".")) loadedBy(join(dirname(file), name), seen);
    else seen.add(name);
  }
  return seen;
}

describe("imports of protocol/runtime", () => {
  it("[A3] loads neither zod nor any other package", () => {
    const loaded = [...loadedBy(join(import.meta.dirname, "..", "runtime.ts"))];
    expect(loaded.length).toBeGreaterThan(15);
    expect(loaded.filter((name) => !name.startsWith("/"))).toEqual([]);
  });

  it("[A3] the walk finds zod where it is used", () => {
    expect(loadedBy(join(import.meta.dirname, "..", "index.ts"))).toContain("zod");
  });
});
