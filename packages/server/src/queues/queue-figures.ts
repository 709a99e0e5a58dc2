import type { AbandonReason } from "@pbx-x/protocol";

/** What happened in a queue in a stretch of time. */
export interface QueueFigures {
  readonly entered: number;
  readonly answered: number;
  /** Answered within the service level's threshold. */
  readonly answeredInTime: number;
  readonly abandoned: Readonly<Record<AbandonReason, number>>;
  /** Sums over all that were answered. */
  readonly waitSeconds: number;
  readonly longestWaitSeconds: number;
  readonly talkSeconds: number;
  /** Calls whose talk is over; `talkSeconds` is theirs. */
  readonly handled: number;
}

export const noFigures: QueueFigures = {
  entered: 0,
  answered: 0,
  answeredInTime: 0,
  abandoned: { caller_hangup: 0, timeout: 0, queue_full: 0, no_agents: 0 },
  waitSeconds: 0,
  longestWaitSeconds: 0,
  talkSeconds: 0,
  handled: 0,
};

/** What one event tells of a queue. */
export type QueueFact =
  | { readonly kind: "entered" }
  | { readonly kind: "answered"; readonly waitSeconds: number; readonly isInTime: boolean }
  | { readonly kind: "abandoned"; readonly reason: AbandonReason; readonly waitSeconds: number }
  | { readonly kind: "talked"; readonly seconds: number };

export function withFact(figures: QueueFigures, fact: QueueFact): QueueFigures {
  switch (fact.kind) {
    case "entered":
      return { ...figures, entered: figures.entered + 1 };
    case "answered":
      return {
        ...figures,
        answered: figures.answered + 1,
        answeredInTime: figures.answeredInTime + (fact.isInTime ? 1 : 0),
        waitSeconds: figures.waitSeconds + fact.waitSeconds,
        longestWaitSeconds: Math.max(figures.longestWaitSeconds, fact.waitSeconds),
      };
    case "abandoned": {
      const abandoned = { ...figures.abandoned, [fact.reason]: figures.abandoned[fact.reason] + 1 };
      const longestWaitSeconds = Math.max(figures.longestWaitSeconds, fact.waitSeconds);
      return { ...figures, abandoned, longestWaitSeconds };
    }
    case "talked":
      return { ...figures, talkSeconds: figures.talkSeconds + fact.seconds, handled: figures.handled + 1 };
  }
}

export function sumOf(all: readonly QueueFigures[]): QueueFigures {
  return all.reduce(
    (sum, one) => ({
      entered: sum.entered + one.entered,
      answered: sum.answered + one.answered,
      answeredInTime: sum.answeredInTime + one.answeredInTime,
      abandoned: {
        caller_hangup: sum.abandoned.caller_hangup + one.abandoned.caller_hangup,
        timeout: sum.abandoned.timeout + one.abandoned.timeout,
        queue_full: sum.abandoned.queue_full + one.abandoned.queue_full,
        no_agents: sum.abandoned.no_agents + one.abandoned.no_agents,
      },
      waitSeconds: sum.waitSeconds + one.waitSeconds,
      longestWaitSeconds: Math.max(sum.longestWaitSeconds, one.longestWaitSeconds),
      talkSeconds: sum.talkSeconds + one.talkSeconds,
      handled: sum.handled + one.handled,
    }),
    noFigures,
  );
}

export function abandonedOf({ abandoned }: QueueFigures): number {
  return Object.values(abandoned).reduce((sum, count) => sum + count, 0);
}

export function averageWaitSeconds({ waitSeconds, answered }: QueueFigures): number {
  return answered === 0 ? 0 : Math.round(waitSeconds / answered);
}

/** Share of all calls that were answered within the threshold; undefined before the first one ([Q11]). */
export function serviceLevelPercent(figures: QueueFigures): number | undefined {
  const all = figures.answered + abandonedOf(figures);
  return all === 0 ? undefined : Math.round((figures.answeredInTime / all) * 1000) / 10;
}

/** 0 if unknown. */
export function averageTalkSeconds({ talkSeconds, handled }: QueueFigures): number {
  return handled === 0 ? 0 : Math.round(talkSeconds / handled);
}
