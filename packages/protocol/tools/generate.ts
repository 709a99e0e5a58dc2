// Writes the reference documents from the definitions; with --check it fails where they differ.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { renderReference } from "./generate/render-reference.ts";

const folder = join(import.meta.dirname, "..", "..", "..", "docs", "reference");
const wanted = renderReference();
const isCheck = process.argv.includes("--check");
const schemas = join(folder, "schemas");
const stale = existsSync(schemas)
  ? readdirSync(schemas)
      .map((name) => `schemas/${name}`)
      .filter((path) => !wanted.has(path))
  : [];

const differing = [...wanted].filter(([path, text]) => {
  const file = join(folder, path);
  return !existsSync(file) || readFileSync(file, "utf8") !== text;
});

if (isCheck) {
  for (const path of [...differing.map(([name]) => name), ...stale])
    console.error(`docs/reference/${path} is out of date`);
  if (differing.length + stale.length > 0) {
    console.error("Run: npm run generate");
    process.exitCode = 1;
  }
} else {
  for (const [path, text] of differing) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  for (const path of stale) rmSync(join(folder, path));
  console.log(`docs/reference: ${wanted.size} files, ${differing.length} changed, ${stale.length} removed`);
}
