import { Dialog } from "../dialog/dialog.ts";
import { parseSubscriptionState, type SubscriptionState } from "../dialog/subscription-state.ts";
import type { HeaderField } from "../message/headers.ts";
import type { SipRequest, SipResponse } from "../message/message.ts";
import { tagOf } from "../message/name-addr.ts";
import type { ServerTransaction } from "../transaction/server-transaction.ts";
import type { Remote } from "../transport/transport.ts";
import type { Endpoint } from "../user-agent/endpoint.ts";
import { Inbox } from "./inbox.ts";

export interface Notification {
  readonly request: SipRequest;
  readonly state: SubscriptionState | undefined;
  readonly body: string;
}

/** A test phone's subscription to a number, from the answer 200 on. */
export class PhoneSubscription {
  readonly notifications = new Inbox<Notification>();
  /** What a NOTIFY is answered with, 0: nothing. */
  answer: number = 200;
  answerHeaders: readonly HeaderField[] = [];
  readonly dialog: Dialog;
  readonly #endpoint: Endpoint;
  readonly #headers: readonly HeaderField[];
  readonly #forget: () => void;

  /** @param headers of every SUBSCRIBE: Event, Accept, Contact */
  constructor(endpoint: Endpoint, answer: SipResponse, server: Remote, headers: readonly HeaderField[]) {
    this.#endpoint = endpoint;
    this.#headers = headers;
    this.dialog = new Dialog({
      callId: answer.callId,
      local: answer.from,
      localTag: tagOf(answer.from) ?? "",
      remote: answer.to,
      remoteTag: tagOf(answer.to) ?? "",
      remoteTarget: answer.to.uri,
      routeSet: [],
      localCSeq: answer.cseq.number,
      ownsCallId: true,
      peer: server,
    });
    this.dialog.refreshTarget(answer);
    this.#forget = endpoint.addDialog(this.dialog, {
      onRequest: (transaction) => this.#onRequest(transaction),
      onAck: () => undefined,
    });
  }

  /** Another SUBSCRIBE of the subscription; its final answer. */
  refresh(expiresSeconds: number, headers: readonly HeaderField[] = this.#headers): Promise<SipResponse> {
    return new Promise((resolve, reject) => {
      this.#endpoint.sendInDialog(
        this.dialog,
        "SUBSCRIBE",
        { headers: [...headers, { name: "Expires", value: String(expiresSeconds) }] },
        {
          onResponse: (response) => {
            if (response.status >= 200) resolve(response);
          },
          onFailure: (failure) => reject(new Error(`SUBSCRIBE: ${failure}`)),
        },
      );
    });
  }

  unsubscribe(): Promise<SipResponse> {
    return this.refresh(0);
  }

  /** Ends it on this side without a word; NOTIFYs get 481 from now on. */
  forget(): void {
    this.#forget();
  }

  #onRequest(transaction: ServerTransaction): void {
    const { request } = transaction;
    const state = parseSubscriptionState(request.headers.get("Subscription-State") ?? "");
    this.notifications.put({ request, state, body: new TextDecoder().decode(request.body) });
    if (this.answer > 0) transaction.respond(this.answer, { headers: this.answerHeaders });
  }
}
