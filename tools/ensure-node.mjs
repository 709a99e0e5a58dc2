// Brings Node 24 from the npm registry where the machine's own Node is older, so that npm scripts find it first
// in their PATH. Plain JavaScript: it has to run on the old Node.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const WANTED_MAJOR = 24;
const tools = dirname(fileURLToPath(import.meta.url));
const runtime = join(tools, "runtime");
const binDir = join(tools, "..", "node_modules", ".bin");

if (Number(process.versions.node.split(".")[0]) >= WANTED_MAJOR) process.exit(0);

const platform = process.platform === "win32" ? "win" : process.platform;
const name = `node-${platform}-${process.arch}`;
const wanted = JSON.parse(readFileSync(join(runtime, "package.json"), "utf8")).optionalDependencies[name];
if (wanted === undefined) {
  console.error(
    `PBX-X needs Node ${WANTED_MAJOR} or newer; this is ${process.version}, and the registry has no Node for ${name}. ` +
      `Install Node ${WANTED_MAJOR} from your system and run "npm ci" again.`,
  );
  process.exit(1);
}

const binary = join(runtime, "node_modules", name, "bin", platform === "win" ? "node.exe" : "node");
if (!isWanted()) {
  console.log(`Node ${process.version} is too old for PBX-X: getting Node ${wanted} from the npm registry …`);
  const npm = process.env.npm_execpath;
  const args = ["ci", "--no-audit", "--no-fund", "--loglevel=error"];
  // The outer npm's own settings (its prefix, its workspaces) must not reach the inner one.
  const env = Object.fromEntries(Object.entries(process.env).filter(([key]) => !key.toLowerCase().startsWith("npm_")));
  const result = npm?.endsWith("js")
    ? spawnSync(process.execPath, [npm, ...args], { cwd: runtime, stdio: "inherit", env })
    : spawnSync("npm", args, { cwd: runtime, stdio: "inherit", env, shell: platform === "win" });
  if (result.status !== 0 || !existsSync(binary)) {
    console.error(
      `Node ${wanted} could not be installed. Check the npm registry's reachability, then run "npm ci" again.`,
    );
    process.exit(1);
  }
}

mkdirSync(binDir, { recursive: true });
const link = join(binDir, platform === "win" ? "node.cmd" : "node");
rmSync(link, { force: true });
if (platform === "win") writeFileSync(link, `@"${binary}" %*\r\n`);
else symlinkSync(binary, link);

function isWanted() {
  if (!existsSync(binary)) return false;
  return spawnSync(binary, ["--version"], { encoding: "utf8" }).stdout?.trim() === `v${wanted}`;
}
