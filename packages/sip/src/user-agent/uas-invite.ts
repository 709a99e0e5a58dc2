import { Dialog } from "../dialog/dialog.ts";
import type { HeaderField } from "../message/headers.ts";
import { createResponse } from "../message/build.ts";
import type { SipRequest, SipResponse } from "../message/message.ts";
import { printNameAddr } from "../message/name-addr.ts";
import type { ServerTransaction } from "../transaction/server-transaction.ts";
import type { DialogHandler } from "./dialog-table.ts";
import type { Endpoint } from "./endpoint.ts";
import { ReliableProgress } from "./reliable-progress.ts";

export interface UasInviteEvents extends DialogHandler {
  /** The caller gave up; 487 has been sent. */
  onCancel(cancel: SipRequest): void;
  /** The 2xx was acknowledged. */
  onConfirmed(ack: SipRequest): void;
  /** The 2xx, or a provisional answer that the caller wanted acknowledged, was never acknowledged (64 × T1), or the caller cannot be reached. */
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
  readonly #reliable: ReliableProgress | undefined;
  #stopRetransmission: (() => void) | undefined;
  #isAccepting = false;
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
    if (transaction.request.headers.list("Require").includes("100rel")) {
      this.#reliable = new ReliableProgress({
        transaction,
        scheduler: endpoint.scheduler,
        t1: endpoint.timers.t1,
        firstNumber: 1,
        onGivenUp: () => {
          this.reject(504);
          events.onFailure("no_ack");
        },
      });
    }
    const handler: DialogHandler = {
      onRequest: (inner) => {
        if (inner.request.method === "PRACK" && this.#reliable !== undefined) this.#reliable.acknowledge(inner);
        else events.onRequest(inner);
      },
      onAck: (ack) => {
        if (this.#stopRetransmission === undefined) return events.onAck(ack);
        this.#stopRetransmission();
        this.#stopRetransmission = undefined;
        events.onConfirmed(ack);
      },
    };
    this.#removeDialog = endpoint.addDialog(dialog, handler, transaction);
    this.#onNoAck = () => events.onFailure("no_ack");
  }

  readonly #onNoAck: () => void;

  /** 180, 183 …; with a body for early media. Acknowledged by PRACK where the caller requires it (RFC 3262). */
  progress(status: number, body?: string, headers: readonly HeaderField[] = []): void {
    if (this.#isFinal) return;
    const create = (more: readonly HeaderField[]): SipResponse =>
      createResponse(this.#transaction.request, status, {
        toTag: this.#tag,
        headers: [this.#contact, ...more, ...headers],
        ...(body !== undefined && { body, contentType: "application/sdp" }),
      });
    if (this.#reliable === undefined || status === 100) this.#transaction.send(create([]));
    else this.#reliable.send(create);
  }

  /** 200, sent again until the ACK comes (§13.3.1.4). */
  accept(body: string, headers: readonly HeaderField[] = []): void {
    if (this.#isFinal || this.#isAccepting) return;
    this.#isAccepting = true;
    if (this.#reliable === undefined) this.#accept(body, headers);
    else this.#reliable.whenAcknowledged(() => this.#accept(body, headers));
  }

  #accept(body: string, headers: readonly HeaderField[]): void {
    this.#isFinal = true;
    this.#reliable?.stop();
    const { t1, t2 } = this.#endpoint.timers;
    const { scheduler } = this.#endpoint;
    const parts = { toTag: this.#tag, headers: [this.#contact, ...headers], body, contentType: "application/sdp" };
    const response = this.#transaction.respond(200, parts);
    let intervalMs = t1;
    const again = (): void => {
      this.#transaction.send(response);
      intervalMs = Math.min(intervalMs * 2, t2);
      cancelAgain = scheduler.after(intervalMs, again);
    };
    let cancelAgain = scheduler.after(intervalMs, again);
    const cancelEnd = scheduler.after(64 * t1, () => {
      cancelAgain();
      this.#stopRetransmission = undefined;
      this.#onNoAck();
    });
    this.#stopRetransmission = () => {
      cancelAgain();
      cancelEnd();
    };
  }

  reject(status: number, headers: readonly HeaderField[] = []): void {
    if (this.#isFinal) return;
    this.#isFinal = true;
    this.#reliable?.stop();
    this.#transaction.respond(status, { toTag: this.#tag, headers });
    this.#removeDialog();
  }

  /** Forgets the dialog; later requests of it get 481. */
  end(): void {
    // Who left by BYE, or was hung up before its answer got out, still has an INVITE that waits (RFC 3261 §15.1.2).
    this.reject(487);
    this.#reliable?.stop();
    this.#stopRetransmission?.();
    this.#stopRetransmission = undefined;
    this.#removeDialog();
    // The transaction lives on for half a minute; whoever handled it need not.
    this.#transaction.onCancel = undefined;
    this.#transaction.onFailure = undefined;
  }
}
