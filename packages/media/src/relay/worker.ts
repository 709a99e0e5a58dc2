import { randomInt } from "node:crypto";
import { parentPort, workerData } from "node:worker_threads";
import { gatherOutgoing } from "./outgoing.ts";
import { Relay } from "./relay.ts";
import type { RelayReport, RelayRequest, RelaySettings } from "./relay-messages.ts";

const port = parentPort;
if (port === null) throw new Error("this file runs as a worker");
const startedAt = Date.now() - performance.now();

const reports = gatherOutgoing<RelayReport>((messages) => port.postMessage(messages));
const relay = new Relay({
  settings: workerData as RelaySettings,
  tell: (report) => reports.add(report),
  // Monotonic, with a fraction: jitter is measured in parts of a millisecond.
  now: () => startedAt + performance.now(),
  random: () => randomInt(2 ** 32),
});
port.on("message", (requests: readonly RelayRequest[]) => {
  for (const request of requests) {
    if (request.do !== "shutdown") relay.handle(request);
    else {
      void relay.shutdown().then(() => {
        reports.flush();
        port.close();
      });
    }
  }
});
