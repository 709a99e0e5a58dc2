import { randomBytes } from "node:crypto";
import { parentPort, workerData } from "node:worker_threads";
import { Relay } from "./relay.ts";
import type { RelayRequest, RelaySettings } from "./relay-messages.ts";

const port = parentPort;
if (port === null) throw new Error("this file runs as a worker");
const startedAt = Date.now() - performance.now();

const relay = new Relay({
  settings: workerData as RelaySettings,
  tell: (report) => port.postMessage(report),
  // Monotonic, with a fraction: jitter is measured in parts of a millisecond.
  now: () => startedAt + performance.now(),
  random: () => randomBytes(4).readUInt32BE(),
});
port.on("message", (request: RelayRequest) => {
  if (request.do === "shutdown") void relay.shutdown().then(() => port.close());
  else relay.handle(request);
});
