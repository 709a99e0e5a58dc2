import { type Benchmark, type BenchmarkResult, type Cell, median } from "../benchmark.ts";
import { startChild } from "../child.ts";
import { deliveryRate, peers, type RunningPeer, settle } from "../fanout/fanout.ts";
import { memoryOf } from "../process-figures.ts";

const readers = 500;
const burst = 10;

interface Series {
  readonly perSecond: number;
  readonly grownMb: number;
}

/** Deliveries to the readers while so many others have stopped reading. */
async function measure(peer: RunningPeer, stuck: number, rounds: number): Promise<Series> {
  const clients = startChild(new URL("../fanout/clients.ts", import.meta.url));
  const others = startChild(new URL("../fanout/clients.ts", import.meta.url));
  try {
    await clients.ask({ do: "open", count: readers, ...peer.open });
    if (stuck > 0) await others.ask({ do: "open", count: stuck, isStuck: true, ...peer.open });
    await settle();
    const before = memoryOf(peer.pid);
    let peak = before;
    const rates: number[] = [];
    for (let series = 0; series < 5; series += 1) {
      rates.push(await deliveryRate(peer, clients, { clients: readers, rounds, burst }));
      peak = Math.max(peak, memoryOf(peer.pid));
    }
    return { perSecond: median(rates), grownMb: (peak - before) / 2 ** 20 };
  } finally {
    await clients.stop();
    await others.stop();
  }
}

export const slow: Benchmark = {
  name: "slow",
  about: "500 sockets receive while others have stopped reading: their speed, the server's memory",
  run: async ({ isQuick, log }): Promise<BenchmarkResult> => {
    const rounds = isQuick ? 40 : 400;
    const rows: (readonly Cell[])[] = [];
    for (const candidate of peers.filter((peer) => !peer.name.startsWith("nats"))) {
      const { name } = candidate;
      const peer = await candidate.start();
      try {
        log(`${name} …`);
        const alone = await measure(peer, 0, rounds);
        for (const stuck of [1, 20]) {
          const loaded = await measure(peer, stuck, rounds);
          rows.push([
            name,
            stuck,
            alone.perSecond,
            loaded.perSecond,
            loaded.perSecond / alone.perSecond,
            alone.grownMb,
            loaded.grownMb,
          ]);
        }
      } finally {
        await peer.stop();
      }
    }
    return {
      columns: [
        "server",
        "stuck sockets",
        "deliveries/s without",
        "deliveries/s with",
        "with ÷ without",
        "MB grown without",
        "MB grown with",
      ],
      rows,
      notes: [
        `Bursts of ${burst} events; ${5 * rounds * burst} events in each measurement, so a socket that reads nothing is owed ${Math.round((5 * rounds * burst * 400) / 2 ** 20)} MB.`,
        "PBX-X ends such a socket as slow_consumer (W31) at its limits; the others keep everything in memory.",
      ],
    };
  },
};
