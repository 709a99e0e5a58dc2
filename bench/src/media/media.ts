import type { Benchmark, BenchmarkResult, Cell } from "../benchmark.ts";
import { startChild } from "../child.ts";
import { passwordOf } from "../pbx/server.ts";
import { cpuMsOf } from "../process-figures.ts";
import { asteriskPeer, calleeNumber, calleePort, type SipPeer, startOwnPeer, userNumbers } from "../sip/peers.ts";

interface Figures {
  readonly sent: number;
  readonly received: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly lateP99Ms: number;
}

interface Series extends Figures {
  readonly calls: number;
  readonly lossPercent: number;
  readonly cpuMicros: number;
  readonly cpuPercent: number;
}

const users = 500;
const settle = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });

/** Adds calls step by step, voice in both directions of all of them, until packets are lost. */
async function climb(
  peer: SipPeer,
  passwordFor: (number: string) => string,
  steps: readonly number[],
  seconds: number,
): Promise<Series[]> {
  const phones = startChild(new URL("./phones.ts", import.meta.url));
  const series: Series[] = [];
  try {
    await phones.ask({
      do: "open",
      address: peer.address,
      users: userNumbers(users).map((number) => ({ number, password: passwordFor(number) })),
      callee: calleeNumber,
      calleePort,
    });
    for (const calls of steps) {
      await phones.ask({ do: "dial", until: calls });
      // The first packets open the way; what is lost until then is not voice.
      await phones.ask({ do: "talk", seconds: 1 });
      await settle(500);
      const cpuBefore = cpuMsOf(...peer.pids);
      const startedAt = performance.now();
      const figures = await phones.ask<Figures>({ do: "talk", seconds });
      const cpu = cpuMsOf(...peer.pids) - cpuBefore;
      const lossPercent = (1 - figures.received / figures.sent) * 100;
      series.push({
        ...figures,
        calls,
        lossPercent,
        cpuMicros: (cpu * 1000) / figures.received,
        cpuPercent: (cpu / (performance.now() - startedAt)) * 100,
      });
      if (lossPercent > 0.1) break;
    }
    await phones.ask({ do: "hangup" });
    await settle(500);
  } finally {
    await phones.stop();
  }
  return series;
}

export const media: Benchmark = {
  name: "media",
  about: "calls with voice through the PBX (50 packets/s in each direction): loss, delay, CPU per packet",
  run: async ({ isQuick, log }): Promise<BenchmarkResult> => {
    const steps = isQuick ? [10] : [50, 100, 200, 250, 300, 400, 500];
    const seconds = isQuick ? 3 : 10;
    const rows: (readonly Cell[])[] = [];
    const notes: string[] = [];
    const other = asteriskPeer(process.env);
    const candidates = [
      { start: () => startOwnPeer(users), passwordFor: passwordOf },
      ...(other === undefined
        ? []
        : [{ start: () => Promise.resolve(other), passwordFor: (number: string) => `pw${number}` }]),
    ];
    for (const { start, passwordFor } of candidates) {
      const peer = await start();
      try {
        log(`${peer.name} …`);
        const series = await climb(peer, passwordFor, steps, seconds);
        for (const one of series) {
          rows.push([
            peer.name,
            one.calls,
            one.lossPercent,
            one.p50Ms,
            one.p99Ms,
            one.cpuMicros,
            one.cpuPercent,
            one.lateP99Ms,
          ]);
        }
        const best = Math.max(0, ...series.filter(({ lossPercent }) => lossPercent === 0).map(({ calls }) => calls));
        notes.push(`${peer.name}: no packet lost up to ${best} calls.`);
      } finally {
        await peer.stop();
      }
    }
    if (other === undefined) notes.push("No Asterisk was given (PBXX_BENCH_ASTERISK, see bench/README.md).");
    return {
      columns: ["PBX", "calls", "loss %", "p50 ms", "p99 ms", "CPU µs per packet", "CPU %", "phones late p99 ms"],
      rows,
      notes: [
        ...notes,
        "All phones are one process on the same machine: where its own packets are late (last column), its delay is in the figures.",
      ],
    };
  },
};
