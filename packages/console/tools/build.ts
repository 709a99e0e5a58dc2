import { existsSync, globSync, statSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { build } from "vite";

/** Builds the console into `dist`, with compressed copies beside the files. `--if-stale`: only where that is needed. */
const root = join(import.meta.dirname, "..");
const dist = join(root, "dist");
const stamp = join(dist, "index.html");
const sources = ["packages/console/{src,public}/**/*", "packages/console/{index.html,vite.config.ts,package.json}"];
const others = ["packages/{client,protocol}/src/**/*.ts"];

if (!process.argv.includes("--if-stale") || isStale()) {
  await build({ root, configFile: join(root, "vite.config.ts"), logLevel: "warn" });
  await compress();
  console.log(`built the console: ${dist}`);
}

function isStale(): boolean {
  if (!existsSync(stamp)) return true;
  const builtAt = statSync(stamp).mtimeMs;
  const files = globSync([...sources, ...others], { cwd: join(root, "..", "..") });
  return files.some((file) => !/\.test\.tsx?$/.test(file) && statSync(join(root, "..", "..", file)).mtimeMs > builtAt);
}

async function compress(): Promise<void> {
  const files = globSync("**/*.{js,css,html,svg,json}", { cwd: dist }).filter(
    (file) => statSync(join(dist, file)).size > 1000,
  );
  await Promise.all(
    files.map(async (file) => {
      const bytes = await readFile(join(dist, file));
      const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } };
      await writeFile(join(dist, `${file}.gz`), await promisify(gzip)(bytes, { level: 9 }));
      await writeFile(join(dist, `${file}.br`), await promisify(brotliCompress)(bytes, quality));
    }),
  );
}
