import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
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
          include: ["e2e/**/*.test.ts"],
          // Some start two servers; every wait inside has a limit of its own.
          testTimeout: 240_000,
          // A server on a machine under load may need its time to start (e2e/src/server-process.ts).
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
