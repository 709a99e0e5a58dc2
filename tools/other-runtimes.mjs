// Deno and Bun, for the client SDK's tests there. Not installed with everything else: together they are 200 MB.
import { existsSync } from "node:fs";
import { join } from "node:path";

const modules = join(import.meta.dirname, "other-runtimes", "node_modules");
const programIn = (...path) => [join(modules, ...path)].find((file) => existsSync(file));

export const otherRuntimes = {
  deno: programIn("@deno", "linux-x64-glibc", "deno"),
  bun: programIn("@oven", "bun-linux-x64", "bin", "bun"),
};

export const installRuntimes = "npm ci --prefix tools/other-runtimes";
