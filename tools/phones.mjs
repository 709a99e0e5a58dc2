// The phone programs that the end-to-end tests use, and how to get them from Debian's packages.
import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

export const phonePackages = [
  { program: "sipp", package: "sip-tester" },
  { program: "baresip", package: "baresip-core" },
  { program: "linphonec", package: "linphone-cli" },
  { program: "sipsak", package: "sipsak" },
  // For the tests of the web console.
  { program: "chromium", package: "chromium" },
  { program: "zbarimg", package: "zbar-tools" },
];

export const installCommand = `apt-get install -y --no-install-recommends ${phonePackages.map((p) => p.package).join(" ")}`;

/** Programs that are not in PATH. */
export function missingPhones() {
  return phonePackages.filter(({ program }) => !isInPath(program));
}

/** Gets the missing ones where that is possible without asking (Debian, root); returns those still missing. */
export function installPhones() {
  if (missingPhones().length === 0) return [];
  if (process.getuid?.() !== 0 || !isInPath("apt-get")) return missingPhones();
  console.log(`Getting phone programs for the end-to-end tests: ${installCommand}`);
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const run = (...args) => spawnSync("apt-get", args, { env, stdio: ["ignore", "ignore", "inherit"] }).status === 0;
  const packages = missingPhones().map((p) => p.package);
  const install = () => run("install", "-y", "-qq", "--no-install-recommends", ...packages);
  if (!install()) {
    run("update", "-qq");
    install();
  }
  return missingPhones();
}

function isInPath(program) {
  return (process.env.PATH ?? "").split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
