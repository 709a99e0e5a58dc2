import type { Scheduler } from "@pbx-x/telephony";
import { type AgentDay, dateOf } from "../agents/agent.ts";
import { AgentLedger, type KeptAgent } from "../agents/agent-ledger.ts";
import type { EventLog, LoggedEvent } from "../event-log/event-log.ts";
import type { AcdStore } from "./acd-store.ts";
import type { Callback } from "./callback.ts";
import { CallbackLedger } from "./callback-ledger.ts";
import { QueueIntervals } from "./queue-intervals.ts";

export interface AcdKeeperOptions {
  readonly log: EventLog;
  readonly store: AcdStore;
  readonly scheduler: Scheduler;
  readonly onError: (error: unknown) => void;
  readonly thresholdOf: (queueId: string) => number;
}

export interface AcdCheckpoint {
  readonly seq: number;
  readonly epoch: string;
  readonly agents: readonly KeptAgent[];
  readonly days: readonly (readonly [string, AgentDay])[];
  /** Left out by older versions. */
  readonly callbacks?: readonly Callback[];
}

const pageSize = 1000;
const checkpointMs = 10_000;

/** Keeps log-ins, totals and figures in step with the log, so that a restart forgets none of them ([Q8], [Q10]). */
export class AcdKeeper {
  readonly #options: AcdKeeperOptions;
  intervals: QueueIntervals;
  agents = new AgentLedger();
  callbacks = new CallbackLedger();
  #seq = 0;
  #saved = -1;
  #stopListening: () => void = () => undefined;
  #cancel: () => void = () => undefined;

  constructor(options: AcdKeeperOptions) {
    this.#options = options;
    this.intervals = new QueueIntervals(options.thresholdOf);
  }

  /** Reads what has happened since the last checkpoint. */
  async start(): Promise<void> {
    const { log, store, scheduler, thresholdOf } = this.#options;
    const kept = await store.load(scheduler.now());
    const isOurs = kept.checkpoint?.epoch === log.epoch && kept.checkpoint.seq <= log.head();
    const checkpoint = isOurs ? kept.checkpoint : undefined;
    this.intervals = new QueueIntervals(thresholdOf, isOurs ? kept.intervals : []);
    this.agents = new AgentLedger(checkpoint?.agents, checkpoint?.days);
    this.callbacks = new CallbackLedger(checkpoint?.callbacks);
    this.#seq = checkpoint?.seq ?? 0;
    for (let after = Math.max(this.#seq, log.oldest() - 1); after < log.head(); ) {
      const page = await log.read({ after, limit: pageSize });
      if (page.length === 0) break;
      this.#fold(page);
      after = page.at(-1)?.seq ?? log.head();
    }
    this.#stopListening = log.onCommitted((batch) => this.#fold(batch));
    this.#keepCheckpoint();
  }

  async stop(): Promise<void> {
    this.#cancel();
    this.#stopListening();
    await this.#checkpoint();
  }

  /** Writes what is not stored yet. */
  flush(): Promise<void> {
    return this.#checkpoint();
  }

  #fold(batch: readonly LoggedEvent[]): void {
    for (const event of batch) {
      if (event.seq <= this.#seq) continue;
      this.#seq = event.seq;
      this.intervals.fold(event);
      this.agents.fold(event);
      this.callbacks.fold(event);
    }
  }

  #keepCheckpoint(): void {
    this.#cancel = this.#options.scheduler.after(checkpointMs, () => {
      this.#checkpoint().catch(this.#options.onError);
      this.#keepCheckpoint();
    });
  }

  async #checkpoint(): Promise<void> {
    const { store, log, scheduler } = this.#options;
    const seq = this.#seq;
    if (seq === this.#saved && !this.intervals.hasChanged) return;
    const checkpoint = {
      seq,
      epoch: log.epoch,
      agents: this.agents.agents(),
      days: this.agents.days(dateOf(scheduler.now())),
      callbacks: this.callbacks.callbacks(),
    };
    const changed = this.intervals.takeChanged(scheduler.now());
    try {
      await store.save(checkpoint, changed);
    } catch (error) {
      this.intervals.putBack(changed);
      throw error;
    }
    this.#saved = seq;
  }
}
