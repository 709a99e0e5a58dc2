import {
  type AcdAgent,
  type AcdOffer,
  type AcdQueue,
  type AcdState,
  distribute,
  type WaitingCall,
} from "@pbx-x/server";
import { type Benchmark, type BenchmarkResult, type Cell, median } from "../benchmark.ts";
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

const warmUps = 5;

/** CPU milliseconds of one run, the median of several. */
function cpuMsOf(repeats: number, run: () => unknown): number {
  const times: number[] = [];
  for (let repeat = 0; repeat < repeats + warmUps; repeat += 1) {
    const before = process.threadCpuUsage();
    run();
    const { user, system } = process.threadCpuUsage(before);
    // The first ones are for the compiler.
    if (repeat >= warmUps) times.push((user + system) / 1000);
  }
  return median(times);
}

interface Measured {
  readonly size: Size;
  readonly row: readonly Cell[];
  readonly passMs: number;
  readonly oneMs: number;
}

function measure(share: number, isQuick: boolean): Measured {
  const size = {
    agents: named.agents * share,
    queues: named.queues * share,
    waiting: named.waiting * share,
  };
  const centre = buildCentre(size);
  const random = (): number => 0.5;
  const repeats = isQuick ? 3 : 40;
  const offers = distribute(centre, random).length;
  const passMs = cpuMsOf(repeats, () => distribute(centre, random));
  const plainMs = cpuMsOf(isQuick ? 1 : 5, () => plainPass(centre));
  const some = centre.agents.filter((_, index) => index % 5 === 0);
  const oneMs =
    cpuMsOf(repeats, () => {
      for (const agent of some) distribute(oneFree(centre, agent), random);
    }) / some.length;
  const full = cpuMsOf(repeats, () => distribute({ ...centre, agents: some.slice(0, 1) }, random));
  return {
    size,
    passMs,
    oneMs,
    row: [
      size.agents,
      size.queues,
      size.waiting,
      offers,
      (offers / passMs) * 1000,
      (plainPass(centre).length / plainMs) * 1000,
      plainMs / passMs,
      1000 / oneMs,
      1000 / full,
    ],
  };
}

/** How much faster than n log n the cost has grown; at most 1 is wanted. */
function growth(from: Measured, to: Measured, of: "passMs" | "oneMs"): number {
  const cost = ({ waiting }: Size): number => waiting * Math.log2(waiting);
  return to[of] / from[of] / (cost(to.size) / cost(from.size));
}

export const acd: Benchmark = {
  name: "acd",
  about:
    "which waiting call goes to which agent: 1,000 agents, 200 queues, 5,000 waiting calls; half, once and twice of it",
  run: async ({ isQuick, log }): Promise<BenchmarkResult> => {
    const measured = [0.5, 1, 2].map((share) => {
      log(`${named.agents * share} agents …`);
      return measure(share, isQuick);
    });
    const [n, twice, four] = measured;
    if (n === undefined || twice === undefined || four === undefined) throw new Error("nothing was measured");
    const show = (value: number): string => value.toFixed(2);
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
      ],
      rows: measured.map(({ row }) => row),
      notes: [
        `all free: growth from n to 2n is ${show(growth(n, twice, "passMs"))} times that of n log n, from 2n to 4n ${show(growth(twice, four, "passMs"))}`,
        `one free: from n to 2n ${show(growth(n, twice, "oneMs"))}, from 2n to 4n ${show(growth(twice, four, "oneMs"))} (its own queues only; their length is the same)`,
        "CPU time of one thread, median; the server looks at the queues in which something has changed, once per turn.",
      ],
    };
  },
};
