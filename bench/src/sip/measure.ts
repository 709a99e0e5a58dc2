import { cpuMsOf, memoryOf } from "../process-figures.ts";
import { calleePort, row, type SipPeer, targetPort, userNumbers } from "./peers.ts";
import { caller, calleeAnswers, callerHoldsAndTransfers, register, targetHangsUp } from "./scenarios.ts";
import { startSipp } from "./sipp.ts";

/** One rate, held for some seconds. */
export interface Series {
  /** `hold and transfer`: calls that are held, taken back and passed on by the phone. */
  readonly what: "registrations" | "calls" | "hold and transfer";
  readonly perSecond: number;
  readonly successful: number;
  readonly failedPercent: number;
  readonly meanMs: number;
  readonly cpuMs: number;
  readonly cpuPercent: number;
  readonly retransmissions: number;
  readonly bytesPerCall: number;
}

/** Callers and registering phones. */
export const users = 500;
const callerPort = 6800;
const scenarios: Readonly<Record<Series["what"], string>> = {
  registrations: register,
  calls: caller,
  "hold and transfer": callerHoldsAndTransfers,
};

export async function measure(
  peer: SipPeer,
  what: Series["what"],
  perSecond: number,
  seconds: number,
): Promise<Series> {
  const total = perSecond * seconds;
  const rows = userNumbers(users).map((number) => row(peer, number));
  const target = peer.address;
  const answering =
    what === "registrations" ? [] : [await startSipp({ scenario: calleeAnswers, target, port: calleePort, rows })];
  if (what === "hold and transfer") {
    answering.push(await startSipp({ scenario: targetHangsUp, target, port: targetPort, rows }));
  }
  await settle(500);
  const cpuBefore = cpuMsOf(...peer.pids);
  const memoryBefore = memoryOf(...peer.pids);
  let memoryPeak = memoryBefore;
  const watching = setInterval(() => (memoryPeak = Math.max(memoryPeak, memoryOf(...peer.pids))), 200);
  const startedAt = performance.now();
  const run = await startSipp({
    scenario: scenarios[what],
    target,
    port: callerPort,
    rows,
    perSecond,
    total,
    pauseMs: 1000,
    timeoutSeconds: seconds + 20,
  });
  const figures = await run.done;
  const elapsedMs = performance.now() - startedAt;
  clearInterval(watching);
  for (const each of answering) each.stop();
  const cpu = cpuMsOf(...peer.pids) - cpuBefore;
  await settle(1000);
  return {
    what,
    perSecond,
    successful: figures.successful,
    failedPercent: (1 - figures.successful / total) * 100,
    meanMs: figures.meanMs,
    cpuMs: cpu / Math.max(1, figures.successful),
    cpuPercent: (cpu / elapsedMs) * 100,
    retransmissions: figures.retransmissions,
    // A call lasts a second, so as many are up at once as begin in a second.
    bytesPerCall: what === "calls" ? (memoryPeak - memoryBefore) / perSecond : 0,
  };
}

function settle(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
