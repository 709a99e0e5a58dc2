// Compiles the packages that are published to dist, and builds the web console; the server runs from its sources.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { compile, published } from "./packages.mjs";

const root = join(import.meta.dirname, "..");

for (const name of published) {
  compile(name);
  console.log(`built packages/${name}/dist`);
}

const { status } = spawnSync(process.execPath, [join(root, "packages", "console", "tools", "build.ts")], {
  stdio: "inherit",
});
if (status !== 0) {
  console.error("building the console failed");
  process.exit(1);
}
