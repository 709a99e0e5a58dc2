import { contentOf } from "../event-log/event-content.ts";
import type { LoggedEvent } from "../event-log/event-log.ts";
import { abandonReasons, type AbandonReason } from "@pbx-x/protocol/runtime";
import { type QueueFact, type QueueFigures, noFigures, sumOf, withFact } from "./queue-figures.ts";

/** Figures are kept by quarters of an hour. */
export const intervalMs = 15 * 60_000;

export interface QueueInterval {
  readonly queueId: string;
  readonly startMs: number;
  /** Position of the last event that is counted. */
  readonly seq: number;
  readonly figures: QueueFigures;
}

/** Older ones are on disk alone. */
const keptMs = 25 * 3600_000;

/** Counts what the log tells of the queues. Seeing an event twice, or from the middle, does no harm. */
export class QueueIntervals {
  readonly #thresholdOf: (queueId: string) => number;
  readonly #intervals = new Map<string, QueueInterval>();
  readonly #changed = new Set<string>();

  /** @param thresholdOf seconds of the service level of a queue */
  constructor(thresholdOf: (queueId: string) => number, kept: readonly QueueInterval[] = []) {
    this.#thresholdOf = thresholdOf;
    for (const interval of kept) this.#intervals.set(keyOf(interval.queueId, interval.startMs), interval);
  }

  fold(event: LoggedEvent): void {
    if (!event.type.startsWith("QUEUE_") && event.type !== "AGENT_STATE_CHANGED") return;
    const told = readFact(event, this.#thresholdOf);
    if (told === undefined) return;
    const { queueId, fact } = told;
    const startMs = Math.floor(event.timestampMs / intervalMs) * intervalMs;
    const key = keyOf(queueId, startMs);
    const before = this.#intervals.get(key) ?? { queueId, startMs, seq: 0, figures: noFigures };
    if (event.seq <= before.seq) return;
    this.#intervals.set(key, { ...before, seq: event.seq, figures: withFact(before.figures, fact) });
    this.#changed.add(key);
  }

  /** Sum of a queue's intervals that begin then or later. */
  since(queueId: string, fromMs: number): QueueFigures {
    const found: QueueFigures[] = [];
    for (const interval of this.#intervals.values()) {
      if (interval.queueId === queueId && interval.startMs >= fromMs) found.push(interval.figures);
    }
    return sumOf(found);
  }

  /** Something is to be taken. */
  get hasChanged(): boolean {
    return this.#changed.size > 0;
  }

  /** What has changed since the last time; forgets what is over for long. */
  takeChanged(nowMs: number): readonly QueueInterval[] {
    const changed = [...this.#changed].flatMap((key) => this.#intervals.get(key) ?? []);
    this.#changed.clear();
    for (const [key, { startMs }] of this.#intervals) {
      if (startMs < nowMs - keptMs) this.#intervals.delete(key);
    }
    return changed;
  }

  /** What was taken could not be stored: it is taken again the next time, as it is then. */
  putBack(taken: readonly QueueInterval[]): void {
    for (const interval of taken) {
      const key = keyOf(interval.queueId, interval.startMs);
      if (!this.#intervals.has(key)) this.#intervals.set(key, interval);
      this.#changed.add(key);
    }
  }
}

function keyOf(queueId: string, startMs: number): string {
  return `${queueId} ${startMs}`;
}

function readFact(
  event: LoggedEvent,
  thresholdOf: (queueId: string) => number,
): { readonly queueId: string; readonly fact: QueueFact } | undefined {
  const { data } = contentOf(event) as { readonly data: Readonly<Record<string, unknown>> };
  const queueId = data["queueId"];
  if (typeof queueId !== "string") return undefined;
  const waitSeconds = numberOf(data["waitTimeSeconds"]);
  const fact = ((): QueueFact | undefined => {
    switch (event.type) {
      case "QUEUE_CALL_ENTERED":
        return { kind: "entered" };
      case "QUEUE_CALL_ANSWERED":
        return { kind: "answered", waitSeconds, isInTime: waitSeconds <= thresholdOf(queueId) };
      case "QUEUE_CALL_ABANDONED": {
        const reason = abandonReasons.find((one: AbandonReason) => one === data["reason"]);
        return reason === undefined ? undefined : { kind: "abandoned", reason, waitSeconds };
      }
      case "AGENT_STATE_CHANGED":
        if (data["talkSeconds"] === undefined) return undefined;
        return { kind: "talked", seconds: numberOf(data["talkSeconds"]) };
      default:
        return undefined;
    }
  })();
  return fact === undefined ? undefined : { queueId, fact };
}

function numberOf(value: unknown): number {
  return typeof value === "number" ? value : 0;
}
