import type { DigestClient } from "../digest/digest-client.ts";
import { createRequest } from "../message/build.ts";
import type { HeaderField } from "../message/headers.ts";
import type { SipRequest, SipResponse } from "../message/message.ts";
import { type NameAddr, parseNameAddr, parseNameAddrList, printNameAddr, tagOf } from "../message/name-addr.ts";
import type { Uri } from "../message/uri.ts";
import type { Remote } from "../transport/transport.ts";

/** What identifies a dialog on our side (RFC 3261 §12). */
export interface DialogId {
  readonly callId: string;
  readonly localTag: string;
  readonly remoteTag: string;
}

export interface DialogParts extends DialogId {
  /** Our side, with tag. */
  readonly local: NameAddr;
  readonly remote: NameAddr;
  readonly remoteTarget: Uri;
  /** In the order in which requests are to pass them. */
  readonly routeSet: readonly NameAddr[];
  readonly localCSeq: number;
  readonly remoteCSeq?: number;
  /** Whether the INVITE that began it was ours; decides who waits longer after a glare. */
  readonly ownsCallId: boolean;
  /** Where the far side's messages come from; requests go back there. */
  readonly peer: Remote;
}

export interface DialogRequest {
  readonly headers?: Iterable<HeaderField>;
  readonly body?: Uint8Array | string;
  readonly contentType?: string;
}

/** A peer-to-peer relation of two user agents: counts its requests, knows the way to the far side (RFC 3261 §12.2). */
export class Dialog {
  readonly callId: string;
  readonly local: NameAddr;
  readonly localTag: string;
  readonly ownsCallId: boolean;
  /** For a far side that asks who sends a request inside the dialog. */
  credentials: DigestClient | undefined;
  #remote: NameAddr;
  #remoteTag: string;
  #remoteTarget: Uri;
  #routeSet: readonly NameAddr[];
  #localCSeq: number;
  #remoteCSeq: number | undefined;
  #peer: Remote;

  constructor(parts: DialogParts) {
    this.callId = parts.callId;
    this.local = parts.local;
    this.localTag = parts.localTag;
    this.ownsCallId = parts.ownsCallId;
    this.#remote = parts.remote;
    this.#remoteTag = parts.remoteTag;
    this.#remoteTarget = parts.remoteTarget;
    this.#routeSet = parts.routeSet;
    this.#localCSeq = parts.localCSeq;
    this.#remoteCSeq = parts.remoteCSeq;
    this.#peer = parts.peer;
  }

  /** From the side that was called: the INVITE and the tag that it was answered with (§12.1.1). */
  static fromRequest(request: SipRequest, localTag: string, peer: Remote): Dialog | undefined {
    const remoteTarget = contactOf(request);
    if (remoteTarget === undefined) return undefined;
    return new Dialog({
      callId: request.callId,
      local: { ...request.to, params: new Map([...request.to.params, ["tag", localTag]]) },
      localTag,
      remote: request.from,
      remoteTag: tagOf(request.from) ?? "",
      remoteTarget,
      routeSet: parseNameAddrList(request.headers.getAll("Record-Route")) ?? [],
      localCSeq: 0,
      remoteCSeq: request.cseq.number,
      ownsCallId: false,
      peer,
    });
  }

  /** From the side that called: its INVITE and an answer with a tag (§12.1.2). */
  static fromResponse(request: SipRequest, response: SipResponse, peer: Remote): Dialog | undefined {
    const remoteTag = tagOf(response.to);
    const localTag = tagOf(request.from);
    if (remoteTag === undefined || localTag === undefined) return undefined;
    return new Dialog({
      callId: request.callId,
      local: request.from,
      localTag,
      remote: response.to,
      remoteTag,
      remoteTarget: contactOf(response) ?? request.uri,
      routeSet: (parseNameAddrList(response.headers.getAll("Record-Route")) ?? []).toReversed(),
      localCSeq: request.cseq.number,
      ownsCallId: true,
      peer,
    });
  }

  get id(): DialogId {
    return { callId: this.callId, localTag: this.localTag, remoteTag: this.#remoteTag };
  }

  get remoteTag(): string {
    return this.#remoteTag;
  }

  get remote(): NameAddr {
    return this.#remote;
  }

  get peer(): Remote {
    return this.#peer;
  }

  /** A 2xx confirms the early dialog: route set and target are taken anew (§13.2.2.4). */
  confirm(response: SipResponse): void {
    this.#remote = response.to;
    this.#routeSet = (parseNameAddrList(response.headers.getAll("Record-Route")) ?? []).toReversed();
    this.refreshTarget(response);
  }

  /** Target refresh by INVITE, UPDATE and their 2xx (§12.2). */
  refreshTarget(message: SipRequest | SipResponse): void {
    this.#remoteTarget = contactOf(message) ?? this.#remoteTarget;
  }

  /**
   * Whether a request of the far side is in order (§12.2.2): a lower number than the last is answered 500.
   * The far side's address follows its messages, which keeps phones behind NAT reachable.
   */
  takeRequest(request: SipRequest, from: Remote): boolean {
    const { number } = request.cseq;
    if (request.method !== "ACK" && this.#remoteCSeq !== undefined && number <= this.#remoteCSeq) return false;
    if (request.method !== "ACK") this.#remoteCSeq = number;
    this.#peer = from;
    return true;
  }

  /** The next request of ours, still without Via (§12.2.1.1). */
  request(method: string, parts: DialogRequest = {}): SipRequest {
    this.#localCSeq += 1;
    return this.#create(method, this.#localCSeq, parts);
  }

  /** The ACK of a 2xx has the number of its INVITE (§13.2.2.4). */
  ack(inviteCSeq: number, parts: DialogRequest = {}): SipRequest {
    return this.#create("ACK", inviteCSeq, parts);
  }

  #create(method: string, cseq: number, { headers = [], body, contentType }: DialogRequest): SipRequest {
    const { uri, routes } = this.#way();
    return createRequest({
      method,
      uri,
      from: this.local,
      to: this.#remote,
      callId: this.callId,
      cseq,
      headers: [...routes.map((route) => ({ name: "Route", value: printNameAddr(route) })), ...headers],
      ...(body !== undefined && { body }),
      ...(contentType !== undefined && { contentType }),
    });
  }

  /** A first route without `lr` wants to be the request URI, with the target as the last route (§12.2.1.1, strict routing). */
  #way(): { readonly uri: Uri; readonly routes: readonly NameAddr[] } {
    const [first, ...others] = this.#routeSet;
    if (first === undefined || first.uri.scheme === "other" || first.uri.params.has("lr")) {
      return { uri: this.#remoteTarget, routes: this.#routeSet };
    }
    return { uri: first.uri, routes: [...others, { uri: this.#remoteTarget, params: new Map() }] };
  }
}

export function dialogKey({ callId, localTag, remoteTag }: DialogId): string {
  return `${callId}|${localTag}|${remoteTag}`;
}

function contactOf(message: SipRequest | SipResponse): Uri | undefined {
  const contact = message.headers.list("Contact")[0];
  return contact === undefined ? undefined : parseNameAddr(contact)?.uri;
}
