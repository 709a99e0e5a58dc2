// Writes everything that is generated: the protocol's reference, the tables of settings. With --check it only compares.
import { spawnSync } from "node:child_process";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
for (const script of [
  "packages/protocol/tools/generate.ts",
  "packages/server/tools/generate-settings.ts",
  "packages/server/tools/generate-openapi.ts",
]) {
  const { status } = spawnSync(process.execPath, [join(root, script), ...process.argv.slice(2)], { stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}
