#!/usr/bin/env node
// Looks at the Node before anything else: an old one could not even read the server's files.
const wanted = 24;
if (Number(process.versions.node.split(".")[0]) < wanted) {
  console.error(
    `pbx-x: needs Node ${wanted} or newer, this is ${process.version}. Start it with "npm start": that finds the one that "npm ci" brought.`,
  );
  process.exit(1);
}
// A later start takes the code as an earlier one has compiled it; the folder is as private as the data. Threads read the
// variable.
const { existsSync } = await import("node:fs");
const path = await import("node:path");
const data = path.resolve(process.env.PBXX_DATA_DIR || "./data");
if (!process.env.NODE_COMPILE_CACHE && existsSync(path.join(data, "pbx-x.sqlite"))) {
  const { enableCompileCache } = await import("node:module");
  process.env.NODE_COMPILE_CACHE = path.join(data, "cache");
  enableCompileCache(process.env.NODE_COMPILE_CACHE);
}
await import("../src/main.ts");
