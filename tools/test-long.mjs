// `npm run test:long`: the client SDK under 20,000 random schedules of faults and tabs that share one connection under
// 2,000, for the night; takes about half an hour.
// `PROPERTY_RUNS` and `PROPERTY_SEED` choose others; a seed that failed is repeated by giving it.
import { spawnSync } from "node:child_process";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const seed = process.env.PROPERTY_SEED ?? String(Math.floor(Date.now() / 86_400_000));
const runs = process.env.PROPERTY_RUNS ?? "20000";
console.log(`${runs} runs, seed ${seed}`);
const { status } = spawnSync(
  process.execPath,
  [
    join(root, "node_modules", "vitest", "vitest.mjs"),
    "run",
    "--project=unit",
    "--reporter=default",
    "packages/client/src/client.property.test.ts",
    "packages/client/src/share/share.property.test.ts",
  ],
  { cwd: root, stdio: "inherit", env: { ...process.env, PROPERTY_RUNS: runs, PROPERTY_SEED: seed } },
);
process.exit(status ?? 1);
