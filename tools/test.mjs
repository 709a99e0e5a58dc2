// `npm test`: unit tests, then the end-to-end tests with real phone programs. Gets those programs where it may;
// where it may not, the phone tests are left out and the last lines say so. With CI=true a missing program fails.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { installAsterisk } from "./asterisk.mjs";
import { installRuntimes, otherRuntimes } from "./other-runtimes.mjs";
import { installCommand, installPhones } from "./phones.mjs";

const root = join(import.meta.dirname, "..");
const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
const missing = installPhones();
const names = missing.map((p) => p.program).join(", ");

if (missing.length > 0 && process.env.CI === "true") {
  console.error(`The end-to-end tests need ${names}, which could not be installed. Run: ${installCommand}`);
  process.exit(1);
}

const wantsPhones = missing.length === 0;
const noAsterisk = wantsPhones ? installAsterisk() : undefined;
if (noAsterisk !== undefined && process.env.CI === "true") {
  console.error(`The end-to-end tests need Asterisk as a carrier, which could not be had: ${noAsterisk}`);
  process.exit(1);
}

const projects = wantsPhones ? [] : ["--project", "unit"];
if (noAsterisk !== undefined) projects.push("--exclude", "e2e/asterisk-*.test.ts");
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
if (noAsterisk !== undefined) console.log(`\nThe tests with Asterisk as a carrier were left out: ${noAsterisk}.`);
if (Object.values(otherRuntimes).includes(undefined)) {
  console.log(`\nThe tests of the client SDK in Deno and Bun were left out. To add them: ${installRuntimes}`);
}
process.exit(status ?? 1);
