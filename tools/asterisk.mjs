// A real Asterisk as a carrier for the end-to-end tests. Debian's stable releases have none, so the packages of its unstable
// one are unpacked into a folder of their own: nothing is installed, nothing of the system changes, no root is needed.
import { spawnSync } from "node:child_process";
import { existsSync, globSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** Where it is unpacked: once for all work trees. */
export const asteriskRoot =
  process.env.PBXX_TEST_ASTERISK ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "pbx-x", "asterisk");

/** How to start it; undefined when it is not there. It runs by its own loader and libraries, whatever the system has. */
export function findAsterisk() {
  const program = join(asteriskRoot, "usr", "sbin", "asterisk");
  const [loader] = globSync(join(asteriskRoot, "usr", "lib*", "ld-linux-*.so.*"));
  const [modules] = globSync(join(asteriskRoot, "usr", "lib", "*", "asterisk", "modules"));
  if (!existsSync(program) || loader === undefined || modules === undefined) return undefined;
  const libraries = join(modules, "..", "..");
  return {
    command: loader,
    args: ["--library-path", libraries, program],
    modules,
    data: join(asteriskRoot, "usr", "share", "asterisk"),
  };
}

/** Unpacks it where that is possible without asking (Debian and its relatives); returns why it could not be. */
export function installAsterisk() {
  if (findAsterisk() !== undefined) return undefined;
  if (!["apt-get", "dpkg-deb"].every((name) => spawnSync(name, ["--version"], { stdio: "ignore" }).status === 0)) {
    return "it is unpacked from Debian's packages, and this system has neither apt-get nor dpkg-deb";
  }
  const mirror = debianMirror();
  if (mirror === undefined) return "this system's package sources name no Debian mirror";
  console.log("Getting Asterisk for the end-to-end tests from Debian's packages");
  const part = `${asteriskRoot}.part-${process.pid}`;
  const state = join(part, "apt");
  for (const folder of ["state/lists/partial", "cache/archives/partial", "etc", "none"]) {
    mkdirSync(join(state, folder), { recursive: true });
  }
  // Knows of nothing that is installed, so that every package that Asterisk needs is fetched.
  writeFileSync(join(state, "status"), "");
  const keyring = "/usr/share/keyrings/debian-archive-keyring.gpg";
  const options = existsSync(keyring) ? `[signed-by=${keyring}] ` : "";
  writeFileSync(join(state, "etc", "sources.list"), `deb ${options}${mirror} sid main\n`);
  const apt = (...args) => {
    const settings = {
      "Dir::State": join(state, "state"),
      "Dir::State::status": join(state, "status"),
      "Dir::Cache": join(state, "cache"),
      "Dir::Etc::sourcelist": join(state, "etc", "sources.list"),
      "Dir::Etc::sourceparts": join(state, "none"),
      "Dir::Etc::preferencesparts": join(state, "none"),
      "APT::Sandbox::User": "",
      "Acquire::Languages": "none",
      "Acquire::Retries": "3",
    };
    const flags = Object.entries(settings).flatMap(([name, value]) => ["-o", `${name}=${value}`]);
    return spawnSync("apt-get", [...flags, "-qq", ...args], { stdio: ["ignore", "ignore", "inherit"] }).status === 0;
  };
  try {
    if (!apt("update")) return "Debian's list of packages could not be fetched";
    if (!apt("install", "-y", "--download-only", "--no-install-recommends", "asterisk")) {
      return "Debian's packages could not be fetched";
    }
    const archives = join(state, "cache", "archives");
    for (const name of readdirSync(archives).filter((file) => file.endsWith(".deb"))) {
      const unpacked = spawnSync("dpkg-deb", ["-x", join(archives, name), part], { stdio: "inherit" });
      if (unpacked.status !== 0) return `${name} could not be unpacked`;
    }
    rmSync(state, { recursive: true });
    rmSync(asteriskRoot, { recursive: true, force: true });
    renameSync(part, asteriskRoot);
  } finally {
    rmSync(part, { recursive: true, force: true });
  }
  return findAsterisk() === undefined ? "the packages hold no Asterisk for this machine" : undefined;
}

/** The mirror that the system itself uses. */
function debianMirror() {
  const texts = ["/etc/apt/sources.list", ...globSync("/etc/apt/sources.list.d/*")].map((file) => {
    try {
      return readFileSync(file, "utf8");
    } catch {
      return "";
    }
  });
  const found = texts.join("\n").matchAll(/^(?:URIs:|deb(?:\s+\[[^\]]*\])?)\s+(\S+)/gm);
  return [...found].map(([, uri]) => uri).find((uri) => /\/debian\/?$/.test(uri ?? ""));
}

if (process.argv[1] === import.meta.filename) {
  const failure = installAsterisk();
  if (failure !== undefined) {
    console.error(`Asterisk is not there: ${failure}`);
    process.exit(1);
  }
  console.log(`Asterisk is in ${asteriskRoot}`);
}
