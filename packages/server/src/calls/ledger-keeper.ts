import type { Scheduler } from "@pbx-x/telephony";
import type { EventLog, LoggedEvent, NewEvent } from "../event-log/event-log.ts";
import { CallLedger, type CallRecord, type OpenCall } from "./call-ledger.ts";
import { endsAfterRestart } from "./restart-recovery.ts";

/** What another slice folds the log into, kept with the calls' checkpoint: its beginnings, too, have exactly one end. */
export interface LedgerPart {
  /** Under which it is kept. */
  readonly name: string;
  /** What `keep` gave. */
  restore(kept: unknown): void;
  /** JSON. */
  keep(): unknown;
  /** Each event once, in order. */
  fold(event: LoggedEvent): void;
  /** Ends of what the last run left open. */
  ends(lastSeenMs: number): readonly NewEvent[];
}

export interface LedgerCheckpoint {
  readonly seq: number;
  readonly epoch: string;
  readonly open: readonly OpenCall[];
  readonly parts?: Readonly<Record<string, unknown>>;
}

/** Where the ledger's checkpoint and the records are kept. */
export interface LedgerStore {
  load(): Promise<LedgerCheckpoint | undefined>;
  /** Everything that was recorded before is stored first. */
  save(checkpoint: LedgerCheckpoint): Promise<void>;
  /** May wait a moment. Recording the same call again changes nothing. */
  record(record: CallRecord): void;
}

export interface LedgerKeeperOptions {
  readonly log: EventLog;
  readonly store: LedgerStore;
  readonly scheduler: Scheduler;
  readonly onError: (error: unknown) => void;
  /** How often the checkpoint is written while calls go on; a restart reads the log from there. */
  readonly checkpointMs?: number;
  readonly parts?: readonly LedgerPart[];
}

const pageSize = 1000;

/** Keeps call records and open calls in step with the log; at a start, ends what the last run left open ([C4]). */
export class LedgerKeeper {
  readonly #options: LedgerKeeperOptions;
  #ledger = new CallLedger();
  #saved = 0;
  #stopListening: () => void = () => undefined;
  #cancelCheckpoint: () => void = () => undefined;

  constructor(options: LedgerKeeperOptions) {
    this.#options = options;
  }

  /** Returns how many calls the last run had left open. */
  async start(): Promise<number> {
    const { log, store } = this.#options;
    const kept = await store.load();
    const isUsable = kept !== undefined && kept.epoch === log.epoch && kept.seq <= log.head();
    const start = isUsable ? kept : { seq: 0, open: [] };
    for (const part of this.#parts) {
      const own = isUsable ? kept.parts?.[part.name] : undefined;
      if (own !== undefined) part.restore(own);
    }
    this.#ledger = new CallLedger(start);
    let lastSeenMs = 0;
    for (let after = Math.max(this.#ledger.seq, log.oldest() - 1); after < log.head(); ) {
      const page = await log.read({ after, limit: pageSize });
      if (page.length === 0) break;
      for (const event of page) this.#fold(event);
      lastSeenMs = page.at(-1)?.timestampMs ?? lastSeenMs;
      after = page.at(-1)?.seq ?? log.head();
    }
    this.#stopListening = log.onCommitted((batch) => {
      for (const event of batch) this.#fold(event);
    });
    const open = this.#ledger.open();
    const latest = Math.max(lastSeenMs, ...open.map(({ answeredAtMs, createdAtMs }) => answeredAtMs ?? createdAtMs));
    const ends = [...endsAfterRestart(open, latest), ...this.#parts.flatMap((part) => part.ends(lastSeenMs))];
    if (ends.length > 0) await log.append(ends).committed;
    this.#keepCheckpoint();
    return open.length;
  }

  async stop(): Promise<void> {
    this.#cancelCheckpoint();
    this.#stopListening();
    // What is not saved is read from the log again at the next start.
    await this.#checkpoint().catch(this.#options.onError);
  }

  get #parts(): readonly LedgerPart[] {
    return this.#options.parts ?? [];
  }

  #fold(event: LoggedEvent): void {
    if (event.seq > this.#ledger.seq) for (const part of this.#parts) part.fold(event);
    const record = this.#ledger.fold(event);
    if (record !== undefined) this.#options.store.record(record);
  }

  #keepCheckpoint(): void {
    const everyMs = this.#options.checkpointMs ?? 10_000;
    const tick = (): void => {
      this.#checkpoint().catch(this.#options.onError);
      this.#cancelCheckpoint = this.#options.scheduler.after(everyMs, tick);
    };
    this.#cancelCheckpoint = this.#options.scheduler.after(everyMs, tick);
  }

  async #checkpoint(): Promise<void> {
    const { seq } = this.#ledger;
    if (seq === this.#saved) return;
    const { store, log } = this.#options;
    const parts = Object.fromEntries(this.#parts.map((part) => [part.name, part.keep()]));
    await store.save({ seq, epoch: log.epoch, open: this.#ledger.open(), parts });
    this.#saved = seq;
  }
}
