// Writes the OpenAPI document into the reference; with --check it fails where it differs.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createRestTestbench } from "../src/rest/rest-testbench.ts";

const path = "docs/reference/openapi.json";
const file = join(import.meta.dirname, "..", "..", "..", path);

const bench = await createRestTestbench();
const document: unknown = (await bench.app.inject("/api/v1/openapi.json")).json();
await bench.stop();
const text = `${JSON.stringify(document, undefined, 2)}\n`;

if (!existsSync(file) || readFileSync(file, "utf8") !== text) {
  if (process.argv.includes("--check")) {
    console.error(`${path} is out of date; run: npm run generate`);
    process.exitCode = 1;
  } else {
    writeFileSync(file, text);
    console.log(`${path}: written`);
  }
}
