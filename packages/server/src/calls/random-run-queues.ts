import type { AnyEvent } from "@pbx-x/protocol";
import type { Queues } from "../queues/start-queues.ts";

type Data = Readonly<Record<string, unknown>>;

interface Entry {
  readonly callId: string;
  readonly queueId: string;
  readonly story: string[];
  /** Offers that nobody has answered yet, and who rings. */
  readonly offers: Map<string, string>;
  isCallback: boolean;
  isCallOver: boolean;
  /** Nobody is asked before. */
  notBefore: number;
  isOver: boolean;
}

/** What the wire told of queues and agents so far, held against their rules; throws what is broken. */
export class RandomRunQueues {
  readonly #entries = new Map<string, Entry>();
  readonly #loggedIn = new Set<string>();
  readonly #endedCalls = new Set<string>();
  readonly #figures = new Map<string, Map<string, number>>();

  add(event: AnyEvent): void {
    if (!("data" in event)) return;
    const data: Data = { ...event.data };
    if (event.type === "CALL_ENDED") return this.#endCall(String(data["callId"]));
    if (event.type.startsWith("AGENT_")) return this.#addAgent(event.type, String(data["agentId"]));
    if (!event.type.startsWith("QUEUE_")) return;
    const id = String(data["queueEntryId"]);
    const known = this.#entries.get(id);
    const callId = String(data["callId"]);
    const queueId = String(data["queueId"]);
    if (event.type === "QUEUE_CALL_ENTERED") {
      if (known !== undefined) fail("C4", "an entry begins twice", known);
      if (this.#endedCalls.has(callId)) throw new Error(`[C4] ${callId} enters after its end`);
      const position = 1 + this.waiting(queueId).length;
      if (data["position"] !== position)
        throw new Error(`[Q6] ${callId} enters at ${String(data["position"])}, not ${position}`);
      this.#count(queueId, "entered");
    } else if (known === undefined) {
      const isRefused = data["reason"] === "queue_full" || data["reason"] === "no_agents";
      if (event.type !== "QUEUE_CALL_ABANDONED" || !isRefused) throw new Error(`[C4] ${event.type} of no entry`);
    }
    const fresh = {
      callId,
      queueId,
      story: [],
      offers: new Map(),
      isCallback: false,
      isCallOver: false,
      notBefore: 0,
      isOver: false,
    };
    const entry: Entry = known ?? fresh;
    this.#entries.set(id, entry);
    entry.story.push(`${event.type} ${JSON.stringify(data)}`);
    if (entry.isOver) fail("C4", `${event.type} after the end`, entry);
    this.#next(entry, event.type, data, Date.parse(event.timestamp));
  }

  /** Entries of a queue that nobody has taken, the first one first. */
  waiting(queueId: string): readonly Entry[] {
    return [...this.#entries.values()].filter((entry) => entry.queueId === queueId && !entry.isOver);
  }

  count(queueId: string, what: string): number {
    return this.#figures.get(queueId)?.get(what) ?? 0;
  }

  checkEnd(): void {
    for (const entry of this.#entries.values()) if (!entry.isOver) fail("C4", "an entry without an end", entry);
    if (this.#loggedIn.size > 0) throw new Error(`[Q10] still logged in: ${[...this.#loggedIn].join(", ")}`);
  }

  #next(entry: Entry, type: string, data: Data, at: number): void {
    const offerId = String(data["offerId"]);
    switch (type) {
      case "QUEUE_AGENT_OFFERED": {
        const agentId = String((data["agent"] as Data)["agentId"]);
        this.#checkTurn(entry, agentId, at);
        entry.offers.set(offerId, agentId);
        return;
      }
      case "QUEUE_AGENT_NO_ANSWER":
        if (!entry.offers.delete(offerId)) fail("Q4", "no such offer", entry);
        return;
      case "QUEUE_CALLBACK_REQUESTED":
        if (entry.offers.size > 0) fail("Q13", "agents still ring", entry);
        entry.isCallback = true;
        return;
      case "QUEUE_CALLBACK_FAILED":
        entry.offers.clear();
        entry.notBefore = Date.parse(String(data["nextAttemptAt"])) || 0;
        return;
      case "QUEUE_CALL_ANSWERED":
        if (!entry.offers.delete(offerId)) fail("Q4", "no such offer", entry);
        if (entry.offers.size > 0) fail("Q4", "others still ring", entry);
        entry.isOver = true;
        this.#count(entry.queueId, "answered");
        return;
      case "QUEUE_CALL_ABANDONED": {
        if (entry.offers.size > 0) fail("Q4", "agents still ring", entry);
        // Before its CALL_ENDED, where the caller was on the line ([Q3]).
        if (!entry.isCallback && this.#endedCalls.has(entry.callId))
          fail("Q3", "abandoned after the call's end", entry);
        entry.isOver = true;
        this.#count(entry.queueId, String(data["reason"]));
        return;
      }
      default:
        return;
    }
  }

  /** No agent has two offers, and nobody who came later goes first ([Q5]). */
  #checkTurn(entry: Entry, agentId: string, at: number): void {
    for (const other of this.#entries.values()) {
      if ([...other.offers.values()].includes(agentId))
        fail("Q5", `${agentId} has another offer: ${other.story.join("\n  ")}`, entry);
    }
    for (const other of this.waiting(entry.queueId)) {
      if (other === entry) return;
      const isKept = other.isCallback && (!this.#endedCalls.has(other.callId) || other.notBefore > at);
      if (other.offers.size === 0 && !isKept) fail("Q5", `before ${other.story.join("\n  ")}`, entry);
    }
  }

  #endCall(callId: string): void {
    this.#endedCalls.add(callId);
    for (const entry of this.#entries.values()) {
      if (entry.callId === callId && !entry.isOver && !entry.isCallback)
        fail("Q3", "the call ends before its entry", entry);
    }
  }

  #addAgent(type: string, agentId: string): void {
    if (type === "AGENT_LOGGED_IN") this.#loggedIn.add(agentId);
    else if (type === "AGENT_LOGGED_OUT" && !this.#loggedIn.delete(agentId))
      throw new Error(`[Q10] ${agentId} was not logged in`);
  }

  #count(queueId: string, what: string): void {
    const ofQueue = this.#figures.get(queueId) ?? new Map<string, number>();
    this.#figures.set(queueId, ofQueue.set(what, (ofQueue.get(what) ?? 0) + 1));
  }
}

/** The figures are what a recount of the events comes to ([Q11]). */
export function checkFigures(told: RandomRunQueues, acd: Queues): void {
  for (const queueId of ["support", "sales"]) {
    const { entered, answered, abandoned } = acd.rest.figures.today(queueId);
    for (const [what, count] of Object.entries({ entered, answered, ...abandoned })) {
      if (count !== told.count(queueId, what))
        throw new Error(`[Q11] ${what} of ${queueId}: ${count}, not ${told.count(queueId, what)}`);
    }
  }
}

function fail(rule: string, what: string, { story }: Entry): never {
  throw new Error(`[${rule}] ${what}\n  ${story.join("\n  ")}`);
}
