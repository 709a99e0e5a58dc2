import type { TableName } from "@pbx-x/protocol/runtime";
import { missingChannel } from "./model/covering-channels.ts";
import type { Clock } from "./platform/clock.ts";

export interface WarningsOptions {
  readonly clock: Clock;
  readonly tell: ((message: string) => void) | undefined;
  readonly wanted: () => readonly string[];
}

/** A component reads first and wants its channel a moment later: judged after this. */
const judgeAfterMs = 2000;
const limit = 100;

/** Hints for who writes the application: each once, and none in production ([M6], [M8]). */
export class Warnings {
  readonly #options: WarningsOptions;
  readonly #tell: ((message: string) => void) | undefined;
  readonly #told = new Set<string>();
  /** Tables that were read empty, and how to let that be. */
  readonly #read = new Map<TableName, () => void>();

  constructor(options: WarningsOptions) {
    this.#options = options;
    this.#tell = options.tell ?? (isDevelopment() ? (message) => console.warn(`pbx-x: ${message}`) : undefined);
  }

  warn(message: string): void {
    if (this.#told.has(message) || this.#told.size >= limit) return;
    this.#told.add(message);
    this.#tell?.(message);
  }

  /** A table was read in which there is nothing. */
  readEmpty(table: TableName): void {
    if (this.#tell === undefined || this.#read.has(table)) return;
    const judge = (): void => {
      const missing = missingChannel(table, this.#options.wanted());
      this.#read.delete(table);
      if (missing !== undefined)
        this.warn(`"${table}" is read, but no wanted channel brings it; want "${missing}", or a part of it.`);
    };
    this.#read.set(table, this.#options.clock.after(judgeAfterMs, judge));
  }

  stop(): void {
    for (const cancel of this.#read.values()) cancel();
    this.#read.clear();
  }
}

function isDevelopment(): boolean {
  try {
    // Written out, so that bundlers put their word in its place; without one a page has no `process`.
    return process.env.NODE_ENV === "development";
  } catch {
    return false;
  }
}
