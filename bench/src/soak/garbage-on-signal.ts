import { isMainThread } from "node:worker_threads";

// Loaded into the server (`--expose-gc --import`): collects its garbage when told, so that what is left can be compared.

if (isMainThread) process.on("SIGUSR2", () => globalThis.gc?.());
