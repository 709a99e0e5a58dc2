import type { AgentStatus } from "@pbx-x/protocol";

/** A log-in to one queue ([Q2]). */
export interface AgentMembership {
  readonly queueId: string;
  readonly penalty: number;
}

/** What an agent does by himself, and goes back to. */
export interface AgentWish {
  readonly status: "available" | "break";
  readonly reasonCode?: string;
}

/** Somebody who is logged in to queues; one who logs out is none ([Q2]). */
export interface Agent {
  readonly agentId: string;
  readonly extensionId: string;
  readonly number: string;
  readonly name: string;
  readonly userId?: string;
  readonly memberships: readonly AgentMembership[];
  readonly status: AgentStatus;
  readonly reasonCode?: string;
  /** The queue that caused the status. */
  readonly queueId?: string;
  readonly sinceMs: number;
  /** End of the wrap-up time. */
  readonly endsAtMs?: number;
  /** What the status goes on with by itself, when the call and the work after it are over. */
  readonly wish: AgentWish;
  /** The queue call that he is in, or has just had. */
  readonly queueCall?: QueueCall;
  /** Offers that he let ring, one after the other ([Q4]). */
  readonly missedInRow: number;
  /** Since when he has had no queue call. */
  readonly idleSinceMs: number;
  readonly today: AgentDay;
}

export interface QueueCall {
  readonly callId: string;
  readonly queueId: string;
  readonly answeredAtMs: number;
}

/** Totals of one day, by the clock of the machine ([Q8]). */
export interface AgentDay {
  readonly date: string;
  readonly calls: number;
  readonly talkMs: number;
}

export interface StatusChange {
  readonly status: AgentStatus;
  readonly reasonCode?: string | undefined;
  readonly queueId?: string | undefined;
  readonly endsAtMs?: number | undefined;
}

/** The agent with another status; one that says the same goes on since when it began. */
export function withStatus(agent: Agent, change: StatusChange, nowMs: number): Agent {
  const { reasonCode: _, queueId: __, endsAtMs: ___, ...rest } = agent;
  const { status, reasonCode, queueId, endsAtMs } = change;
  return {
    ...rest,
    status,
    sinceMs: status === agent.status ? agent.sinceMs : nowMs,
    ...(reasonCode !== undefined && { reasonCode }),
    ...(queueId !== undefined && { queueId }),
    ...(endsAtMs !== undefined && { endsAtMs }),
  };
}

/** What follows by itself; undefined where the status stays until somebody does something. */
export function nextStatus({ status, wish }: Agent): AgentStatus | undefined {
  switch (status) {
    case "busy":
    case "offline":
      return wish.status === "break" ? "break" : undefined;
    case "wrap_up":
      return wish.status;
    default:
      return undefined;
  }
}

/** The day of a moment, as the machine's clock has it. */
export function dateOf(ms: number): string {
  const date = new Date(ms);
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** The totals of this day; those of another are over. */
export function todayOf(day: AgentDay, nowMs: number): AgentDay {
  const date = dateOf(nowMs);
  return day.date === date ? day : { date, calls: 0, talkMs: 0 };
}
