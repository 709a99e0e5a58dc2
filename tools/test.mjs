// `npm test`: unit tests, then the end-to-end tests with real phone programs. Gets those programs where it may;
// where it may not, the phone tests are left out and the last lines say so. With CI=true a missing program fails.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { installCommand, installPhones } from "./phones.mjs";

const root = join(import.meta.dirname, "..");
const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
const missing = installPhones();
const names = missing.map((p) => p.program).join(", ");

if (missing.length > 0 && process.env.CI === "true") {
  console.error(`The end-to-end tests need ${names}, which could not be installed. Run: ${installCommand}`);
  process.exit(1);
}

const projects = missing.length > 0 ? ["--project", "unit"] : [];
const wanted = process.argv.slice(2);
// docs/conformance.md is written, or checked, by what the end-to-end tests have seen.
const reporters = [
  ...(wanted.some((argument) => argument.startsWith("--reporter")) ? [] : ["--reporter=default"]),
  "--reporter=./e2e/src/conformance/reporter.ts",
];
const { status } = spawnSync(process.execPath, [vitest, "run", ...projects, ...reporters, ...wanted], {
  cwd: root,
  stdio: "inherit",
});

if (missing.length > 0) {
  console.log(`\nThe end-to-end tests with real phones were left out: ${names} is missing.`);
  console.log(`To add them: sudo ${installCommand}`);
}
process.exit(status ?? 1);
