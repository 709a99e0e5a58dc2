import type { TableName } from "@pbx-x/protocol/runtime";
import { missingChannel } from "./model/covering-channels.ts";
import type { Clock } from "./platform/clock.ts";

export interface EmptyReadsOptions {
  readonly clock: Clock;
  readonly wanted: () => readonly string[];
  readonly warn: (message: string) => void;
}

/** A component reads first and wants its channel a moment later: judged after this. */
const judgeAfterMs = 2000;

/** Tables that were read empty: is there a channel that would fill them ([M6])? Told once of each. */
export class EmptyReads {
  readonly #options: EmptyReadsOptions;
  /** How to let each be. */
  readonly #read = new Map<TableName, () => void>();
  readonly #told = new Set<TableName>();

  constructor(options: EmptyReadsOptions) {
    this.#options = options;
  }

  add(table: TableName): void {
    if (this.#read.has(table) || this.#told.has(table)) return;
    const { clock, wanted, warn } = this.#options;
    const judge = (): void => {
      this.#read.delete(table);
      const missing = missingChannel(table, wanted());
      if (missing === undefined) return;
      this.#told.add(table);
      warn(`"${table}" is read, but no wanted channel brings it; want "${missing}", or a part of it.`);
    };
    this.#read.set(table, clock.after(judgeAfterMs, judge));
  }

  stop(): void {
    for (const cancel of this.#read.values()) cancel();
    this.#read.clear();
  }
}
