import { defineConfig } from "vitest/config";

/**
 * Tests start and end hundreds of threads in one process, and V8 then now and then ends it with "Check failed:
 * jit_page.has_value()" where it guards its code by the processor's protection keys; without them it does not.
 */
const execArgv = process.platform === "linux" && process.arch === "x64" ? ["--no-memory-protection-keys"] : [];

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          execArgv,
          include: [
            "packages/*/src/**/*.test.ts",
            "docs/**/*.test.ts",
            "tools/**/*.test.ts",
            "bench/**/*.test.ts",
            "examples/*.test.ts",
          ],
          testTimeout: 30_000,
          hookTimeout: 30_000,
        },
      },
      {
        test: {
          name: "e2e",
          execArgv,
          include: ["e2e/**/*.test.ts"],
          // Some start two servers; every wait inside has a limit of its own.
          testTimeout: 240_000,
          // A server on a machine under load may need its time to start (e2e/src/server-process.ts).
          hookTimeout: 180_000,
          fileParallelism: false,
          // What is polled is a final state; a machine under load may take its time to get there.
          expect: { poll: { timeout: 15_000 } },
        },
      },
    ],
  },
});
