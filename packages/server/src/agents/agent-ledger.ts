import type { AgentStatus } from "@pbx-x/protocol";
import { agentStatuses } from "@pbx-x/protocol/runtime";
import { contentOf } from "../event-log/event-content.ts";
import type { LoggedEvent } from "../event-log/event-log.ts";
import { type AgentDay, type AgentMembership, type AgentWish, dateOf } from "./agent.ts";

/** A log-in that has no log-out yet, as the log tells it ([Q10]). */
export interface KeptAgent {
  readonly agentId: string;
  readonly extensionId: string;
  readonly memberships: readonly AgentMembership[];
  readonly status: AgentStatus;
  readonly sinceMs: number;
  readonly wish: AgentWish;
}

/** Folds the log into who is logged in, and everybody's totals of the day. Seeing an event twice does no harm. */
export class AgentLedger {
  readonly #agents: Map<string, KeptAgent>;
  readonly #days: Map<string, AgentDay>;

  constructor(agents: readonly KeptAgent[] = [], days: readonly (readonly [string, AgentDay])[] = []) {
    this.#agents = new Map(agents.map((agent) => [agent.agentId, agent]));
    this.#days = new Map(days);
  }

  agents(): readonly KeptAgent[] {
    return [...this.#agents.values()];
  }

  /** Totals of one day by agent. */
  days(date: string): readonly (readonly [string, AgentDay])[] {
    return [...this.#days].filter(([, day]) => day.date === date);
  }

  fold(event: LoggedEvent): void {
    if (!event.type.startsWith("AGENT_")) return;
    const { data } = contentOf(event) as { readonly data: Readonly<Record<string, unknown>> };
    const { agentId, extensionId } = data;
    if (typeof agentId !== "string" || typeof extensionId !== "string") return;
    const known = this.#agents.get(agentId);
    switch (event.type) {
      case "AGENT_LOGGED_IN": {
        const queues = data["queues"] as readonly { readonly queueId: string; readonly penalty?: number }[];
        const memberships = queues.map(({ queueId, penalty = 0 }) => ({ queueId, penalty }));
        const fresh = {
          status: statusOf(data["status"]),
          sinceMs: event.timestampMs,
          wish: { status: "available" },
        } as const;
        this.#agents.set(agentId, { ...(known ?? fresh), agentId, extensionId, memberships });
        return;
      }
      case "AGENT_LOGGED_OUT":
        this.#agents.delete(agentId);
        return;
      case "AGENT_STATE_CHANGED": {
        const { callsToday, talkTimeSecondsToday, nextStatus } = data;
        const status = statusOf(data["newStatus"]);
        if (typeof callsToday === "number" && typeof talkTimeSecondsToday === "number") {
          const date = dateOf(event.timestampMs);
          this.#days.set(agentId, { date, calls: callsToday, talkMs: talkTimeSecondsToday * 1000 });
        }
        if (known === undefined) return;
        const isBreak = status === "break" || nextStatus === "break";
        const reasonCode = data[status === "break" ? "reasonCode" : "nextReasonCode"];
        const reason = typeof reasonCode === "string" ? { reasonCode } : {};
        // Older logs do not tell what follows a lost phone: he goes on as before.
        const otherwise: AgentWish = status === "offline" ? known.wish : { status: "available" };
        const wish: AgentWish = isBreak ? { status: "break", ...reason } : otherwise;
        this.#agents.set(agentId, { ...known, status, sinceMs: event.timestampMs, wish });
        return;
      }
      default:
        return;
    }
  }
}

function statusOf(value: unknown): AgentStatus {
  return agentStatuses.find((status) => status === value) ?? "available";
}
