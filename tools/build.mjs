// Compiles the packages that are published (protocol, sip, client) to dist, and builds the web console; the server runs
// from its sources.
import { spawnSync } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const tsc = join(root, "node_modules", "typescript", "bin", "tsc");

for (const name of ["protocol", "sip", "client"]) {
  const folder = join(root, "packages", name);
  const project = join(folder, "tsconfig.build.json");
  if (!existsSync(project)) throw new Error(`${name} has no tsconfig.build.json`);
  rmSync(join(folder, "dist"), { recursive: true, force: true });
  const { status } = spawnSync(process.execPath, [tsc, "-p", project], { cwd: folder, stdio: "inherit" });
  if (status !== 0) {
    console.error(`building ${name} failed`);
    process.exit(1);
  }
  console.log(`built packages/${name}/dist`);
}

const { status } = spawnSync(process.execPath, [join(root, "packages", "console", "tools", "build.ts")], {
  stdio: "inherit",
});
if (status !== 0) {
  console.error("building the console failed");
  process.exit(1);
}
