import { Dialog } from "../dialog/dialog.ts";
import type { HeaderField } from "../message/headers.ts";
import type { SipRequest } from "../message/message.ts";
import { printNameAddr } from "../message/name-addr.ts";
import type { ServerTransaction } from "../transaction/server-transaction.ts";
import type { DialogHandler, Endpoint } from "./endpoint.ts";

export interface UasInviteEvents extends DialogHandler {
  /** The caller gave up; 487 has been sent. */
  onCancel(cancel: SipRequest): void;
  /** The 2xx was acknowledged. */
  onConfirmed(ack: SipRequest): void;
  /** The 2xx was never acknowledged (64 × T1), or the caller cannot be reached. */
  onFailure(failure: "no_ack" | "transport_error"): void;
}

/** An INVITE that somebody sent us, until it is answered and acknowledged (RFC 3261 §13.3). */
export class UasInvite {
  readonly dialog: Dialog;
  readonly #endpoint: Endpoint;
  readonly #transaction: ServerTransaction;
  readonly #tag: string;
  readonly #contact: HeaderField;
  readonly #removeDialog: () => void;
  #stopRetransmission: (() => void) | undefined;
  #isFinal = false;

  /** Undefined when the INVITE has no Contact that could be answered; it got 400 then. */
  static begin(endpoint: Endpoint, transaction: ServerTransaction, events: UasInviteEvents): UasInvite | undefined {
    const tag = endpoint.newTag();
    const dialog = Dialog.fromRequest(transaction.request, tag, transaction.remote);
    if (dialog === undefined) {
      transaction.respond(400, { reason: "Missing Contact" });
      return undefined;
    }
    return new UasInvite(endpoint, transaction, dialog, tag, events);
  }

  private constructor(
    endpoint: Endpoint,
    transaction: ServerTransaction,
    dialog: Dialog,
    tag: string,
    events: UasInviteEvents,
  ) {
    this.#endpoint = endpoint;
    this.#transaction = transaction;
    this.#tag = tag;
    this.dialog = dialog;
    const uri = endpoint.contactUri(transaction.remote);
    this.#contact = { name: "Contact", value: printNameAddr({ uri, params: new Map() }) };
    transaction.onCancel = (cancel) => {
      this.reject(487);
      events.onCancel(cancel);
    };
    transaction.onFailure = (failure) => {
      // Only a transport error says something new: an unacknowledged refusal is over anyway.
      if (failure === "transport_error") events.onFailure(failure);
    };
    this.#removeDialog = endpoint.addDialog(dialog, {
      onRequest: (inner) => events.onRequest(inner),
      onAck: (ack) => {
        if (this.#stopRetransmission === undefined) return events.onAck(ack);
        this.#stopRetransmission();
        this.#stopRetransmission = undefined;
        events.onConfirmed(ack);
      },
    });
    this.#onNoAck = () => events.onFailure("no_ack");
  }

  readonly #onNoAck: () => void;

  /** 180, 183 …; with a body for early media. */
  progress(status: number, body?: string, headers: readonly HeaderField[] = []): void {
    if (this.#isFinal) return;
    this.#transaction.respond(status, {
      toTag: this.#tag,
      headers: [this.#contact, ...headers],
      ...(body !== undefined && { body, contentType: "application/sdp" }),
    });
  }

  /** 200, sent again until the ACK comes (§13.3.1.4). */
  accept(body: string, headers: readonly HeaderField[] = []): void {
    if (this.#isFinal) return;
    this.#isFinal = true;
    const { t1, t2 } = this.#endpoint.timers;
    const parts = { toTag: this.#tag, headers: [this.#contact, ...headers], body, contentType: "application/sdp" };
    const response = this.#transaction.respond(200, parts);
    let intervalMs = t1;
    let waitedMs = 0;
    let cancel: () => void;
    const again = (): void => {
      waitedMs += intervalMs;
      if (waitedMs >= 64 * t1) {
        this.#stopRetransmission = undefined;
        this.#onNoAck();
        return;
      }
      this.#transaction.send(response);
      intervalMs = Math.min(intervalMs * 2, t2);
      cancel = this.#endpoint.scheduler.after(intervalMs, again);
    };
    cancel = this.#endpoint.scheduler.after(intervalMs, again);
    this.#stopRetransmission = () => cancel();
  }

  reject(status: number, headers: readonly HeaderField[] = []): void {
    if (this.#isFinal) return;
    this.#isFinal = true;
    this.#transaction.respond(status, { toTag: this.#tag, headers });
    this.#removeDialog();
  }

  /** Forgets the dialog; later requests of it get 481. */
  end(): void {
    this.#stopRetransmission?.();
    this.#stopRetransmission = undefined;
    this.#removeDialog();
  }
}
