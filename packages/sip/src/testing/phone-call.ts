import type { Dialog, DialogRequest } from "../dialog/dialog.ts";
import type { HeaderField } from "../message/headers.ts";
import type { SipRequest, SipResponse } from "../message/message.ts";
import { printNameAddr } from "../message/name-addr.ts";
import type { Uri } from "../message/uri.ts";
import type { ServerTransaction } from "../transaction/server-transaction.ts";
import type { Endpoint } from "../user-agent/endpoint.ts";
import { sendReInvite } from "../user-agent/re-invite.ts";
import type { UacInvite, UacInviteEvents } from "../user-agent/uac-invite.ts";
import type { UasInvite, UasInviteEvents } from "../user-agent/uas-invite.ts";
import { Inbox } from "./inbox.ts";

/** What happened to a call, from the phone's point of view. */
export type PhoneCallEvent =
  | { readonly type: "progress"; readonly response: SipResponse }
  | { readonly type: "answered"; readonly response: SipResponse }
  | { readonly type: "refused"; readonly status: number; readonly response?: SipResponse }
  /** The far side acknowledged our answer. */
  | { readonly type: "confirmed"; readonly ack: SipRequest }
  | { readonly type: "cancelled"; readonly cancel: SipRequest }
  /** Our answer was not acknowledged, or could not be sent. */
  | { readonly type: "failed"; readonly failure: "no_ack" | "transport_error" }
  /** Inside the dialog, BYE left out. */
  | { readonly type: "request"; readonly request: SipRequest }
  | { readonly type: "ack"; readonly request: SipRequest }
  | { readonly type: "hung_up"; readonly by: "us" | "them" };

/** One call of a test phone, the same for both directions. */
export class PhoneCall {
  readonly events = new Inbox<PhoneCallEvent>();
  /** The INVITE of the far side; undefined for a call of our own. */
  request: SipRequest | undefined;
  /** Answers requests inside the dialog but BYE; default 200, to an offer with a session description. */
  onRequest: (transaction: ServerTransaction) => void = (transaction) => {
    const { method, body } = transaction.request;
    const isOffer = method === "INVITE" || (method === "UPDATE" && body.length > 0);
    transaction.respond(200, {
      headers: [this.#contactHeader],
      ...(isOffer && { body: this.describe(), contentType: "application/sdp" }),
    });
  };
  readonly #endpoint: Endpoint;
  readonly #contact: Uri;
  readonly #sessionId: string;
  #outgoing: UacInvite | undefined;
  #incoming: UasInvite | undefined;
  #dialog: Dialog | undefined;
  #version = 0;

  constructor(endpoint: Endpoint, contact: Uri, sessionId: string) {
    this.#endpoint = endpoint;
    this.#contact = contact;
    this.#sessionId = sessionId;
  }

  /** Throws before there is one. */
  get dialog(): Dialog {
    if (this.#dialog === undefined) throw new Error("the call has no dialog yet");
    return this.#dialog;
  }

  get uacEvents(): UacInviteEvents {
    return {
      ...this.#handler,
      onProgress: (response, dialog) => {
        this.#dialog ??= dialog;
        this.events.put({ type: "progress", response });
      },
      onAnswer: (response, dialog) => {
        this.#dialog = dialog;
        this.events.put({ type: "answered", response });
      },
      onRefusal: (refusal) => this.events.put({ type: "refused", ...refusal }),
    };
  }

  get uasEvents(): UasInviteEvents {
    return {
      ...this.#handler,
      onCancel: (cancel) => this.events.put({ type: "cancelled", cancel }),
      onConfirmed: (ack) => this.events.put({ type: "confirmed", ack }),
      onFailure: (failure) => this.events.put({ type: "failed", failure }),
    };
  }

  dials(invite: UacInvite): void {
    this.#outgoing = invite;
  }

  isCalled(invite: UasInvite, request: SipRequest): void {
    this.#incoming = invite;
    this.#dialog = invite.dialog;
    this.request = request;
  }

  ring(): void {
    this.progress(180);
  }

  progress(status: number, body?: string, headers: readonly HeaderField[] = []): void {
    this.#incoming?.progress(status, body, headers);
  }

  answer(headers: readonly HeaderField[] = []): void {
    this.#incoming?.accept(this.describe(), headers);
  }

  refuse(status: number, headers: readonly HeaderField[] = []): void {
    this.#incoming?.reject(status, headers);
  }

  cancel(headers: readonly HeaderField[] = []): void {
    this.#outgoing?.cancel(headers);
  }

  /** Its BYE's final answer. */
  hangUp(): Promise<SipResponse> {
    const answer = this.send("BYE");
    this.forget();
    this.events.put({ type: "hung_up", by: "us" });
    return answer;
  }

  /** An INVITE inside the call; the outcome, after glares were sat out. */
  reinvite(body = this.describe(), random = 0): Promise<{ readonly status: number; readonly response?: SipResponse }> {
    return new Promise((resolve) => {
      sendReInvite(this.#endpoint, this.dialog, {
        parts: () => ({ headers: [this.#contactHeader], body, contentType: "application/sdp" }),
        random: () => random,
        onOutcome: resolve,
      });
    });
  }

  /** An INVITE inside the call without an offer; the final answer, whose offer is answered in the ACK. */
  askForOffer(answer = this.describe()): Promise<SipResponse> {
    return new Promise((resolve, reject) => {
      this.#endpoint.sendInDialog(
        this.dialog,
        "INVITE",
        { headers: [this.#contactHeader] },
        {
          onResponse: (response) => {
            const { status, cseq } = response;
            if (status < 200) return;
            const parts = { body: answer, contentType: "application/sdp" };
            if (status < 300) this.#endpoint.sendAck(this.dialog, cseq.number, parts);
            resolve(response);
          },
          onFailure: (failure) => reject(new Error(`INVITE: ${failure}`)),
        },
      );
    });
  }

  /** Any request inside the call but INVITE; rejects when there is no final answer. */
  send(method: string, parts: DialogRequest = {}): Promise<SipResponse> {
    return new Promise((resolve, reject) => {
      this.#endpoint.sendInDialog(this.dialog, method, parts, {
        onResponse: (response) => {
          if (response.status >= 200) resolve(response);
        },
        onFailure: (failure) => reject(new Error(`${method}: ${failure}`)),
      });
    });
  }

  /** Ends the dialog on this side without a word; the far side gets 481 from now on. */
  forget(): void {
    this.#outgoing?.end();
    this.#incoming?.end();
  }

  /** Default: one audio stream that goes nowhere, its version one higher each time. */
  describe: () => string = () => {
    this.#version += 1;
    const lines = [
      "v=0",
      `o=phone ${Number.parseInt(this.#sessionId.slice(0, 8), 16) || 1} ${this.#version} IN IP4 192.0.2.99`,
      "s=-",
      "c=IN IP4 192.0.2.99",
      "t=0 0",
      "m=audio 40000 RTP/AVP 8",
      "a=rtpmap:8 PCMA/8000",
    ];
    return `${lines.join("\r\n")}\r\n`;
  };

  get #contactHeader(): HeaderField {
    return { name: "Contact", value: printNameAddr({ uri: this.#contact, params: new Map() }) };
  }

  get #handler() {
    return {
      onRequest: (transaction: ServerTransaction): void => {
        if (transaction.request.method !== "BYE") {
          this.events.put({ type: "request", request: transaction.request });
          this.onRequest(transaction);
          return;
        }
        transaction.respond(200);
        this.forget();
        this.events.put({ type: "hung_up", by: "them" });
      },
      onAck: (request: SipRequest): void => this.events.put({ type: "ack", request }),
    };
  }
}
