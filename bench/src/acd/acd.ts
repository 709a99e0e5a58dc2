import {
  type AcdAgent,
  type AcdOffer,
  type AcdQueue,
  type AcdState,
  distribute,
  type WaitingCall,
} from "@pbx-x/server";
import type { Benchmark, BenchmarkResult, Cell } from "../benchmark.ts";
import { buildCentre, type Centre, type Size } from "./centre.ts";

const named: Size = { agents: 1000, queues: 200, waiting: 5000 };

/** The peer: every waiting call in its turn, every agent looked at for each of them. Who is idle longest gets the call. */
function plainPass({ queues, agents, waiting }: Centre): readonly Omit<AcdOffer, "agentIds">[] {
  const weightOf = ({ queueId }: WaitingCall): number => queues.get(queueId)?.weight ?? 0;
  const calls = waiting.toSorted((a, b) => weightOf(b) - weightOf(a) || b.priority - a.priority || a.order - b.order);
  const taken = new Set<string>();
  const offers: Omit<AcdOffer, "agentIds">[] = [];
  for (const call of calls) {
    let best: AcdAgent | undefined;
    for (const agent of agents) {
      if (!agent.isFree || taken.has(agent.agentId)) continue;
      if (!agent.memberships.some(({ queueId }) => queueId === call.queueId)) continue;
      if (best === undefined || agent.idleSinceMs < best.idleSinceMs) best = agent;
    }
    if (best === undefined) continue;
    taken.add(best.agentId);
    offers.push({ entryId: call.entryId, queueId: call.queueId });
  }
  return offers;
}

/** One agent has become free, all others talk: what is looked at is his queues alone, as the server does. */
function oneFree(centre: Centre, agent: AcdAgent): AcdState {
  const ids = agent.memberships.map(({ queueId }) => queueId);
  const queues = new Map<string, AcdQueue>();
  for (const queueId of ids) {
    const queue = centre.queues.get(queueId);
    if (queue !== undefined) queues.set(queueId, queue);
  }
  return { queues, agents: [agent], waiting: ids.flatMap((queueId) => centre.waitingIn.get(queueId) ?? []) };
}

/** CPU milliseconds of one run: as many runs as fill some time, since the clock of a thread's CPU is coarse. */
function cpuMsOf(atLeastMs: number, run: () => unknown): number {
  const before = process.threadCpuUsage();
  for (let runs = 1; ; runs += 1) {
    run();
    const { user, system } = process.threadCpuUsage(before);
    const spentMs = (user + system) / 1000;
    if (spentMs >= atLeastMs) return spentMs / runs;
  }
}

/** How often a pass reads something of an agent: the same on every machine, however busy it is. */
function readsOf(centre: Centre): number {
  let reads = 0;
  const counted = centre.agents.map(
    (agent) =>
      new Proxy(agent, {
        get: (target, name) => {
          reads += 1;
          return Reflect.get(target, name);
        },
      }),
  );
  distribute({ ...centre, agents: counted }, () => 0.5);
  return reads;
}

const kinds = ["pass", "plain", "one", "looked"] as const;
type Costs = Readonly<Record<(typeof kinds)[number], number>>;

interface Measured {
  readonly size: Size;
  readonly offers: number;
  readonly plainOffers: number;
  readonly reads: number;
  /** The least of several rounds: what other processes did to the caches is in none of them. */
  readonly ms: Costs;
}

/** All sizes in turn, several times, so that whatever else the machine does meets all of them. */
function measure(sizes: readonly Size[], rounds: number, atLeastMs: number): readonly Measured[] {
  const random = (): number => 0.5;
  const centres = sizes.map((size) => ({ size, centre: buildCentre(size) }));
  const runsOf = (centre: Centre): Readonly<Record<(typeof kinds)[number], () => unknown>> => {
    const some = centre.agents.filter((_, index) => index % 5 === 0);
    let next = 0;
    return {
      pass: () => distribute(centre, random),
      plain: () => plainPass(centre),
      one: () => {
        const agent = some[(next += 1) % some.length];
        return agent && distribute(oneFree(centre, agent), random);
      },
      looked: () => distribute({ ...centre, agents: some.slice(0, 1) }, random),
    };
  };
  const best = centres.map(() => new Map<string, number>());
  for (let round = 0; round <= rounds; round += 1) {
    for (const [index, { centre }] of centres.entries()) {
      const runs = runsOf(centre);
      for (const kind of kinds) {
        const ms = cpuMsOf(atLeastMs, runs[kind]);
        // The first round is for the compiler.
        if (round > 0) best[index]?.set(kind, Math.min(ms, best[index].get(kind) ?? ms));
      }
    }
  }
  return centres.map(({ size, centre }, index) => {
    const of = (kind: (typeof kinds)[number]): number => best[index]?.get(kind) ?? Number.NaN;
    return {
      size,
      offers: distribute(centre, random).length,
      plainOffers: plainPass(centre).length,
      reads: readsOf(centre),
      ms: { pass: of("pass"), plain: of("plain"), one: of("one"), looked: of("looked") },
    };
  });
}

function rowOf({ size, offers, plainOffers, reads, ms }: Measured): readonly Cell[] {
  const perSecond = (decisions: number, cost: number): number => (decisions / cost) * 1000;
  return [
    size.agents,
    size.queues,
    size.waiting,
    offers,
    perSecond(offers, ms.pass),
    perSecond(plainOffers, ms.plain),
    ms.plain / ms.pass,
    perSecond(1, ms.one),
    perSecond(1, ms.looked),
    reads / offers,
  ];
}

/** How the cost has grown beside n log n; at most 1 is wanted. */
function growth(from: Measured, to: Measured, of: (one: Measured) => number): number {
  const cost = ({ waiting }: Size): number => waiting * Math.log2(waiting);
  return of(to) / of(from) / (cost(to.size) / cost(from.size));
}

export const acd: Benchmark = {
  name: "acd",
  about:
    "which waiting call goes to which agent: 1,000 agents, 200 queues, 5,000 waiting calls; half, once and twice of it",
  run: async ({ isQuick, log }): Promise<BenchmarkResult> => {
    const sizes = [0.5, 1, 2].map((share) => ({
      agents: named.agents * share,
      queues: named.queues * share,
      waiting: named.waiting * share,
    }));
    log("all sizes in turn …");
    const measured = isQuick ? measure(sizes, 1, 20) : measure(sizes, 7, 200);
    const [n, twice, four] = measured;
    if (n === undefined || twice === undefined || four === undefined) throw new Error("nothing was measured");
    const show = (of: (one: Measured) => number): string =>
      `${growth(n, twice, of).toFixed(2)} from n to 2n, ${growth(twice, four, of).toFixed(2)} from 2n to 4n`;
    return {
      columns: [
        "agents",
        "queues",
        "waiting",
        "offers",
        "all free: decisions/s",
        "plain pass: decisions/s",
        "times the plain pass",
        "one free: decisions/s",
        "one free, all queues looked at",
        "reads of agents per decision",
      ],
      rows: measured.map(rowOf),
      notes: [
        `growth of the reads beside n log n (at most 1 is wanted): ${show(({ reads }) => reads)}`,
        `of the CPU time: ${show(({ ms }) => ms.pass)}; of the plain pass ${show(({ ms }) => ms.plain)}`,
        "One free: as the server does, only the queues of the agent are looked at.",
        "CPU time of one thread, the least of seven rounds.",
      ],
    };
  },
};
