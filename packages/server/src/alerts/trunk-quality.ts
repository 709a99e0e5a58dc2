import type { LegId, Scheduler, TelephonyEvent } from "@pbx-x/telephony";
import type { NewEvent } from "../event-log/event-log.ts";
import { systemAlert } from "./alert-event.ts";
import { quiet, stepThreshold, type Threshold, type ThresholdState } from "./threshold.ts";

export interface TrunkQualityLimits {
  /** 0–100. */
  readonly packetLossPercent: number;
  readonly jitterMs: number;
  /** Time between two alerts of one kind of one trunk. */
  readonly intervalMs: number;
}

export interface TrunkQualityOptions {
  readonly scheduler: Scheduler;
  readonly newId: () => string;
  readonly publish: (events: readonly NewEvent[]) => void;
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
  readonly alertIds: Partial<Record<Kind, string>>;
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
    const { scheduler } = this.#options;
    const nowMs = scheduler.now();
    const figures = this.#figuresOf(trunkId, nowMs);
    const watch = this.#watches.get(trunkId) ?? {
      states: { packetLoss: quiet, jitter: quiet },
      alertIds: {},
      cancelTick: undefined,
    };
    this.#watches.set(trunkId, watch);
    for (const kind of kinds) {
      const { state, tell } = stepThreshold(watch.states[kind], figures?.[kind], nowMs, this.#thresholdOf(kind));
      watch.states[kind] = state;
      if (tell !== undefined) this.#tell(trunkId, watch, kind, tell, figures);
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
    const { packetLossPercent, jitterMs, intervalMs } = this.#options.limits;
    const raiseAt = kind === "packetLoss" ? packetLossPercent : jitterMs;
    return { raiseAt, clearBelow: raiseAt / 2, holdMs, intervalMs };
  }

  #tell(
    trunkId: string,
    watch: Watch,
    kind: Kind,
    tell: "raised" | "cleared",
    figures: Readonly<Record<Kind, number>> | undefined,
  ): void {
    const { newId, publish, trunkName } = this.#options;
    const alertId = watch.alertIds[kind] ?? newId();
    if (tell === "raised") watch.alertIds[kind] = alertId;
    else delete watch.alertIds[kind];
    const name = `Trunk '${trunkName(trunkId) ?? trunkId}'`;
    const value = figures === undefined ? "no call to measure by" : `${figures[kind]}${units[kind]}`;
    publish([
      systemAlert({
        alertId,
        severity: tell === "raised" ? "warning" : "info",
        category: "trunk",
        message:
          tell === "raised"
            ? `${name} is experiencing high ${names[kind]} (${value})`
            : `${name}: high ${names[kind]} is over (${value})`,
        trunkId,
        ...(figures && { metrics: { ...figures } }),
        ...(tell === "cleared" && { isOver: true }),
      }),
    ]);
  }
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
