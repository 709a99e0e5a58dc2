import { Dialog } from "../dialog/dialog.ts";
import type { HeaderField } from "../message/headers.ts";
import type { SipRequest } from "../message/message.ts";
import { printNameAddr } from "../message/name-addr.ts";
import type { ServerTransaction } from "../transaction/server-transaction.ts";
import type { Remote } from "../transport/transport.ts";
import type { Endpoint } from "../user-agent/endpoint.ts";
import { dialogPackage } from "./dialog-info.ts";
import { accepts, type EventPackage, parseEvent } from "./event-package.ts";
import { messageSummaryPackage } from "./message-summary.ts";
import { presencePackage } from "./pidf.ts";
import { Subscription } from "./subscription.ts";
import type { WatchedState } from "./watched-state.ts";

export interface NotifierOptions {
  readonly endpoint: Endpoint;
  /** Seconds; default 60. Shorter ones get 423. */
  readonly minExpires?: number;
  /** Seconds; default 3600. Longer ones are shortened. */
  readonly maxExpires?: number;
  /** Of all watchers; default 20,000. Further ones get 503 with Retry-After. */
  readonly maxSubscriptions?: number;
  /** Of one watcher; default 500. */
  readonly maxPerWatcher?: number;
  /** Least time between two NOTIFYs of a subscription; default 300 ms. */
  readonly intervalMs?: number;
}

const packages: readonly EventPackage[] = [dialogPackage, presencePackage, messageSummaryPackage];

/** What can be subscribed to. */
export const allowEvents: HeaderField = { name: "Allow-Events", value: packages.map(({ name }) => name).join(", ") };

const retryAfter: HeaderField = { name: "Retry-After", value: "60" };

/**
 * Tells watchers the state of numbers: the notifier of RFC 6665, with the packages `dialog`, `presence` and
 * `message-summary`.
 */
export class Notifier {
  readonly #options: NotifierOptions;
  readonly #states = new Map<string, WatchedState>();
  readonly #byNumber = new Map<string, Set<Subscription>>();
  readonly #byWatcher = new Map<string, Set<Subscription>>();
  #size = 0;

  constructor(options: NotifierOptions) {
    this.#options = options;
  }

  /** Subscriptions alive. */
  get size(): number {
    return this.#size;
  }

  /** From now on the number can be watched, and its watchers see this. */
  publish(number: string, state: WatchedState): void {
    this.#states.set(number, state);
    for (const subscription of this.#byNumber.get(number) ?? []) subscription.tell();
  }

  /** The number is no more; false where it was not there. */
  withdraw(number: string): boolean {
    for (const subscription of this.#byNumber.get(number) ?? []) subscription.end("noresource");
    return this.#states.delete(number);
  }

  /**
   * A SUBSCRIBE outside of any dialog (§4.2.1), once its sender is known.
   * @param watcher who sent it; limits count by this name
   * @param ownNumber the number of who sent it
   */
  subscribe(transaction: ServerTransaction, watcher: string, ownNumber: string): void {
    const { request } = transaction;
    const event = parseEvent(request.headers);
    const eventPackage = packages.find(({ name }) => name === event?.name);
    if (event === undefined || eventPackage === undefined) {
      transaction.respond(489, { headers: [allowEvents] });
      return;
    }
    const { uri } = request;
    const number = "user" in uri ? uri.user : undefined;
    if (number === undefined || !("host" in uri) || !this.#states.has(number)) {
      transaction.respond(404);
      return;
    }
    if (eventPackage.isPrivate === true && number !== ownNumber) {
      transaction.respond(403);
      return;
    }
    if (!accepts(request.headers, eventPackage.contentType)) {
      transaction.respond(406, { headers: [{ name: "Accept", value: eventPackage.contentType }] });
      return;
    }
    const seconds = this.#expires(transaction);
    if (seconds === undefined) return;
    if (this.#isFull(watcher)) {
      transaction.respond(503, { headers: [retryAfter] });
      return;
    }
    const { endpoint } = this.#options;
    const tag = endpoint.newTag();
    const dialog = Dialog.fromRequest(request, tag, transaction.remote);
    if (dialog === undefined) {
      transaction.respond(400, { reason: "No Contact" });
      return;
    }
    const subscription = new Subscription({
      endpoint,
      dialog,
      event,
      package: eventPackage,
      number,
      domain: uri.port === undefined ? uri.host : `${uri.host}:${uri.port}`,
      watcher,
      intervalMs: this.#options.intervalMs ?? 300,
      state: () => this.#states.get(number),
      onOver: () => {
        removeDialog();
        this.#forget(subscription);
      },
    });
    const removeDialog = endpoint.addDialog(dialog, {
      onRequest: (inside) => this.#onRequest(subscription, inside),
      onAck: () => undefined,
    });
    this.#keep(subscription);
    this.#accept(subscription, transaction, seconds, tag);
  }

  /** Whether somebody is told of a package at a place: a connection, or address and port. */
  isTold(watcher: string, eventName: string, { flowId, address, port }: Remote): boolean {
    return [...(this.#byWatcher.get(watcher) ?? [])].some(({ event, dialog: { peer } }) => {
      if (event.name !== eventName) return false;
      return flowId === undefined ? peer.address === address && peer.port === port : peer.flowId === flowId;
    });
  }

  /** Ends what somebody watches who may not any more. */
  endOf(watcher: string): void {
    for (const subscription of this.#byWatcher.get(watcher) ?? []) subscription.end("rejected");
  }

  /** A connection ended: nobody can be told anything over it. */
  flowClosed(flowId: string): void {
    for (const subscription of this.#all()) if (subscription.dialog.peer.flowId === flowId) subscription.drop();
  }

  /** Forgets all watchers without a word; they subscribe anew once they are told that nobody knows them (481). */
  close(): void {
    for (const subscription of this.#all()) subscription.drop();
  }

  #all(): readonly Subscription[] {
    return [...this.#byWatcher.values()].flatMap((subscriptions) => [...subscriptions]);
  }

  #onRequest(subscription: Subscription, transaction: ServerTransaction): void {
    const { request } = transaction;
    if (request.method !== "SUBSCRIBE") {
      transaction.respond(405, { headers: [{ name: "Allow", value: "SUBSCRIBE" }] });
      return;
    }
    const event = parseEvent(request.headers);
    if (event?.name !== subscription.event.name || event.id !== subscription.event.id) {
      transaction.respond(489, { headers: [allowEvents] });
      return;
    }
    const seconds = this.#expires(transaction);
    if (seconds === undefined) return;
    subscription.dialog.refreshTarget(request);
    this.#accept(subscription, transaction, seconds);
  }

  /** 200 first, then the state: a phone that gets it the other way round may not know the dialog yet. */
  #accept(subscription: Subscription, transaction: ServerTransaction, seconds: number, toTag?: string): void {
    const contact = {
      uri: this.#options.endpoint.contactUri(transaction.remote, subscription.number),
      params: new Map(),
    };
    transaction.respond(200, {
      ...(toTag !== undefined && { toTag }),
      headers: [
        { name: "Contact", value: printNameAddr(contact) },
        { name: "Expires", value: String(seconds) },
        allowEvents,
      ],
    });
    if (seconds === 0) subscription.end("timeout");
    else subscription.refresh(seconds);
  }

  /** Seconds granted; undefined when it was refused. */
  #expires(transaction: ServerTransaction): number | undefined {
    const { minExpires = 60, maxExpires = 3600 } = this.#options;
    const seconds = wantedSeconds(transaction.request, maxExpires);
    if (seconds === undefined) {
      transaction.respond(400, { reason: "Bad Expires" });
      return undefined;
    }
    if (seconds > 0 && seconds < minExpires) {
      transaction.respond(423, { headers: [{ name: "Min-Expires", value: String(minExpires) }] });
      return undefined;
    }
    return Math.min(seconds, maxExpires);
  }

  #isFull(watcher: string): boolean {
    const { maxSubscriptions = 20_000, maxPerWatcher = 500 } = this.#options;
    return this.#size >= maxSubscriptions || (this.#byWatcher.get(watcher)?.size ?? 0) >= maxPerWatcher;
  }

  #keep(subscription: Subscription): void {
    this.#size += 1;
    put(this.#byNumber, subscription.number, subscription);
    put(this.#byWatcher, subscription.watcher, subscription);
  }

  #forget(subscription: Subscription): void {
    this.#size -= 1;
    take(this.#byNumber, subscription.number, subscription);
    take(this.#byWatcher, subscription.watcher, subscription);
  }
}

function wantedSeconds({ headers }: SipRequest, otherwise: number): number | undefined {
  const text = headers.get("Expires")?.trim();
  if (text === undefined) return otherwise;
  return /^\d{1,10}$/.test(text) ? Number(text) : undefined;
}

function put(index: Map<string, Set<Subscription>>, key: string, subscription: Subscription): void {
  index.set(key, (index.get(key) ?? new Set()).add(subscription));
}

function take(index: Map<string, Set<Subscription>>, key: string, subscription: Subscription): void {
  const kept = index.get(key);
  kept?.delete(subscription);
  if (kept?.size === 0) index.delete(key);
}
