/** Time from outside: an engine and the PBX read no clock of their own. */
export interface Scheduler {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Runs `task` once after `delayMs`; the result cancels it and is harmless afterwards. */
  after(delayMs: number, task: () => void): () => void;
}
