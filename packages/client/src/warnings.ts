import type { TableName } from "@pbx-x/protocol/runtime";
import { EmptyReads } from "./empty-reads.ts";
import type { Clock } from "./platform/clock.ts";

export interface WarningsOptions {
  readonly clock: Clock;
  readonly tell: ((message: string) => void) | undefined;
  readonly wanted: () => readonly string[];
}

/** What is written out below; types of Node are not needed for an SDK of browsers. */
declare const process: { readonly env: { readonly NODE_ENV?: string } };

/**
 * Hints for who writes the application ([M6], [M8]). What is only for development hangs on `NODE_ENV` written out,
 * so that bundlers put their word in its place and leave it out of a production build; without one a page has no `process`.
 */
export class Warnings {
  readonly #tell: ((message: string) => void) | undefined;
  readonly #emptyReads: EmptyReads | undefined;

  constructor({ clock, tell, wanted }: WarningsOptions) {
    let toConsole: ((message: string) => void) | undefined;
    try {
      if (process.env.NODE_ENV === "development") toConsole = (message) => console.warn(`pbx-x: ${message}`);
      if (process.env.NODE_ENV !== "production" && (tell ?? toConsole) !== undefined)
        this.#emptyReads = new EmptyReads({ clock, wanted, warn: (message) => this.warn(message) });
    } catch {
      // No bundler and no Node: no hints.
    }
    this.#tell = tell ?? toConsole;
  }

  warn(message: string): void {
    this.#tell?.(message);
  }

  /** A table was read in which there is nothing. */
  readEmpty(table: TableName): void {
    this.#emptyReads?.add(table);
  }

  stop(): void {
    this.#emptyReads?.stop();
  }
}
