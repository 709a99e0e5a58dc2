import type { Scheduler } from "@pbx-x/telephony";
import { Pace } from "./pace.ts";
import type { Queue } from "./queue.ts";

export interface StatsTellerOptions {
  readonly scheduler: Scheduler;
  readonly queues: () => readonly Queue[];
  /** Whether anybody watches the queue now. */
  readonly isWatched: (queueId: string) => boolean;
  readonly tell: (queueId: string) => void;
}

const everyMs = 5000;
const paceMs = 1000;

/** Says when a queue's figures are told ([W33]): every 5 s while somebody watches, at once when something changes. */
export class StatsTeller {
  readonly #options: StatsTellerOptions;
  readonly #pace: Pace;
  #cancel: () => void = () => undefined;

  constructor(options: StatsTellerOptions) {
    this.#options = options;
    this.#pace = new Pace(options.scheduler, paceMs, (queueId) => this.#tell(queueId));
    this.#tick();
  }

  /** Calls or agents have changed. */
  changed(queueId: string): void {
    if (this.#options.isWatched(queueId)) this.#pace.ask(queueId);
  }

  stop(): void {
    this.#cancel();
  }

  #tick(): void {
    this.#cancel = this.#options.scheduler.after(everyMs, () => {
      for (const { id } of this.#options.queues()) this.#tell(id);
      this.#tick();
    });
  }

  #tell(queueId: string): void {
    if (this.#options.isWatched(queueId)) this.#options.tell(queueId);
  }
}
