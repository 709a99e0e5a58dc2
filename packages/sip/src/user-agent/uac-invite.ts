import { Dialog } from "../dialog/dialog.ts";
import type { DigestClient } from "../digest/digest-client.ts";
import type { HeaderField, Headers } from "../message/headers.ts";
import type { SipRequest, SipResponse } from "../message/message.ts";
import { tagOf } from "../message/name-addr.ts";
import type { ClientTransaction } from "../transaction/client-transaction.ts";
import type { Remote } from "../transport/transport.ts";
import { raiseSessionExpires } from "../dialog/session-timer.ts";
import { ChallengeAnswers } from "./challenge-answers.ts";
import type { DialogHandler } from "./dialog-table.ts";
import type { Endpoint } from "./endpoint.ts";

export interface UacInviteEvents extends DialogHandler {
  /** A provisional answer above 100; `dialog` where it has a tag. */
  onProgress(response: SipResponse, dialog: Dialog | undefined): void;
  /** The first provisional answer, 100 included: somebody is there. */
  onTrying?(): void;
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

/** Far sides that one INVITE may be forked to; what others answer is left alone. */
const maxForks = 16;

const nobody: UacInviteEvents = {
  onProgress: () => undefined,
  onAnswer: () => undefined,
  onRefusal: () => undefined,
  onRequest: () => undefined,
  onAck: () => undefined,
};

/** An INVITE of ours with everything that may become of it (RFC 3261 §13.2): forks, cancelling, late answers. */
export class UacInvite {
  readonly #endpoint: Endpoint;
  #events: UacInviteEvents;
  readonly #options: UacInviteOptions;
  readonly #early = new Map<string, { readonly dialog: Dialog; readonly remove: () => void; rseq?: number }>();
  readonly #acks = new Map<string, () => void>();
  readonly #answers: ChallengeAnswers | undefined;
  #transaction: ClientTransaction;
  #request: SipRequest;
  #cancelHeaders: readonly HeaderField[] | undefined;
  #hasProgress = false;
  #isOver = false;
  #hasRaisedTimer = false;
  #remove: (() => void) | undefined;

  constructor(endpoint: Endpoint, options: UacInviteOptions, events: UacInviteEvents) {
    this.#endpoint = endpoint;
    this.#options = options;
    this.#events = events;
    this.#request = options.request;
    this.#answers = options.credentials && new ChallengeAnswers(options.credentials);
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
    else this.#transaction.giveUp();
  }

  /** Forgets the dialog. */
  end(): void {
    this.#forgetDialogs();
    // The transaction lives on for half a minute; whoever heard the outcome need not.
    if (this.#isOver) this.#events = nobody;
  }

  #forgetDialogs(): void {
    this.#remove?.();
    this.#remove = undefined;
    for (const { remove } of this.#early.values()) remove();
    this.#early.clear();
  }

  #start(request: SipRequest): ClientTransaction {
    return this.#endpoint.request(request, this.#options.remote, {
      onResponse: (response) => this.#onResponse(response),
      onFailure: (failure) => {
        if (this.#cancelHeaders !== undefined) this.#refuse({ status: 487 });
        else this.#refuse({ status: failure === "timeout" ? 408 : 503 });
      },
    });
  }

  #onResponse(response: SipResponse): void {
    const { status } = response;
    if (status < 200) return this.#onProvisional(response);
    if (status < 300) return this.#onSuccess(response);
    if (this.#cancelHeaders === undefined) {
      if (this.#retryWithCredentials(response)) return;
      if (status === 422 && this.#retryWithTimer(response)) return;
    }
    this.#refuse({ status, response });
  }

  #onProvisional(response: SipResponse): void {
    if (!this.#hasProgress) {
      this.#hasProgress = true;
      if (this.#cancelHeaders !== undefined) this.#endpoint.cancel(this.#transaction, this.#cancelHeaders);
      this.#events.onTrying?.();
    }
    if (response.status === 100 || this.#isOver) return;
    const dialog = this.#earlyDialog(response);
    if (!this.#acknowledgeReliably(response, dialog)) return;
    if (this.#cancelHeaders === undefined) this.#events.onProgress(response, dialog);
  }

  #earlyDialog(response: SipResponse): Dialog | undefined {
    const tag = tagOf(response.to);
    if (tag === undefined) return undefined;
    const known = this.#early.get(tag);
    if (known !== undefined) return known.dialog;
    const dialog = this.#newDialog(response);
    if (dialog === undefined || this.#early.size >= maxForks) return undefined;
    this.#early.set(tag, { dialog, remove: this.#endpoint.addDialog(dialog, this.#events) });
    return dialog;
  }

  #newDialog(response: SipResponse): Dialog | undefined {
    const dialog = Dialog.fromResponse(this.#request, response, this.#options.remote);
    if (dialog !== undefined) dialog.credentials = this.#options.credentials;
    return dialog;
  }

  /** PRACK for a provisional answer that asks for it; false for one that came again, or before its turn (RFC 3262 §4). */
  #acknowledgeReliably(response: SipResponse, dialog: Dialog | undefined): boolean {
    const rseq = response.headers.get("RSeq");
    const early = this.#early.get(tagOf(response.to) ?? "");
    if (dialog === undefined || early === undefined || rseq === undefined) return true;
    if (!response.headers.list("Require").includes("100rel")) return true;
    if (early.rseq !== undefined && Number(rseq) !== early.rseq + 1) return false;
    early.rseq = Number(rseq);
    const value = `${rseq} ${response.cseq.number} ${response.cseq.method}`;
    this.#endpoint.sendInDialog(dialog, "PRACK", { headers: [{ name: "RAck", value }] });
    return true;
  }

  #onSuccess(response: SipResponse): void {
    const tag = tagOf(response.to) ?? "";
    const ackAgain = this.#acks.get(tag);
    if (ackAgain !== undefined) return ackAgain();
    if (this.#acks.size >= maxForks) return;
    const early = this.#early.get(tag);
    const dialog = early?.dialog ?? this.#newDialog(response);
    if (dialog === undefined) return this.#refuse({ status: 500, response });
    dialog.confirm(response);
    this.#acks.set(tag, this.#endpoint.sendAck(dialog, response.cseq.number, { headers: this.#ownCredentials }));
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

  /** The ACK of an answer carries what its INVITE proved itself by (§22.1). */
  get #ownCredentials(): readonly HeaderField[] {
    return [...this.#request.headers].filter(({ name }) => name === "Authorization" || name === "Proxy-Authorization");
  }

  #retryWithCredentials(response: SipResponse): boolean {
    const fields = this.#answers?.answer(this.#request, response);
    if (fields === undefined) return false;
    let { headers } = this.#request;
    for (const { name, value } of fields) headers = headers.with(name, value);
    this.#startAgain(headers);
    return true;
  }

  #retryWithTimer(response: SipResponse): boolean {
    const headers = this.#hasRaisedTimer ? undefined : raiseSessionExpires(this.#request.headers, response.headers);
    if (headers === undefined) return false;
    this.#hasRaisedTimer = true;
    this.#startAgain(headers);
    return true;
  }

  #startAgain(headers: Headers): void {
    const number = this.#request.cseq.number + 1;
    this.#request = {
      ...this.#request,
      cseq: { number, method: "INVITE" },
      headers: headers.with("CSeq", `${number} INVITE`),
    };
    this.#hasProgress = false;
    this.#transaction = this.#start(this.#request);
  }

  #refuse(refusal: { readonly status: number; readonly response?: SipResponse }): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#forgetDialogs();
    this.#events.onRefusal(refusal);
    this.#events = nobody;
  }
}
