// `npm run pack`: the tarballs of the published packages in dist/, as `npm publish <tarball>` takes them.
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { published, stage } from "./packages.mjs";

const out = join(import.meta.dirname, "..", "dist");
mkdirSync(out, { recursive: true });
for (const name of published) {
  const folder = join(out, name);
  stage(name, folder);
  const { status } = spawnSync("npm", ["pack", "--silent", "--pack-destination", out], {
    cwd: folder,
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  if (status !== 0) process.exit(1);
}
