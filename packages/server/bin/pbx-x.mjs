#!/usr/bin/env node
// Looks at the Node before anything else: an old one could not even read the server's files.
const wanted = 24;
if (Number(process.versions.node.split(".")[0]) < wanted) {
  console.error(
    `pbx-x: needs Node ${wanted} or newer, this is ${process.version}. Start it with "npm start": that finds the one that "npm ci" brought.`,
  );
  process.exit(1);
}
await import("../src/main.ts");
