import { type Child, startChild } from "../child.ts";
import { type Benchmark, type BenchmarkResult, type Cell, median } from "../benchmark.ts";
import { cpuMsOf, memoryOf } from "../process-figures.ts";
import { startNats } from "./nats.ts";

export interface Peer {
  readonly name: string;
  start(): Promise<RunningPeer>;
}

/** One side of the comparison, ready for receivers. */
export interface RunningPeer {
  readonly pid: number;
  /** How a receiver connects and subscribes. */
  readonly open: Readonly<Record<string, unknown>>;
  /** What one event is counted in. */
  readonly unit: "messages" | "bytes";
  readonly perEvent: number;
  publish(events: number): Promise<void>;
  /** Gives back what nobody holds any more; a server that does not run on Node has nothing to be asked. */
  collectGarbage(): Promise<void>;
  stop(): Promise<void>;
}

function nodePeer(name: string, file: string, open: Readonly<Record<string, unknown>>): Peer {
  return {
    name,
    start: async () => {
      const child: Child = startChild(new URL(file, import.meta.url));
      const port = await child.ask<number>({ do: "port" });
      return {
        pid: child.pid,
        open: { port, ...open },
        unit: "messages",
        perEvent: 1,
        publish: (events) => child.ask<undefined>({ do: "publish", events }),
        collectGarbage: () => child.ask<undefined>({ do: "collect garbage" }),
        stop: () => child.stop(),
      };
    },
  };
}

const subscribe = JSON.stringify({ id: "1", command: "subscribe", params: { channels: ["calls"] } });
export const peers: readonly Peer[] = [
  nodePeer("PBX-X", "./server-pbx.ts", { path: "/ws", headers: { Authorization: "Bearer bench" }, say: [subscribe] }),
  nodePeer("ws 8, send per client", "./server-ws.ts", { path: "/", say: [] }),
  nodePeer("socket.io 4.8, room", "./server-socketio.ts", {
    path: "/socket.io/?EIO=4&transport=websocket",
    say: ["40"],
  }),
  { name: "nats-server, WebSocket", start: startNats },
];

interface Sample {
  readonly peer: string;
  readonly clients: number;
  readonly burst: number;
  readonly perSecond: number;
  readonly cpuMicros: number;
  readonly idleBytes: number;
}

async function measure(peer: Peer, clients: number, bursts: readonly number[], isQuick: boolean): Promise<Sample[]> {
  const running = await peer.start();
  const receivers = startChild(new URL("./clients.ts", import.meta.url));
  try {
    // The first ones bring the program's own growth with them: code, tables, pools.
    const first = clients / 10;
    await receivers.ask({ do: "open", count: first, ...running.open });
    const before = await heldBytes(running);
    await receivers.ask({ do: "open", count: clients - first, ...running.open });
    const idleBytes = ((await heldBytes(running)) - before) / (clients - first);
    const samples: Sample[] = [];
    for (const burst of bursts) {
      const rounds = Math.max(3, Math.ceil((isQuick ? 20_000 : 400_000) / (clients * burst)));
      const rates: number[] = [];
      const cpuBefore = cpuMsOf(running.pid);
      for (let repeat = 0; repeat < 3; repeat += 1) {
        rates.push(await deliveryRate(running, receivers, { clients, rounds, burst }));
      }
      const deliveries = rounds * burst * clients * 3;
      samples.push({
        peer: peer.name,
        clients,
        burst,
        perSecond: median(rates),
        cpuMicros: ((cpuMsOf(running.pid) - cpuBefore) * 1000) / deliveries,
        idleBytes,
      });
    }
    return samples;
  } finally {
    await receivers.stop();
    await running.stop();
  }
}

/** Resident memory once the connections have come to rest and the garbage of the upgrades is gone. */
async function heldBytes(peer: RunningPeer): Promise<number> {
  await settle();
  await peer.collectGarbage();
  await settle();
  return memoryOf(peer.pid);
}

/** Deliveries per second of one series: each round publishes a burst and waits until every receiver has all of it. */
export async function deliveryRate(
  peer: RunningPeer,
  receivers: Child,
  { clients, rounds, burst }: { readonly clients: number; readonly rounds: number; readonly burst: number },
): Promise<number> {
  const { unit, perEvent } = peer;
  await receivers.ask({ do: "mark", unit });
  const startedAt = performance.now();
  for (let round = 1; round <= rounds; round += 1) {
    const wait = receivers.ask({ do: "wait", unit, each: round * burst * perEvent });
    await peer.publish(burst);
    await wait;
  }
  return (rounds * burst * clients) / ((performance.now() - startedAt) / 1000);
}

/** Time for what the connections began to come to an end. */
export function settle(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 1000);
  });
}

export const fanout: Benchmark = {
  name: "fanout",
  about: "one publisher, many subscribed sockets, 400-byte events, at 1, 10 and 100 events per burst",
  run: async ({ isQuick, log }): Promise<BenchmarkResult> => {
    const samples: Sample[] = [];
    for (const clients of isQuick ? [200] : [1000, 5000]) {
      for (const peer of peers) {
        log(`${peer.name}, ${clients} sockets …`);
        samples.push(...(await measure(peer, clients, [1, 10, 100], isQuick)));
      }
    }
    const own = (sample: Sample): number =>
      samples.find(
        (other) => other.peer === "PBX-X" && other.clients === sample.clients && other.burst === sample.burst,
      )?.perSecond ?? Number.NaN;
    const rows = samples.map((sample): readonly Cell[] => [
      sample.clients,
      sample.burst,
      sample.peer,
      sample.perSecond,
      sample.cpuMicros,
      own(sample) / sample.perSecond,
      sample.idleBytes / 1000,
    ]);
    return {
      columns: [
        "sockets",
        "events per burst",
        "server",
        "deliveries/s",
        "CPU µs per delivery",
        "PBX-X ÷ this",
        "kB per idle socket",
      ],
      rows,
      notes: [
        "Each round publishes one burst and waits until every socket has all of it; the median of three series.",
        "An idle socket's memory is the growth of the resident set from the first tenth of the sockets to all of them, after forced garbage collections in the servers that run on Node.",
        "Receivers are one process of bare TCP sockets that count frames; server and receivers have a core each.",
      ],
    };
  },
};
