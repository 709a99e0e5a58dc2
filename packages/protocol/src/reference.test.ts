import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Parser } from "@asyncapi/parser";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "..", "..", "..");

describe("generated reference", () => {
  it("[W23] documents and schemas are those of the definitions", () => {
    const tool = join(root, "packages", "protocol", "tools", "generate.ts");
    expect(execFileSync(process.execPath, [tool, "--check"], { encoding: "utf8" })).toBe("");
  });

  it("[W1] [W3] the AsyncAPI document is valid by the official parser", async () => {
    const text = readFileSync(join(root, "docs", "reference", "asyncapi.json"), "utf8");
    const { diagnostics, document } = await new Parser().parse(text);
    expect(diagnostics.filter(({ severity }) => severity === 0)).toEqual([]);
    expect(document?.version()).toBe("3.0.0");
  });
});
