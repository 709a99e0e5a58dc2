import { type Dialog, type DialogId, dialogKey } from "../dialog/dialog.ts";
import type { HeaderField } from "../message/headers.ts";
import { type SipRequest } from "../message/message.ts";
import { tagOf } from "../message/name-addr.ts";
import type { ServerTransaction } from "../transaction/server-transaction.ts";

export interface DialogHandler {
  /** Any request inside the dialog but ACK; has to be answered. */
  onRequest(transaction: ServerTransaction): void;
  onAck(request: SipRequest): void;
}

interface Entry {
  readonly dialog: Dialog;
  readonly handler: DialogHandler;
  /** The far side's last INVITE, or UPDATE with an offer. */
  incoming: ServerTransaction | undefined;
  /** Offers of ours that have no final answer yet. */
  ownOffers: number;
}

export type DialogVerdict =
  | { readonly kind: "taken"; readonly handler: DialogHandler }
  | { readonly kind: "refused"; readonly status: number; readonly headers?: readonly HeaderField[] };

/** The dialogs of an endpoint, and who may make an offer in them. */
export class DialogTable {
  readonly #entries = new Map<string, Entry>();

  get size(): number {
    return this.#entries.size;
  }

  /** @param opening the far side's INVITE, as long as it is unanswered */
  add(dialog: Dialog, handler: DialogHandler, opening?: ServerTransaction): () => void {
    const key = dialogKey(dialog.id);
    this.#entries.set(key, { dialog, handler, incoming: opening, ownOffers: 0 });
    return () => void this.#entries.delete(key);
  }

  find(request: SipRequest): { readonly dialog: Dialog; readonly handler: DialogHandler } | undefined {
    return this.#entryOf(idOf(request));
  }

  /**
   * What becomes of a request inside a dialog: 481 where there is none, 500 out of order (RFC 3261 §12.2.2) or before an
   * earlier offer was answered, 491 while an offer of ours is on its way (§14.2, RFC 3311 §5.2).
   * @param retrySeconds 0–10, at random, for those who came too early
   */
  judge(transaction: ServerTransaction, retrySeconds: () => number): DialogVerdict {
    const { request, remote } = transaction;
    const entry = this.#entryOf(idOf(request));
    if (entry === undefined) return { kind: "refused", status: 481 };
    if (!entry.dialog.takeRequest(request, remote)) return { kind: "refused", status: 500 };
    if (isOffer(request.method, request.body.length > 0)) {
      if (entry.ownOffers > 0) return { kind: "refused", status: 491 };
      // Whether an UPDATE may come before the answer to an INVITE, only its handler knows (RFC 3311 §5.1).
      const isTooEarly = request.method === "INVITE" || entry.incoming?.request.method === "UPDATE";
      if (entry.incoming?.finalStatus === 0 && isTooEarly) {
        return { kind: "refused", status: 500, headers: [{ name: "Retry-After", value: String(retrySeconds()) }] };
      }
      if (entry.incoming?.finalStatus !== 0) entry.incoming = transaction;
    }
    return { kind: "taken", handler: entry.handler };
  }

  /** Notes a request of ours; the result is to be called at its final answer. */
  sent(dialog: Dialog, method: string, hasBody: boolean): () => void {
    const entry = this.#entryOf(dialog.id);
    if (entry === undefined || !isOffer(method, hasBody)) return () => undefined;
    entry.ownOffers += 1;
    let isOpen = true;
    return () => {
      if (isOpen) entry.ownOffers -= 1;
      isOpen = false;
    };
  }

  clear(): void {
    this.#entries.clear();
  }

  #entryOf(id: DialogId): Entry | undefined {
    return this.#entries.get(dialogKey(id));
  }
}

function idOf({ callId, from, to }: SipRequest): DialogId {
  return { callId, localTag: tagOf(to) ?? "", remoteTag: tagOf(from) ?? "" };
}

function isOffer(method: string, hasBody: boolean): boolean {
  return method === "INVITE" || (method === "UPDATE" && hasBody);
}
