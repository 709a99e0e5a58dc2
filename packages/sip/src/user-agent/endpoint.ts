import type { Dialog, DialogRequest } from "../dialog/dialog.ts";
import { createHeaders, type HeaderField } from "../message/headers.ts";
import type { SipRequest } from "../message/message.ts";
import { tagOf } from "../message/name-addr.ts";
import { parseMessage } from "../message/parser.ts";
import { printMessage } from "../message/printer.ts";
import { type Uri, sipUri } from "../message/uri.ts";
import { printVia, type Via } from "../message/via.ts";
import type { Scheduler } from "../scheduler.ts";
import type { ClientTransaction, ClientTransactionEvents } from "../transaction/client-transaction.ts";
import type { ServerTransaction } from "../transaction/server-transaction.ts";
import type { TimerValues } from "../transaction/timers.ts";
import { TransactionLayer } from "../transaction/transaction-layer.ts";
import type { Remote, Transport, TransportEvents, TransportName } from "../transport/transport.ts";
import { ChallengeAnswers } from "./challenge-answers.ts";
import { type DialogHandler, DialogTable } from "./dialog-table.ts";
import { noteSource } from "./note-source.ts";
import { printRefusal, refusalOf } from "./refusals.ts";
import * as timing from "./timing.ts";

export interface EndpointOptions {
  readonly scheduler: Scheduler;
  /** Random text for branches and tags, unguessable. */
  readonly randomText: () => string;
  /** `User-Agent` and `Server`. */
  readonly userAgent: string;
  /** Address that far sides are told, where it is not the one bound to (NAT). */
  readonly publicAddress?: string;
  readonly timers?: TimerValues;
  /** Asked for every message before it is looked at closely; false drops it without an answer. */
  readonly admit?: (bytes: Uint8Array, remote: Remote) => boolean;
  /** A request outside of any dialog. */
  readonly onRequest: (transaction: ServerTransaction) => void;
  readonly onFlowClosed?: (flowId: string) => void;
}

/** Above this many bytes a request goes by TCP (RFC 3261 §18.1.1: 200 below the path's MTU of 1,500). */
const maxDatagramBytes = 1300;
/** Room for the start line and Content-Length. */
const frameBytes = 100;

/** A SIP user agent on any number of transports: parses, matches transactions and dialogs, routes answers. */
export class Endpoint {
  readonly #options: EndpointOptions;
  readonly #transports = new Map<TransportName, Transport>();
  readonly #dialogs = new DialogTable();
  readonly #layer: TransactionLayer;

  constructor(options: EndpointOptions) {
    this.#options = options;
    this.#layer = new TransactionLayer({
      scheduler: options.scheduler,
      newTag: options.randomText,
      send: (bytes, remote, onError) => this.#send(bytes, remote, onError),
      onRequest: (transaction) => this.#onRequest(transaction),
      onAck: (request, remote) => this.#onAck(request, remote),
      ...(options.timers !== undefined && { timers: options.timers }),
    });
  }

  get scheduler(): Scheduler {
    return this.#options.scheduler;
  }

  get timers(): TimerValues {
    return this.#layer.timers;
  }

  get transactions(): number {
    return this.#layer.size;
  }

  get dialogs(): number {
    return this.#dialogs.size;
  }

  /** What a transport has to be opened with. */
  get events(): TransportEvents {
    return {
      onMessage: (bytes, remote) => this.#receive(bytes, remote),
      onFlowClosed: (flowId) => this.#options.onFlowClosed?.(flowId),
    };
  }

  add(transport: Transport): void {
    this.#transports.set(transport.name, transport);
  }

  transport(name: TransportName): Transport | undefined {
    return this.#transports.get(name);
  }

  newTag(): string {
    return this.#options.randomText();
  }

  newCallId(): string {
    return `${this.#options.randomText()}${this.#options.randomText()}`;
  }

  /** Our address as the far side has to write it. */
  contactUri(remote: Remote, user?: string): Uri {
    const place = this.#place(remote.transport);
    const isShown = remote.transport !== "udp";
    return sipUri({
      ...(user !== undefined && { user }),
      ...place,
      params: isShown ? [["transport", remote.transport === "wss" ? "ws" : remote.transport]] : [],
    });
  }

  /**
   * Sends a request outside or inside a dialog; Via, User-Agent are added. One that is too long for a datagram goes by TCP,
   * and as a datagram after all where the far side has no TCP (RFC 3261 §18.1.1).
   */
  request(request: SipRequest, remote: Remote, events: ClientTransactionEvents): ClientTransaction {
    const branch = `z9hG4bK${this.#options.randomText()}`;
    const stamped = this.#stamp(request, remote, branch);
    if (remote.transport !== "udp" || !this.#transports.has("tcp") || !isTooLong(stamped)) {
      return this.#layer.request(stamped, remote, events);
    }
    const byTcp: Remote = { ...remote, transport: "tcp" };
    return this.#layer.request(this.#stamp(request, byTcp, branch), byTcp, events, { request: stamped, remote });
  }

  /** CANCEL of an INVITE: same branch, same number (RFC 3261 §9.1). */
  cancel(invite: ClientTransaction, headers: readonly HeaderField[] = []): void {
    const { request, remote } = invite;
    const cancel: SipRequest = {
      ...request,
      method: "CANCEL",
      cseq: { number: request.cseq.number, method: "CANCEL" },
      body: new Uint8Array(0),
      headers: createHeaders([
        ...request.via.slice(0, 1).map((via) => ({ name: "Via", value: printVia(via) })),
        ...[...request.headers].filter(({ name }) => ["Route", "Max-Forwards", "From", "To", "Call-ID"].includes(name)),
        { name: "CSeq", value: `${request.cseq.number} CANCEL` },
        ...headers,
      ]),
    };
    this.#layer.request(cancel, remote, { onResponse: () => undefined, onFailure: () => undefined });
    invite.cancelled();
  }

  /** ACK of a 2xx: outside of transactions, straight to the far side. */
  sendAck(dialog: Dialog, inviteCSeq: number, parts: DialogRequest = {}): () => void {
    const branch = `z9hG4bK${this.#options.randomText()}`;
    const bytes = printMessage(this.#stamp(dialog.ack(inviteCSeq, parts), dialog.peer, branch));
    const send = (): void => this.#send(bytes, dialog.peer, () => undefined);
    send();
    return send;
  }

  /** With another try where the far side asks who we are and the dialog has credentials. */
  sendInDialog(
    dialog: Dialog,
    method: string,
    parts: DialogRequest,
    events: Partial<ClientTransactionEvents> = {},
  ): ClientTransaction {
    const answers = dialog.credentials && new ChallengeAnswers(dialog.credentials);
    const attempt = (more: readonly HeaderField[]): ClientTransaction => {
      const request = dialog.request(method, { ...parts, headers: [...(parts.headers ?? []), ...more] });
      const settle = this.#dialogs.sent(dialog, method, request.body.length > 0);
      return this.request(request, dialog.peer, {
        onResponse: (response) => {
          if (response.status >= 200) settle();
          const credentials = answers?.answer(request, response);
          if (credentials === undefined) events.onResponse?.(response);
          else attempt(credentials);
        },
        onFailure: (failure) => {
          settle();
          events.onFailure?.(failure);
        },
      });
    };
    return attempt([]);
  }

  /**
   * From now on requests of the dialog go to `handler`; the result ends that.
   * @param opening the far side's INVITE that is still to be answered
   */
  addDialog(dialog: Dialog, handler: DialogHandler, opening?: ServerTransaction): () => void {
    return this.#dialogs.add(dialog, handler, opening);
  }

  async close(): Promise<void> {
    this.#layer.close();
    this.#dialogs.clear();
    await Promise.all([...this.#transports.values()].map((transport) => transport.close()));
    this.#transports.clear();
  }

  #place(name: TransportName): { readonly host: string; readonly port: number } {
    const transport = this.#transports.get(name);
    const host = this.#options.publicAddress ?? transport?.host ?? "0.0.0.0";
    return { host, port: transport?.port ?? 5060 };
  }

  #stamp(request: SipRequest, remote: Remote, branch: string): SipRequest {
    const { host, port } = this.#place(remote.transport);
    const via: Via = {
      transport: remote.transport.toUpperCase(),
      host: host.includes(":") ? `[${host}]` : host,
      port,
      branch,
      params: new Map<string, string | true>([
        ["rport", true],
        ["branch", branch],
      ]),
    };
    let headers = request.headers.prepend("Via", printVia(via));
    if (!headers.has("User-Agent")) headers = headers.append("User-Agent", this.#options.userAgent);
    return { ...request, via: [via, ...request.via], headers };
  }

  #send(bytes: Uint8Array, remote: Remote, onError: (error: Error) => void): void {
    const transport = this.#transports.get(remote.transport);
    if (transport === undefined) onError(new Error(`no ${remote.transport} transport`));
    else transport.send(bytes, remote, onError);
  }

  #receive(bytes: Uint8Array, remote: Remote): void {
    timing.received.publish(bytes);
    if (this.#options.admit?.(bytes, remote) === false) return;
    const parsed = parseMessage(bytes);
    if (!parsed.ok) {
      const { respondable } = parsed.error;
      if (respondable !== undefined) {
        const bytes = printRefusal(respondable.status, respondable.headers, remote, this.newTag());
        this.#send(bytes, remote, () => undefined);
      }
      return;
    }
    const { message } = parsed;
    timing.parsed.publish(message);
    this.#layer.receive(message.kind === "request" ? noteSource(message, remote) : message, remote);
  }

  #onRequest(transaction: ServerTransaction): void {
    const { request } = transaction;
    if (request.method === "CANCEL") return this.#onCancel(transaction);
    const refusal = refusalOf(request);
    if (refusal !== undefined) {
      transaction.respond(refusal.status, { headers: refusal.headers });
      return;
    }
    if (tagOf(request.to) === undefined) {
      this.#options.onRequest(transaction);
      return;
    }
    const verdict = this.#dialogs.judge(transaction, () => this.#randomSeconds());
    if (verdict.kind === "taken") verdict.handler.onRequest(transaction);
    else transaction.respond(verdict.status, { ...(verdict.headers !== undefined && { headers: verdict.headers }) });
  }

  /** 0–10. */
  #randomSeconds(): number {
    let sum = 0;
    for (const character of this.#options.randomText()) sum += character.charCodeAt(0);
    return sum % 11;
  }

  #onCancel(transaction: ServerTransaction): void {
    const invite = this.#layer.cancelled(transaction.request);
    if (invite === undefined) {
      transaction.respond(481);
      return;
    }
    transaction.respond(200);
    if (invite.finalStatus === 0) invite.onCancel?.(transaction.request);
  }

  #onAck(request: SipRequest, remote: Remote): void {
    const found = this.#dialogs.find(request);
    if (found === undefined) return;
    found.dialog.takeRequest(request, remote);
    found.handler.onAck(request);
  }
}

function isTooLong({ headers, body }: SipRequest): boolean {
  let bytes = frameBytes + body.length;
  for (const { name, value } of headers) bytes += name.length + value.length + 4;
  return bytes > maxDatagramBytes;
}
