import { Dialog } from "../dialog/dialog.ts";
import type { DigestClient } from "../digest/digest-client.ts";
import type { HeaderField } from "../message/headers.ts";
import type { SipRequest, SipResponse } from "../message/message.ts";
import { tagOf } from "../message/name-addr.ts";
import { printUri } from "../message/uri.ts";
import type { ClientTransaction } from "../transaction/client-transaction.ts";
import type { Remote } from "../transport/transport.ts";
import type { DialogHandler, Endpoint } from "./endpoint.ts";

export interface UacInviteEvents extends DialogHandler {
  /** A provisional answer above 100; `dialog` where it has a tag. */
  onProgress(response: SipResponse, dialog: Dialog | undefined): void;
  /** Answered and, unless `ackBody` is given later, acknowledged. */
  onAnswer(response: SipResponse, dialog: Dialog): void;
  /** A final refusal, or no answer at all: exactly once, and only without `onAnswer`. */
  onRefusal(refusal: { readonly status: number; readonly response?: SipResponse }): void;
}

export interface UacInviteOptions {
  readonly request: SipRequest;
  readonly remote: Remote;
  /** For far sides that ask who we are. */
  readonly credentials?: DigestClient;
}

/** An INVITE of ours with everything that may become of it (RFC 3261 §13.2): forks, cancelling, late answers. */
export class UacInvite {
  readonly #endpoint: Endpoint;
  readonly #events: UacInviteEvents;
  readonly #options: UacInviteOptions;
  readonly #early = new Map<string, { readonly dialog: Dialog; readonly remove: () => void }>();
  readonly #acks = new Map<string, () => void>();
  #transaction: ClientTransaction;
  #request: SipRequest;
  #cancelHeaders: readonly HeaderField[] | undefined;
  #hasProgress = false;
  #isOver = false;
  #hasRetried = false;
  #remove: (() => void) | undefined;

  constructor(endpoint: Endpoint, options: UacInviteOptions, events: UacInviteEvents) {
    this.#endpoint = endpoint;
    this.#options = options;
    this.#events = events;
    this.#request = options.request;
    this.#transaction = this.#start(options.request);
  }

  /**
   * Gives up. Waits for a provisional answer where there was none yet (§9.1); the outcome is a refusal with 487, or an
   * answer that crossed and is hung up at once.
   */
  cancel(headers: readonly HeaderField[] = []): void {
    if (this.#isOver || this.#cancelHeaders !== undefined) return;
    this.#cancelHeaders = headers;
    if (this.#hasProgress) this.#endpoint.cancel(this.#transaction, headers);
  }

  /** Forgets the dialog. */
  end(): void {
    this.#remove?.();
    for (const { remove } of this.#early.values()) remove();
    this.#early.clear();
  }

  #start(request: SipRequest): ClientTransaction {
    return this.#endpoint.request(request, this.#options.remote, {
      onResponse: (response) => this.#onResponse(response),
      onFailure: (failure) => this.#refuse({ status: failure === "timeout" ? 408 : 503 }),
    });
  }

  #onResponse(response: SipResponse): void {
    const { status } = response;
    if (status < 200) return this.#onProvisional(response);
    if (status < 300) return this.#onSuccess(response);
    if ((status === 401 || status === 407) && this.#retryWithCredentials(response)) return;
    this.#refuse({ status, response });
  }

  #onProvisional(response: SipResponse): void {
    if (!this.#hasProgress) {
      this.#hasProgress = true;
      if (this.#cancelHeaders !== undefined) this.#endpoint.cancel(this.#transaction, this.#cancelHeaders);
    }
    if (response.status === 100 || this.#isOver) return;
    const dialog = this.#earlyDialog(response);
    this.#acknowledgeReliably(response, dialog);
    if (this.#cancelHeaders === undefined) this.#events.onProgress(response, dialog);
  }

  #earlyDialog(response: SipResponse): Dialog | undefined {
    const tag = tagOf(response.to);
    if (tag === undefined) return undefined;
    const known = this.#early.get(tag);
    if (known !== undefined) return known.dialog;
    const dialog = Dialog.fromResponse(this.#request, response, this.#options.remote);
    if (dialog === undefined || this.#early.size >= 16) return undefined;
    this.#early.set(tag, { dialog, remove: this.#endpoint.addDialog(dialog, this.#events) });
    return dialog;
  }

  /** PRACK for a provisional answer that asks for it (RFC 3262 §4). */
  #acknowledgeReliably(response: SipResponse, dialog: Dialog | undefined): void {
    const rseq = response.headers.get("RSeq");
    if (dialog === undefined || rseq === undefined || !response.headers.list("Require").includes("100rel")) return;
    const value = `${rseq} ${response.cseq.number} ${response.cseq.method}`;
    this.#endpoint.sendInDialog(dialog, "PRACK", { headers: [{ name: "RAck", value }] });
  }

  #onSuccess(response: SipResponse): void {
    const tag = tagOf(response.to) ?? "";
    const ackAgain = this.#acks.get(tag);
    if (ackAgain !== undefined) return ackAgain();
    const early = this.#early.get(tag);
    const dialog = early?.dialog ?? Dialog.fromResponse(this.#request, response, this.#options.remote);
    if (dialog === undefined) return this.#refuse({ status: 500, response });
    dialog.confirm(response);
    this.#acks.set(tag, this.#endpoint.sendAck(dialog, response.cseq.number));
    if (this.#isOver || this.#cancelHeaders !== undefined) {
      // Answered by a second fork, or after we had given up: taken and hung up (§13.2.2.4, §15).
      this.#endpoint.sendInDialog(dialog, "BYE", {});
      if (!this.#isOver) this.#refuse({ status: 487, response });
      return;
    }
    this.#isOver = true;
    this.#remove = early?.remove ?? this.#endpoint.addDialog(dialog, this.#events);
    for (const [other, { remove }] of this.#early) if (other !== tag) remove();
    this.#early.clear();
    this.#events.onAnswer(response, dialog);
  }

  #retryWithCredentials(response: SipResponse): boolean {
    const { credentials } = this.#options;
    if (credentials === undefined || this.#hasRetried || this.#cancelHeaders !== undefined) return false;
    this.#hasRetried = true;
    const isProxy = response.status === 407;
    const challenges = response.headers.getAll(isProxy ? "Proxy-Authenticate" : "WWW-Authenticate");
    const { request } = this.#options;
    const value = credentials.authorize(challenges, {
      method: "INVITE",
      uri: printUri(request.uri),
      body: request.body,
    });
    if (value === undefined) return false;
    const number = request.cseq.number + 1;
    this.#request = {
      ...request,
      cseq: { number, method: "INVITE" },
      headers: request.headers
        .with("CSeq", `${number} INVITE`)
        .with(isProxy ? "Proxy-Authorization" : "Authorization", value),
    };
    this.#hasProgress = false;
    this.#transaction = this.#start(this.#request);
    return true;
  }

  #refuse(refusal: { readonly status: number; readonly response?: SipResponse }): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.end();
    this.#events.onRefusal(refusal);
  }
}
