// The packages that are published, and how each becomes what npm gets: compiled, and with the manifest that fits it.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const tsc = join(root, "node_modules", "typescript", "bin", "tsc");

/** In the order of their dependencies. */
export const published = ["protocol", "sip", "client", "sandbox"];
/** Private packages that travel inside a published one. */
const inside = { sandbox: ["telephony", "server"] };
/** What a package has besides its code. */
const assets = { server: ["announcements"], sandbox: ["bin"] };

/** Compiles one package. Throws where it does not compile. */
export function compile(name, outDir = join(root, "packages", name, "dist"), ...options) {
  const folder = join(root, "packages", name);
  const project = join(folder, "tsconfig.build.json");
  if (!existsSync(project)) throw new Error(`${name} has no tsconfig.build.json`);
  rmSync(outDir, { recursive: true, force: true });
  const { status } = spawnSync(process.execPath, [tsc, "-p", project, "--outDir", outDir, ...options], {
    cwd: folder,
    stdio: "inherit",
  });
  if (status !== 0) throw new Error(`building ${name} failed`);
}

/** Makes the folder that is packed: `dist`, README, license and manifest, with the private packages that belong to it. */
export function stage(name, into) {
  rmSync(into, { recursive: true, force: true });
  const manifest = put(name, into);
  const bundled = inside[name] ?? [];
  for (const each of bundled) {
    const { dependencies } = put(each, join(into, "node_modules", "@pbx-x", each), true);
    manifest.dependencies = { ...dependencies, ...manifest.dependencies };
  }
  if (bundled.length > 0) {
    const names = bundled.map((each) => `@pbx-x/${each}`);
    manifest.dependencies = sorted(manifest.dependencies, (dependency) => !isPrivate(dependency));
    for (const each of names) manifest.dependencies[each] = manifest.version;
    manifest.bundleDependencies = names;
  }
  writeFileSync(join(into, "package.json"), print(manifest));
}

/** One package's files; answers its manifest as published. */
function put(name, into, isBundled = false) {
  const folder = join(root, "packages", name);
  mkdirSync(into, { recursive: true });
  // `npm run types` and `npm run build` check the same sources.
  compile(name, join(into, "dist"), "--noCheck");
  const {
    publishConfig = {},
    scripts: _,
    ...manifest
  } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  for (const asset of assets[name] ?? []) cpSync(join(folder, asset), join(into, asset), { recursive: true });
  const { exports = compiledExports(manifest.exports), ...config } = publishConfig;
  const own = { ...manifest, exports };
  if (isBundled) {
    writeFileSync(join(into, "package.json"), print({ ...own, dependencies: {} }));
    return manifest;
  }
  cpSync(join(folder, "README.md"), join(into, "README.md"));
  cpSync(join(root, "LICENSE"), join(into, "LICENSE"));
  return { ...own, publishConfig: config };
}

/** `./src/x.ts` → `./dist/x.js`, where a manifest does not say itself. */
function compiledExports(exports) {
  return Object.fromEntries(
    Object.entries(exports).map(([door, file]) => [door, file.replace("./src/", "./dist/").replace(/\.ts$/, ".js")]),
  );
}

function isPrivate(dependency) {
  if (!dependency.startsWith("@pbx-x/")) return false;
  const file = join(root, "packages", dependency.slice("@pbx-x/".length), "package.json");
  return JSON.parse(readFileSync(file, "utf8")).private === true;
}

function sorted(dependencies, isWanted) {
  return Object.fromEntries(
    Object.entries(dependencies)
      .filter(([dependency]) => isWanted(dependency))
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
}

function print(manifest) {
  return `${JSON.stringify(manifest, null, 2)}\n`;
}
