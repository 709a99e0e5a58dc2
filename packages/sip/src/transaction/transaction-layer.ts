import { createResponse } from "../message/build.ts";
import type { SipMessage, SipRequest, SipResponse } from "../message/message.ts";
import { tagOf } from "../message/name-addr.ts";
import { printMessage } from "../message/printer.ts";
import type { Scheduler } from "../scheduler.ts";
import { isReliable, type Remote } from "../transport/transport.ts";
import { ClientTransaction, type ClientTransactionEvents } from "./client-transaction.ts";
import { ServerTransaction } from "./server-transaction.ts";
import { defaultTimers, type TimerValues } from "./timers.ts";

export interface TransactionLayerOptions {
  readonly scheduler: Scheduler;
  readonly send: (bytes: Uint8Array, remote: Remote, onError: (error: Error) => void) => void;
  /** A request that belongs to no transaction yet. */
  readonly onRequest: (transaction: ServerTransaction) => void;
  /** An ACK for a 2xx: it is a request of its own and has no transaction (RFC 3261 §13.2.2.4). */
  readonly onAck: (request: SipRequest, remote: Remote) => void;
  /** Tags for answers that nobody gave one (RFC 3261 §8.2.6.2). */
  readonly newTag: () => string;
  readonly timers?: TimerValues;
  /** Server transactions at a time; more are answered 503. */
  readonly maxTransactions?: number;
}

/** Matches messages to transactions (RFC 3261 §17.1.3, §17.2.3) and drives their machines. */
export class TransactionLayer {
  readonly timers: TimerValues;
  readonly #options: TransactionLayerOptions;
  readonly #clients = new Map<string, ClientTransaction>();
  readonly #servers = new Map<string, ServerTransaction>();
  /** Requests that may begin a dialog and have no refusal yet, by what their forks have in common. */
  readonly #begun = new Map<string, string>();

  constructor(options: TransactionLayerOptions) {
    this.#options = options;
    this.timers = options.timers ?? defaultTimers;
  }

  /** Transactions going on, for figures and leak tests. */
  get size(): number {
    return this.#clients.size + this.#servers.size;
  }

  /**
   * The request needs its Via with a branch of its own.
   * @param fallback the way that is taken when nothing can be sent on the first; its request has the same branch
   */
  request(
    request: SipRequest,
    remote: Remote,
    events: ClientTransactionEvents,
    fallback?: { readonly request: SipRequest; readonly remote: Remote },
  ): ClientTransaction {
    const key = clientKey(request);
    const around = { ...this.#surroundings(remote), onTerminated: () => this.#clients.delete(key) };
    const other = fallback && { ...fallback, machine: this.#surroundings(fallback.remote).machine };
    const transaction = new ClientTransaction(request, remote, events, around, other);
    this.#clients.set(key, transaction);
    transaction.start();
    return transaction;
  }

  receive(message: SipMessage, remote: Remote): void {
    if (message.kind === "response") this.#onResponse(message);
    else this.#onRequest(message, remote);
  }

  /** The INVITE that a CANCEL is about (RFC 3261 §9.2). */
  cancelled(cancel: SipRequest): ServerTransaction | undefined {
    return this.#servers.get(serverKey(cancel, "INVITE"));
  }

  close(): void {
    for (const transaction of [...this.#clients.values(), ...this.#servers.values()]) transaction.abandon();
    this.#clients.clear();
    this.#servers.clear();
    this.#begun.clear();
  }

  #onResponse(response: SipResponse): void {
    this.#clients.get(clientKey(response))?.receive(response);
  }

  #onRequest(request: SipRequest, remote: Remote): void {
    const isAck = request.method === "ACK";
    const key = serverKey(request, isAck ? "INVITE" : request.method);
    const known = this.#servers.get(key);
    if (known !== undefined) {
      if (isAck) known.receiveAck();
      else known.receiveAgain();
      // The ACK of a 2xx may carry the INVITE's branch with sloppy phones: the dialog needs it all the same.
      if (isAck && known.finalStatus < 300) this.#options.onAck(request, remote);
      return;
    }
    if (isAck) {
      this.#options.onAck(request, remote);
      return;
    }
    if (this.#servers.size >= (this.#options.maxTransactions ?? 100_000)) {
      const busy = createResponse(request, 503, { toTag: this.#options.newTag(), headers: [retryAfter] });
      this.#options.send(printMessage(busy), remote, ignore);
      return;
    }
    const fork = forkKey(request);
    const transaction = new ServerTransaction(request, remote, {
      ...this.#surroundings(remote),
      newTag: this.#options.newTag,
      onTerminated: () => {
        this.#servers.delete(key);
        if (fork !== undefined && this.#begun.get(fork) === key) this.#begun.delete(fork);
      },
    });
    this.#servers.set(key, transaction);
    if (fork !== undefined) {
      const other = this.#servers.get(this.#begun.get(fork) ?? "");
      // Phones that were refused may ask again with the number they had; only what goes on elsewhere is a loop.
      if (other !== undefined && other.finalStatus < 300) {
        transaction.respond(482);
        return;
      }
      this.#begun.set(fork, key);
    }
    this.#options.onRequest(transaction);
  }

  #surroundings(remote: Remote) {
    return {
      scheduler: this.#options.scheduler,
      machine: { isReliable: isReliable(remote.transport), timers: this.timers },
      send: this.#options.send,
    };
  }
}

const retryAfter = { name: "Retry-After", value: "5" } as const;
/** What a branch of RFC 3261 begins with (§8.1.1.7). */
const magicCookie = "z9hG4bK";
const ignore = (): void => undefined;

/** The same request that came by several ways has it in common (RFC 3261 §8.2.2.2). */
function forkKey({ method, from, to, callId, cseq }: SipRequest): string | undefined {
  const tag = tagOf(from);
  if (tag === undefined || tagOf(to) !== undefined || method === "CANCEL") return undefined;
  return `${callId}|${tag}|${cseq.number}|${method}`;
}

function clientKey(message: SipMessage): string {
  const top = message.via[0];
  return `${top?.branch ?? ""}|${message.cseq.method}`;
}

function serverKey(request: SipRequest, method: string): string {
  const top = request.via[0];
  const own = top?.branch;
  // Requests of RFC 2543 have no magic cookie, sloppy ones nothing behind it; Call-ID, tag and CSeq stand for the branch.
  const hasBranch = own !== undefined && own.startsWith(magicCookie) && own.length > magicCookie.length;
  const branch = hasBranch ? own : `${request.callId}|${tagOf(request.from) ?? ""}|${request.cseq.number}`;
  return `${branch}|${top?.host ?? ""}:${top?.port ?? ""}|${method}`;
}
