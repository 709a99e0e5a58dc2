/** Time from outside; nothing in this package reads a clock of its own. */
export interface Scheduler {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Runs `task` once after `delayMs`; the result cancels it and is harmless afterwards. */
  after(delayMs: number, task: () => void): () => void;
}
