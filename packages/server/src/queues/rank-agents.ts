import type { AcdAgent, AcdQueue, WaitingCall } from "./acd-state.ts";

/** A free agent with the penalty he has in the queue. */
export interface Candidate {
  readonly agent: AcdAgent;
  readonly penalty: number;
}

/** Most phones that ring together for one call. */
export const maxRingAll = 50;

/**
 * Who of the candidates is asked, best first: all for `ring_all`, one else; nobody when none is fit ([Q1]).
 * @param random from 0 to below 1
 */
export function chooseAgents(
  queue: AcdQueue,
  call: WaitingCall,
  candidates: readonly Candidate[],
  random: () => number,
): readonly Candidate[] {
  const fit = queue.strategy === "skills" ? candidates.filter(({ agent }) => isSkilled(agent, call)) : candidates;
  const fresh = fit.filter(({ agent }) => !call.missedBy.has(agent.agentId));
  const asked = withLowestPenalty(fresh.length > 0 ? fresh : fit);
  if (queue.strategy === "ring_all") return asked.toSorted(byIdleTime).slice(0, maxRingAll);
  const best = chooseOne(queue, call, asked, random);
  return best === undefined ? [] : [best];
}

function chooseOne(
  queue: AcdQueue,
  call: WaitingCall,
  asked: readonly Candidate[],
  random: () => number,
): Candidate | undefined {
  switch (queue.strategy) {
    case "random":
      return asked[Math.floor(random() * asked.length)];
    case "least_talk_time":
      return best(asked, (a, b) => a.agent.talkedMs - b.agent.talkedMs || byIdleTime(a, b));
    case "round_robin":
      return nextAfter(queue.lastAgentId, asked);
    case "skills":
      return best(asked, (a, b) => levelOf(b.agent, call) - levelOf(a.agent, call) || byIdleTime(a, b));
    case "longest_idle":
    case "ring_all":
      return best(asked, byIdleTime);
  }
}

function isSkilled({ skills }: AcdAgent, call: WaitingCall): boolean {
  return call.skills.every(({ skill, minimum }) => (skills.get(skill) ?? 0) >= minimum);
}

function levelOf({ skills }: AcdAgent, call: WaitingCall): number {
  return call.skills.reduce((sum, { skill }) => sum + (skills.get(skill) ?? 0), 0);
}

function withLowestPenalty(candidates: readonly Candidate[]): readonly Candidate[] {
  const lowest = candidates.reduce((least, { penalty }) => Math.min(least, penalty), Number.POSITIVE_INFINITY);
  return candidates.filter(({ penalty }) => penalty === lowest);
}

/** The next one in the order of their ids, from the beginning again after the last. */
function nextAfter(lastAgentId: string | undefined, asked: readonly Candidate[]): Candidate | undefined {
  const first = best(asked, byId);
  if (lastAgentId === undefined) return first;
  return (
    best(
      asked.filter(({ agent }) => agent.agentId > lastAgentId),
      byId,
    ) ?? first
  );
}

function best(
  candidates: readonly Candidate[],
  compare: (a: Candidate, b: Candidate) => number,
): Candidate | undefined {
  let found: Candidate | undefined;
  for (const candidate of candidates) if (found === undefined || compare(candidate, found) < 0) found = candidate;
  return found;
}

function byIdleTime(a: Candidate, b: Candidate): number {
  return a.agent.idleSinceMs - b.agent.idleSinceMs || byId(a, b);
}

function byId(a: Candidate, b: Candidate): number {
  return a.agent.agentId < b.agent.agentId ? -1 : 1;
}
