import type { Diagnostic } from "./connection/diagnostic.ts";
import type { Clock } from "./platform/clock.ts";

const limit = 200;

/** The last 200 diagnostics ([M8]). */
export class DiagnosticLog {
  readonly #clock: Clock;
  readonly #tell: ((diagnostic: Diagnostic) => void) | undefined;
  #entries: readonly Diagnostic[] = [];

  constructor(clock: Clock, tell: ((diagnostic: Diagnostic) => void) | undefined) {
    this.#clock = clock;
    this.#tell = tell;
  }

  add(what: Diagnostic["what"], detail: string): void {
    const diagnostic = { at: this.#clock.wall(), what, detail };
    this.#entries = [...this.#entries, diagnostic].slice(-limit);
    this.#tell?.(diagnostic);
  }

  entries(): readonly Diagnostic[] {
    return this.#entries;
  }
}
