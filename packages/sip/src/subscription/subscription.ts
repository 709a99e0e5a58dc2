import { printNameAddr } from "../message/name-addr.ts";
import type { Dialog } from "../dialog/dialog.ts";
import { printSubscriptionState, type SubscriptionState } from "../dialog/subscription-state.ts";
import type { SipResponse } from "../message/message.ts";
import { isReliable } from "../transport/transport.ts";
import type { Endpoint } from "../user-agent/endpoint.ts";
import { type EventPackage, type EventWish, printEvent } from "./event-package.ts";
import type { WatchedState } from "./watched-state.ts";

export interface SubscriptionParts {
  readonly endpoint: Endpoint;
  readonly dialog: Dialog;
  readonly event: EventWish;
  readonly package: EventPackage;
  readonly number: string;
  readonly domain: string;
  /** Who watches. */
  readonly watcher: string;
  /** Least time between two NOTIFYs, ms. */
  readonly intervalMs: number;
  /** The number's state now; undefined where it is gone. */
  readonly state: () => WatchedState | undefined;
  readonly onOver: () => void;
}

/** Answers to a NOTIFY that end the subscription (RFC 6665 §4.2.2, RFC 5057 §5.1); others only mean "later". */
const endingStatuses: ReadonlySet<number> = new Set([
  404, 405, 408, 410, 416, 480, 481, 482, 483, 484, 485, 489, 501, 604,
]);
const retryMs = 5000;
const maxFailures = 3;
/** With the header fields around it, a longer body makes the NOTIFY too long for a datagram (RFC 3261 §18.1.1). */
const maxDatagramBody = 700;

/**
 * One watcher's subscription (RFC 6665 §4.2). NOTIFYs follow each other one at a time and not faster than the interval;
 * what changes meanwhile is told by the next one, so that the last state always arrives.
 */
export class Subscription {
  readonly watcher: string;
  readonly number: string;
  readonly dialog: Dialog;
  readonly event: EventWish;
  readonly #parts: SubscriptionParts;
  #version = 0;
  #told: WatchedState | undefined;
  #expiresAtMs = 0;
  #cancelExpiry: () => void = () => undefined;
  /** Ends the pause after a NOTIFY. */
  #cancelPause: (() => void) | undefined;
  #isUnanswered = false;
  #failures = 0;
  #isOver = false;

  constructor(parts: SubscriptionParts) {
    this.#parts = parts;
    this.watcher = parts.watcher;
    this.number = parts.number;
    this.dialog = parts.dialog;
    this.event = parts.event;
  }

  /** From now on for so long; the whole state is told anew (§4.2.1.2). */
  refresh(seconds: number): void {
    const { scheduler } = this.#parts.endpoint;
    this.#cancelExpiry();
    this.#expiresAtMs = scheduler.now() + seconds * 1000;
    this.#cancelExpiry = scheduler.after(seconds * 1000, () => this.end("timeout"));
    this.#told = undefined;
    this.tell();
  }

  /** Tells what is new, now or as soon as that is possible. */
  tell(): void {
    const state = this.#parts.state();
    if (this.#isOver || this.#isUnanswered || this.#cancelPause !== undefined || state === undefined) return;
    if (this.#told !== undefined && !this.#parts.package.isNews(this.#told, state)) return;
    const { scheduler } = this.#parts.endpoint;
    const leftMs = this.#expiresAtMs - scheduler.now();
    this.#pause(this.#parts.intervalMs);
    this.#isUnanswered = true;
    this.#notify(state, { state: "active", expiresSeconds: Math.max(0, Math.ceil(leftMs / 1000)) });
  }

  /** The watcher hears the last state and why it is over (§4.4.1). */
  end(reason: "timeout" | "noresource" | "rejected"): void {
    const state = this.#parts.state() ?? this.#told;
    if (this.#isOver) return;
    this.#finish();
    if (state !== undefined) this.#notify(state, { state: "terminated", reason });
  }

  /** Without a word: the watcher is gone. */
  drop(): void {
    if (!this.#isOver) this.#finish();
  }

  #notify(state: WatchedState, subscriptionState: SubscriptionState): void {
    const { endpoint, dialog, event, number, domain, package: eventPackage } = this.#parts;
    const { peer } = dialog;
    const body = eventPackage.printBody({
      number,
      domain,
      version: this.#version,
      state,
      told: this.#told,
      maxBytes: isReliable(peer.transport) ? undefined : maxDatagramBody,
    });
    this.#version += 1;
    this.#told = state;
    const contact = { uri: endpoint.contactUri(peer, number), params: new Map() };
    endpoint.sendInDialog(
      dialog,
      "NOTIFY",
      {
        headers: [
          printEvent(event),
          { name: "Subscription-State", value: printSubscriptionState(subscriptionState) },
          { name: "Contact", value: printNameAddr(contact) },
        ],
        contentType: eventPackage.contentType,
        body,
      },
      {
        onResponse: (response) => {
          if (response.status >= 200) this.#onAnswer(response);
        },
        onFailure: () => this.drop(),
      },
    );
  }

  #onAnswer({ status, headers }: SipResponse): void {
    if (this.#isOver) return;
    this.#isUnanswered = false;
    if (status < 300) {
      this.#failures = 0;
      this.tell();
      return;
    }
    this.#failures += 1;
    if (endingStatuses.has(status) || this.#failures >= maxFailures) {
      this.drop();
      return;
    }
    const seconds = Number(/^\s*(\d{1,4})/.exec(headers.get("Retry-After") ?? "")?.[1] ?? 0);
    // It may have understood nothing of it: the next one tells everything.
    this.#told = undefined;
    this.#pause(Math.max(retryMs, seconds * 1000));
  }

  #pause(ms: number): void {
    this.#cancelPause?.();
    this.#cancelPause = this.#parts.endpoint.scheduler.after(ms, () => {
      this.#cancelPause = undefined;
      this.tell();
    });
  }

  #finish(): void {
    this.#isOver = true;
    this.#cancelExpiry();
    this.#cancelPause?.();
    this.#parts.onOver();
  }
}
