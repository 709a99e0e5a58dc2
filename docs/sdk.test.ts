import { readFileSync } from "node:fs";
import { join } from "node:path";
import { clientErrorCodes } from "@pbx-x/client";
import { errorCodes } from "@pbx-x/protocol";
import { describe, expect, it } from "vitest";

const page = readFileSync(join(import.meta.dirname, "sdk.md"), "utf8");

describe("the page on the client SDK", () => {
  it("[K5] explains every code that a command can fail with", () => {
    const explained = [...page.matchAll(/^\| `([A-Z_]+)`\s+\| the (?:server|client)/gm)].map(([, code]) => code);
    expect(explained).toEqual([...errorCodes, ...clientErrorCodes]);
  });
});
