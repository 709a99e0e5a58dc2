import { randomBytes } from "node:crypto";
import {
  createDigestClient,
  createRequest,
  type DigestClient,
  Endpoint,
  openStream,
  openUdp,
  printNameAddr,
  printUri,
  type Remote,
  type ServerTransaction,
  type SipResponse,
  sipUri,
  type Uri,
  UacInvite,
  UasInvite,
} from "@pbx-x/sip";
import type { EngineAddresses, ExtensionConfiguration, Scheduler } from "@pbx-x/telephony";
import type { ContractPhone, ContractPhoneTraits } from "@pbx-x/telephony/contract";
import { PhoneCall } from "./phone-call.ts";
import { openVoice, type Voice } from "./voice.ts";

export type PhoneTransport = "udp" | "tcp" | "tls";

export interface SocketPhoneOptions {
  readonly extension: ExtensionConfiguration;
  readonly traits: ContractPhoneTraits;
  readonly password: string;
  readonly transport: PhoneTransport;
  readonly tls?: { readonly certPem: string; readonly keyPem: string };
  readonly addresses: () => EngineAddresses;
  readonly nextFrequencyHz: () => number;
}

const realTime: Scheduler = {
  now: () => Date.now(),
  after: (delayMs, task) => {
    const timer = setTimeout(task, delayMs);
    return () => clearTimeout(timer);
  },
};
const randomText = (): string => randomBytes(8).toString("hex");

/** A programmable phone with real sockets; its lines wait for the voice ports that they need. */
export class SocketPhone implements ContractPhone {
  readonly incoming: PhoneCall[] = [];
  readonly #options: SocketPhoneOptions;
  readonly #endpoint: Endpoint;
  readonly #credentials: DigestClient;
  readonly #voices: Voice[] = [];
  readonly #calls: PhoneCall[] = [];
  readonly #callId = randomText();
  readonly #tag = randomText();
  #cseq = 0;
  #isOpen = false;

  constructor(options: SocketPhoneOptions) {
    this.#options = options;
    this.#credentials = createDigestClient(
      { username: options.extension.number, password: options.password },
      randomText,
    );
    this.#endpoint = new Endpoint({
      scheduler: realTime,
      randomText,
      userAgent: "Contract phone/1.0",
      onRequest: (transaction) => this.#onRequest(transaction),
    });
  }

  async register({ expiresSeconds = 300 }: { readonly expiresSeconds?: number } = {}): Promise<void> {
    await this.#open();
    const first = await this.#register(expiresSeconds);
    if (first.status !== 401) throw new Error(`no challenge, but ${first.status}`);
    const uri = printUri(this.#registrar);
    const challenges = first.headers.getAll("WWW-Authenticate");
    const authorization = this.#credentials.authorize(challenges, { method: "REGISTER", uri });
    if (authorization === undefined) throw new Error("the challenge cannot be answered");
    const second = await this.#register(expiresSeconds, authorization);
    if (second.status !== 200) throw new Error(`the registration was refused: ${second.status}`);
  }

  unregister(): Promise<void> {
    return this.register({ expiresSeconds: 0 });
  }

  call(dialled: string): PhoneCall {
    const call = new PhoneCall(this.#endpoint, this.#takeVoice(), this.#options.traits);
    const request = createRequest({
      method: "INVITE",
      uri: sipUri({ user: dialled, ...this.#place }),
      from: { uri: this.#identity, params: new Map([["tag", randomText()]]) },
      to: { uri: sipUri({ user: dialled, ...this.#place }), params: new Map() },
      callId: randomText(),
      cseq: 1,
      headers: [this.#contact()],
      body: call.describe("sendrecv"),
      contentType: "application/sdp",
    });
    const invite = new UacInvite(
      this.#endpoint,
      { request, remote: this.#remote, credentials: this.#credentials },
      {
        onRequest: (transaction) => call.onRequest(transaction),
        onAck: () => undefined,
        onProgress: (response) => call.onProgress(response),
        onAnswer: (response, dialog) => call.onAnswer(dialog, response.body),
        onRefusal: ({ status, response }) => call.onEnd(status, response?.headers.get("Reason")),
      },
    );
    call.dials(invite);
    this.#calls.push(call);
    return call;
  }

  async close(): Promise<void> {
    for (const call of this.#calls) call.close();
    for (const voice of this.#voices.splice(0)) voice.close();
    await this.#endpoint.close();
  }

  get #place(): { readonly host: string; readonly port: number } {
    const addresses = this.#options.addresses();
    return { host: addresses.host, port: addresses[this.#options.transport] ?? 0 };
  }

  get #remote(): Remote {
    const { host, port } = this.#place;
    return { transport: this.#options.transport, address: host, port };
  }

  get #registrar(): Uri {
    return sipUri(this.#place);
  }

  get #identity(): Uri {
    return sipUri({ user: this.#options.extension.number, host: this.#place.host });
  }

  #contact(expiresSeconds?: number): { readonly name: string; readonly value: string } {
    const uri = this.#endpoint.contactUri(this.#remote, "phone");
    const params = new Map(expiresSeconds === undefined ? [] : [["expires", String(expiresSeconds)] as const]);
    return { name: "Contact", value: printNameAddr({ uri, params }) };
  }

  async #open(): Promise<void> {
    if (this.#isOpen) return;
    this.#isOpen = true;
    const { transport, tls } = this.#options;
    const place = { host: "127.0.0.1", port: 0 };
    const { events } = this.#endpoint;
    this.#endpoint.add(
      transport === "udp"
        ? await openUdp(place, events)
        : await openStream({ ...place, ...(transport === "tls" && tls !== undefined && { tls }) }, events),
    );
    // Calls begin at once, so their ports are open before.
    for (let count = 0; count < 3; count += 1) {
      this.#voices.push(await openVoice(this.#options.nextFrequencyHz()));
    }
  }

  #takeVoice(): Voice {
    const voice = this.#voices.shift();
    if (voice === undefined) throw new Error("the phone has no more lines");
    return voice;
  }

  #register(expiresSeconds: number, authorization?: string): Promise<SipResponse> {
    this.#cseq += 1;
    const identity = { uri: this.#identity, params: new Map() };
    const { allowsRemoteTalk = false } = this.#options.traits;
    const request = createRequest({
      method: "REGISTER",
      uri: this.#registrar,
      from: { ...identity, params: new Map([["tag", this.#tag]]) },
      to: identity,
      callId: this.#callId,
      cseq: this.#cseq,
      headers: [
        this.#contact(expiresSeconds),
        ...(allowsRemoteTalk ? [{ name: "Allow-Events", value: "talk, hold" }] : []),
        ...(authorization === undefined ? [] : [{ name: "Authorization", value: authorization }]),
      ],
    });
    return new Promise((resolve, reject) => {
      this.#endpoint.request(request, this.#remote, {
        onResponse: (response) => {
          if (response.status >= 200) resolve(response);
        },
        onFailure: (failure) => reject(new Error(`REGISTER: ${failure}`)),
      });
    });
  }

  #onRequest(transaction: ServerTransaction): void {
    const { method, headers, body } = transaction.request;
    if (method !== "INVITE") {
      transaction.respond(method === "OPTIONS" ? 200 : 501);
      return;
    }
    const call = new PhoneCall(this.#endpoint, this.#takeVoice(), this.#options.traits);
    const invite = UasInvite.begin(this.#endpoint, transaction, {
      onRequest: (inner) => call.onRequest(inner),
      onAck: () => undefined,
      onCancel: (cancel) => call.onEnd(487, cancel.headers.get("Reason")),
      onConfirmed: () => call.onConfirmed(),
      onFailure: () => call.onEnd(),
    });
    if (invite === undefined) return;
    call.isCalled(invite, body);
    this.#calls.push(call);
    this.incoming.push(call);
    const isAutomatic = (headers.get("Call-Info") ?? "").includes("answer-after=0");
    if (isAutomatic && this.#options.traits.answersAutomatically === true) call.answer();
  }
}
