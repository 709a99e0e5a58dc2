import type { LegId, Scheduler, TelephonyEvent } from "@pbx-x/telephony";
import type { AlertDesk, Standing } from "./alert-desk.ts";
import { quiet, stepThreshold, type Threshold, type ThresholdState } from "./threshold.ts";

export interface TrunkQualityLimits {
  /** 0–100. */
  readonly packetLossPercent: number;
  readonly jitterMs: number;
}

export interface TrunkQualityOptions {
  readonly scheduler: Scheduler;
  readonly desk: Pick<AlertDesk, "watch">;
  readonly trunkName: (trunkId: string) => string | undefined;
  readonly limits: TrunkQualityLimits;
}

type Kind = "packetLoss" | "jitter";
const kinds = ["packetLoss", "jitter"] as const satisfies readonly Kind[];

interface Sample extends Readonly<Record<Kind, number>> {
  readonly trunkId: string;
  readonly atMs: number;
}

interface Watch {
  readonly states: Record<Kind, ThresholdState>;
  readonly tell: Readonly<Record<Kind, (standing: Standing) => void>>;
  cancelTick: (() => void) | undefined;
}

const holdMs = 10_000;
const tickMs = 5000;
/** Calls measure every 5 s; what is older says nothing about now. */
const freshMs = 12_000;
const names = { packetLoss: "packet loss", jitter: "jitter" } as const;
const units = { packetLoss: "%", jitter: " ms" } as const;

/** Watches the voice of each trunk's calls and tells when it is bad for long, and when that is over ([V3]). */
export class TrunkQuality {
  readonly #options: TrunkQualityOptions;
  readonly #samples = new Map<LegId, Sample>();
  readonly #watches = new Map<string, Watch>();

  constructor(options: TrunkQualityOptions) {
    this.#options = options;
  }

  onTelephony(event: TelephonyEvent): void {
    if (event.type === "legEnded") {
      this.#samples.delete(event.legId);
      return;
    }
    if (event.type !== "mediaQuality" || event.trunkId === undefined) return;
    const { legId, trunkId, lossPercent, jitterMs, remoteLossPercent = 0, remoteJitterMs = 0 } = event;
    this.#samples.set(legId, {
      trunkId,
      atMs: this.#options.scheduler.now(),
      packetLoss: Math.max(lossPercent, remoteLossPercent),
      jitter: Math.max(jitterMs, remoteJitterMs),
    });
    this.#judge(trunkId);
  }

  stop(): void {
    for (const { cancelTick } of this.#watches.values()) cancelTick?.();
    this.#watches.clear();
    this.#samples.clear();
  }

  #judge(trunkId: string): void {
    const { scheduler, desk } = this.#options;
    const nowMs = scheduler.now();
    const figures = this.#figuresOf(trunkId, nowMs);
    const watch = this.#watches.get(trunkId) ?? {
      states: { packetLoss: quiet, jitter: quiet },
      tell: {
        packetLoss: desk.watch({ category: "trunk", trunkId }),
        jitter: desk.watch({ category: "trunk", trunkId }),
      },
      cancelTick: undefined,
    };
    this.#watches.set(trunkId, watch);
    for (const kind of kinds) {
      const state = stepThreshold(watch.states[kind], figures?.[kind], nowMs, this.#thresholdOf(kind));
      watch.states[kind] = state;
      watch.tell[kind](this.#standingOf(trunkId, kind, state.isRaised, figures));
    }
    watch.cancelTick?.();
    const isBusy = kinds.some((kind) => watch.states[kind].isRaised || watch.states[kind].beyondSinceMs !== undefined);
    // The end of the last call brings no measurement.
    watch.cancelTick = isBusy ? scheduler.after(tickMs, () => this.#judge(trunkId)) : undefined;
  }

  /** The mean of the trunk's calls; undefined when none is measured now. */
  #figuresOf(trunkId: string, nowMs: number): Readonly<Record<Kind, number>> | undefined {
    const fresh = [...this.#samples.values()].filter(
      (sample) => sample.trunkId === trunkId && nowMs - sample.atMs < freshMs,
    );
    if (fresh.length === 0) return undefined;
    const mean = (kind: Kind): number => fresh.reduce((sum, sample) => sum + sample[kind], 0) / fresh.length;
    return { packetLoss: rounded(mean("packetLoss")), jitter: rounded(mean("jitter")) };
  }

  #thresholdOf(kind: Kind): Threshold {
    const { packetLossPercent, jitterMs } = this.#options.limits;
    const raiseAt = kind === "packetLoss" ? packetLossPercent : jitterMs;
    return { raiseAt, clearBelow: raiseAt / 2, holdMs };
  }

  #standingOf(
    trunkId: string,
    kind: Kind,
    isRaised: boolean,
    figures: Readonly<Record<Kind, number>> | undefined,
  ): Standing {
    const name = `Trunk '${this.#options.trunkName(trunkId) ?? trunkId}'`;
    const value = figures === undefined ? "no call to measure by" : `${figures[kind]}${units[kind]}`;
    return {
      severity: isRaised ? "warning" : "info",
      message: isRaised
        ? `${name} is experiencing high ${names[kind]} (${value})`
        : `${name}: high ${names[kind]} is over (${value})`,
      ...(figures && { metrics: { ...figures } }),
    };
  }
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
