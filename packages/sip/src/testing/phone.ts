import { createDigestClient, type DigestClient } from "../digest/digest-client.ts";
import { createRequest } from "../message/build.ts";
import type { HeaderField } from "../message/headers.ts";
import type { SipMessage, SipRequest, SipResponse } from "../message/message.ts";
import { printNameAddr } from "../message/name-addr.ts";
import { parseMessage } from "../message/parser.ts";
import { printUri, sipUri, type Uri } from "../message/uri.ts";
import type { Scheduler } from "../scheduler.ts";
import type { ServerTransaction } from "../transaction/server-transaction.ts";
import type { Remote, Transport, TransportEvents } from "../transport/transport.ts";
import { Endpoint } from "../user-agent/endpoint.ts";
import { UacInvite } from "../user-agent/uac-invite.ts";
import { UasInvite } from "../user-agent/uas-invite.ts";
import { Inbox } from "./inbox.ts";
import { PhoneCall } from "./phone-call.ts";
import { PhoneSubscription } from "./phone-subscription.ts";

export interface PhoneOptions {
  readonly scheduler: Scheduler;
  /** For tags, branches, Call-IDs. */
  readonly randomText: () => string;
  readonly user: string;
  readonly password?: string;
  /** Where its requests go. */
  readonly server: Remote;
  /** Opened in this order; any transport, in memory or with sockets. */
  readonly transports: readonly ((events: TransportEvents) => Transport | Promise<Transport>)[];
}

export interface CallOptions {
  /** Default: an audio offer. */
  readonly body?: string;
  readonly headers?: readonly HeaderField[];
}

export interface SubscribeOptions {
  /** Default `dialog`. */
  readonly event?: string;
  readonly expiresSeconds?: number;
  readonly headers?: readonly HeaderField[];
}

/** A programmable SIP phone. It does nothing of its own accord but answer OPTIONS. */
export class Phone {
  readonly endpoint: Endpoint;
  /** Every message that arrived and could be read. */
  readonly received = new Inbox<SipMessage>();
  /** Calls of others, still without an answer. */
  readonly calls = new Inbox<PhoneCall>();
  /** Requests outside of dialogs but INVITE; `onRequest` answers them. */
  onRequest: (transaction: ServerTransaction) => void = (transaction) => {
    transaction.respond(transaction.request.method === "OPTIONS" ? 200 : 501);
  };
  /** Nothing that arrives is heard while it is true. */
  isDeaf = false;
  /** Looks at a call before the phone takes it; false when it has been answered already. */
  screen: (transaction: ServerTransaction) => boolean = () => true;
  /** What the phone does when it is called. */
  onCall: (call: PhoneCall) => void = () => undefined;
  readonly #options: PhoneOptions;
  readonly #credentials: DigestClient | undefined;
  readonly #registerCallId: string;
  readonly #tag: string;
  #cseq = 0;

  static async open(options: PhoneOptions): Promise<Phone> {
    const phone = new Phone(options);
    for (const open of options.transports) phone.endpoint.add(await open(phone.endpoint.events));
    return phone;
  }

  private constructor(options: PhoneOptions) {
    const { scheduler, randomText, user, password } = options;
    this.#options = options;
    this.#credentials =
      password === undefined ? undefined : createDigestClient({ username: user, password }, randomText);
    this.#registerCallId = randomText();
    this.#tag = randomText();
    this.endpoint = new Endpoint({
      scheduler,
      randomText,
      userAgent: "Test phone",
      admit: (bytes) => {
        if (this.isDeaf) return false;
        const parsed = parseMessage(bytes);
        if (parsed.ok) this.received.put(parsed.message);
        return true;
      },
      onRequest: (transaction) => this.#onRequest(transaction),
    });
  }

  /** Its address, as its Contact has it. */
  get contact(): Uri {
    return this.endpoint.contactUri(this.#options.server, this.#options.user);
  }

  /** The final answer, after the challenge was answered where there was one. */
  register({
    expiresSeconds = 300,
    contactParams = {},
    headers = [],
  }: {
    readonly expiresSeconds?: number;
    readonly contactParams?: Readonly<Record<string, string>>;
    readonly headers?: readonly HeaderField[];
  } = {}): Promise<SipResponse> {
    const params = new Map([["expires", String(expiresSeconds)], ...Object.entries(contactParams)]);
    const contact = { name: "Contact", value: printNameAddr({ uri: this.contact, params }) };
    return this.request("REGISTER", { headers: [contact, ...headers] });
  }

  unregister(): Promise<SipResponse> {
    return this.register({ expiresSeconds: 0 });
  }

  options(): Promise<SipResponse> {
    return this.request("OPTIONS");
  }

  /**
   * Any request outside of a dialog, with one more try after a challenge. Rejects when there is no final answer.
   * @param onAnswer gets the final answer before anything else that arrives
   */
  request(
    method: string,
    parts: { readonly to?: string; readonly headers?: readonly HeaderField[]; readonly body?: string } = {},
    onAnswer: (response: SipResponse) => void = () => undefined,
  ): Promise<SipResponse> {
    const { to, headers = [], body } = parts;
    const { user, server } = this.#options;
    const isRegister = method === "REGISTER";
    const uri = this.#uri(isRegister ? undefined : to);
    const self = this.#uri(user);
    const attempt = (more: readonly HeaderField[], onFinal: (response: SipResponse) => void, onLost: () => void) => {
      this.#cseq += 1;
      const request = createRequest({
        method,
        uri,
        from: { uri: self, params: new Map([["tag", this.#tag]]) },
        to: { uri: isRegister ? self : uri, params: new Map() },
        callId: isRegister ? this.#registerCallId : this.#options.randomText(),
        cseq: this.#cseq,
        headers: [...headers, ...more],
        ...(body !== undefined && { body }),
      });
      this.endpoint.request(request, server, {
        onResponse: (response) => {
          if (response.status >= 200) onFinal(response);
        },
        onFailure: onLost,
      });
    };
    return new Promise((resolve, reject) => {
      const lost = (): void => reject(new Error(`${method}: no answer`));
      const settle = (response: SipResponse): void => {
        onAnswer(response);
        resolve(response);
      };
      attempt(
        [],
        (first) => {
          const authorization = this.#authorize(first, method, uri);
          if (authorization === undefined) settle(first);
          else attempt([authorization], settle, lost);
        },
        lost,
      );
    });
  }

  /** Watches a number; what it is refused with where it is. */
  async subscribe(
    to: string,
    { event = "dialog", expiresSeconds = 3600, headers: more = [] }: SubscribeOptions = {},
  ): Promise<PhoneSubscription | SipResponse> {
    const contact = printNameAddr({ uri: this.contact, params: new Map() });
    const headers = [{ name: "Event", value: event }, { name: "Contact", value: contact }, ...more];
    const expires = { name: "Expires", value: String(expiresSeconds) };
    let made: PhoneSubscription | undefined;
    const answer = await this.request("SUBSCRIBE", { to, headers: [...headers, expires] }, (response) => {
      // At once, since the first NOTIFY follows on its heels.
      if (response.status < 300) made = new PhoneSubscription(this.endpoint, response, this.#options.server, headers);
    });
    return made ?? answer;
  }

  call(to: string, { body, headers = [] }: CallOptions = {}): PhoneCall {
    const call = new PhoneCall(this.endpoint, this.contact, this.#options.randomText());
    const request = this.invite(to, body ?? call.describe(), headers);
    const invite = new UacInvite(
      this.endpoint,
      {
        request,
        remote: this.#options.server,
        ...(this.#credentials !== undefined && { credentials: this.#credentials }),
      },
      call.uacEvents,
    );
    call.dials(invite);
    return call;
  }

  /** An INVITE of this phone, not sent yet. */
  invite(to: string, body: string, headers: readonly HeaderField[] = []): SipRequest {
    return createRequest({
      method: "INVITE",
      uri: this.#uri(to),
      from: { uri: this.#uri(this.#options.user), params: new Map([["tag", this.#options.randomText()]]) },
      to: { uri: this.#uri(to), params: new Map() },
      callId: this.#options.randomText(),
      cseq: 1,
      headers: [{ name: "Contact", value: printNameAddr({ uri: this.contact, params: new Map() }) }, ...headers],
      ...(body !== "" && { body, contentType: "application/sdp" }),
    });
  }

  /** Any bytes, as they are. Rejects when they certainly did not get out. */
  sendRaw(message: Uint8Array | string): Promise<void> {
    const { server } = this.#options;
    const bytes = typeof message === "string" ? new TextEncoder().encode(message) : message;
    const transport = this.endpoint.transport(server.transport);
    if (transport === undefined) return Promise.reject(new Error(`no ${server.transport} transport`));
    return new Promise((resolve, reject) => {
      transport.send(bytes, server, reject);
      resolve();
    });
  }

  async close(): Promise<void> {
    this.received.close("the phone is closed");
    this.calls.close("the phone is closed");
    await this.endpoint.close();
  }

  #uri(user?: string): Uri {
    const { address, port } = this.#options.server;
    return sipUri({ ...(user !== undefined && { user }), host: address, port });
  }

  #authorize(response: SipResponse, method: string, uri: Uri): HeaderField | undefined {
    if (response.status !== 401 && response.status !== 407) return undefined;
    const isProxy = response.status === 407;
    const challenges = response.headers.getAll(isProxy ? "Proxy-Authenticate" : "WWW-Authenticate");
    const value = this.#credentials?.authorize(challenges, { method, uri: printUri(uri) });
    return value === undefined ? undefined : { name: isProxy ? "Proxy-Authorization" : "Authorization", value };
  }

  #onRequest(transaction: ServerTransaction): void {
    if (transaction.request.method !== "INVITE") {
      this.onRequest(transaction);
      return;
    }
    if (!this.screen(transaction)) return;
    const call = new PhoneCall(this.endpoint, this.contact, this.#options.randomText());
    const invite = UasInvite.begin(this.endpoint, transaction, call.uasEvents);
    if (invite === undefined) return;
    call.isCalled(invite, transaction.request);
    this.calls.put(call);
    this.onCall(call);
  }
}
