import type { SipResponse } from "../message/message.ts";
import type { Scheduler } from "../scheduler.ts";
import type { ServerTransaction } from "../transaction/server-transaction.ts";

export interface ReliableProgressOptions {
  readonly transaction: ServerTransaction;
  readonly scheduler: Scheduler;
  readonly t1: number;
  /** First `RSeq`, 1 to 2³¹ − 1. */
  readonly firstNumber: number;
  /** A provisional answer was not acknowledged within 64 × T1: the call is to be refused (RFC 3262 §3). */
  readonly onGivenUp: () => void;
}

/** Provisional answers that are sent until PRACK comes, one after the other (RFC 3262 §3). */
export class ReliableProgress {
  readonly #options: ReliableProgressOptions;
  readonly #waiting: (() => void)[] = [];
  #next: number;
  #open: { readonly number: number; readonly cancel: () => void } | undefined;
  #isOver = false;

  constructor(options: ReliableProgressOptions) {
    this.#options = options;
    this.#next = options.firstNumber;
  }

  /** Sends, or waits for the acknowledgement of the one before; at most 8 wait, further ones are left out. */
  send(create: (headers: readonly { name: string; value: string }[]) => SipResponse): void {
    if (this.#isOver) return;
    if (this.#open === undefined) this.#begin(create);
    else if (this.#waiting.length < 8) this.#waiting.push(() => this.#begin(create));
  }

  /** Runs once nothing is unacknowledged any more: a 2xx may not overtake an offer or answer before (§3). */
  whenAcknowledged(task: () => void): void {
    if (this.#open === undefined) task();
    else this.#waiting.push(task);
  }

  /** PRACK: answers it; 481 for a number that is not open. */
  acknowledge(prack: ServerTransaction): void {
    const { request } = this.#options.transaction;
    const [number, cseq, method] = (prack.request.headers.get("RAck") ?? "").trim().split(/\s+/);
    const isOpen =
      Number(number) === this.#open?.number && Number(cseq) === request.cseq.number && method === request.cseq.method;
    if (!isOpen) {
      prack.respond(481);
      return;
    }
    prack.respond(200);
    this.#open?.cancel();
    this.#open = undefined;
    while (this.#open === undefined && this.#waiting.length > 0) this.#waiting.shift()?.();
  }

  /** Nothing is sent any more. */
  stop(): void {
    this.#isOver = true;
    this.#open?.cancel();
    this.#open = undefined;
    this.#waiting.length = 0;
  }

  #begin(create: (headers: readonly { name: string; value: string }[]) => SipResponse): void {
    const { transaction, scheduler, t1, onGivenUp } = this.#options;
    const number = this.#next;
    this.#next += 1;
    const response = create([
      { name: "Require", value: "100rel" },
      { name: "RSeq", value: String(number) },
    ]);
    let intervalMs = t1;
    let cancelAgain: () => void;
    const again = (): void => {
      transaction.send(response);
      intervalMs *= 2;
      cancelAgain = scheduler.after(intervalMs, again);
    };
    cancelAgain = scheduler.after(intervalMs, again);
    const cancelEnd = scheduler.after(64 * t1, () => {
      this.stop();
      onGivenUp();
    });
    this.#open = {
      number,
      cancel: () => {
        cancelAgain();
        cancelEnd();
      },
    };
    transaction.send(response);
  }
}
