import { randomBytes } from "node:crypto";
import {
  createDigestServer,
  type DigestServer,
  ha1,
  openUdp,
  parseNameAddr,
  printNameAddr,
  type Scheduler,
  type ServerTransaction,
  type SipRequest,
  type Uri,
} from "@pbx-x/sip";
import { Phone, type PhoneCall as SipCall, realScheduler } from "@pbx-x/sip/testing";
import type { EngineAddresses, PartyIdentity } from "@pbx-x/telephony";
import type { ContractCall, ContractCarrier, ContractCarrierCall } from "@pbx-x/telephony/contract";
import { describe, PhoneCall } from "./phone-call.ts";
import { openVoice, type Voice } from "./voice.ts";

const realm = "carrier.test";
const account = { username: "pbx-account", password: "pbx-password" };
const secrets = {
  md5: ha1({ ...account, realm, algorithm: "MD5" }),
  sha256: ha1({ ...account, realm, algorithm: "SHA-256" }),
};
/** Calls begin at once, so their ports are open before. */
const lines = 3;

export interface CarrierOptions {
  /** The engine's clock. */
  readonly scheduler: Scheduler;
  readonly addresses: () => EngineAddresses;
  readonly nextFrequencyHz: () => number;
}

class CarrierCall extends PhoneCall implements ContractCarrierCall {
  readonly dialled: string;
  readonly caller: PartyIdentity;

  constructor(call: SipCall, request: SipRequest, voice: Voice) {
    super(call, voice, {});
    this.dialled = userOf(request.uri);
    const { uri, displayName } = parseNameAddr(request.headers.get("P-Asserted-Identity") ?? "") ?? request.from;
    this.caller = {
      number: userOf(uri),
      ...(displayName !== undefined && { name: displayName }),
      ...(request.headers.get("Privacy") === "id" && { isPrivate: true }),
    };
  }
}

/** A carrier made of the SIP test phone: a registrar with one account, and the world behind it. */
export class Carrier implements ContractCarrier {
  readonly incoming: CarrierCall[] = [];
  readonly phone: Phone;
  readonly #options: CarrierOptions;
  readonly #voices: readonly Voice[];
  readonly #free: Voice[];
  readonly #digest: DigestServer;
  #isChallenging = false;
  #registeredUntilMs = 0;

  static async open(options: CarrierOptions): Promise<Carrier> {
    const voices: Voice[] = [];
    for (let count = 0; count < lines; count += 1) voices.push(await openVoice(options.nextFrequencyHz()));
    const phone = await Phone.open({
      scheduler: realScheduler,
      randomText,
      user: "carrier",
      server: { transport: "udp", address: options.addresses().host, port: options.addresses().udp ?? 0 },
      transports: [(events) => openUdp({ host: "127.0.0.1", port: 0 }, events)],
    });
    return new Carrier(options, phone, voices);
  }

  private constructor(options: CarrierOptions, phone: Phone, voices: readonly Voice[]) {
    this.#options = options;
    this.#voices = voices;
    this.#free = [...voices];
    this.#digest = createDigestServer({
      realm,
      secret: randomBytes(16),
      now: () => options.scheduler.now(),
      randomText,
    });
    this.phone = phone;
    phone.onRequest = (transaction) => this.#onRequest(transaction);
    phone.screen = (transaction) => !this.#isChallenging || this.#isProven(transaction, true);
    phone.onCall = (call) => {
      if (call.request !== undefined) this.incoming.push(new CarrierCall(call, call.request, this.#takeVoice()));
    };
  }

  get trunk(): ContractCarrier["trunk"] {
    const port = this.phone.endpoint.transport("udp")?.port ?? 0;
    const place = { host: "127.0.0.1", port, transport: "udp" } as const;
    return { name: "Carrier", isEnabled: true, trunkType: "static", ...place, ...account, allowedIps: [] };
  }

  get isRegistered(): boolean {
    return this.#registeredUntilMs > this.#options.scheduler.now();
  }

  setAnswering(isAnswering: boolean): void {
    this.phone.isDeaf = !isAnswering;
  }

  setChallenging(isChallenging: boolean): void {
    this.#isChallenging = isChallenging;
  }

  call(dialled: string, { number, name, isPrivate = false }: PartyIdentity): ContractCall {
    const { address, port } = { address: this.#options.addresses().host, port: this.#options.addresses().udp };
    const voice = this.#takeVoice();
    const shown = name === undefined ? "" : `"${name}" `;
    const headers = [
      { name: "P-Asserted-Identity", value: `${shown}<sip:${number}@${address}:${port}>` },
      ...(isPrivate ? [{ name: "Privacy", value: "id" }] : []),
    ];
    return new PhoneCall(this.phone.call(dialled, { body: describe(voice, "sendrecv"), headers }), voice, {});
  }

  async close(): Promise<void> {
    for (const voice of this.#voices) voice.close();
    await this.phone.close();
  }

  #onRequest(transaction: ServerTransaction): void {
    const { request } = transaction;
    if (request.method === "OPTIONS") transaction.respond(200);
    else if (request.method !== "REGISTER") transaction.respond(501);
    else if (this.#isProven(transaction, false)) this.#register(transaction);
  }

  #register(transaction: ServerTransaction): void {
    const contact = parseNameAddr(transaction.request.headers.get("Contact") ?? "");
    if (contact === undefined) {
      transaction.respond(400);
      return;
    }
    const expires = String(contact.params.get("expires") ?? 300);
    this.#registeredUntilMs = this.#options.scheduler.now() + Number(expires) * 1000;
    const value = printNameAddr({ uri: contact.uri, params: new Map([["expires", expires]]) });
    transaction.respond(200, { headers: expires === "0" ? [] : [{ name: "Contact", value }] });
  }

  /** False when it has been challenged. */
  #isProven(transaction: ServerTransaction, isProxy: boolean): boolean {
    const { method, headers, body } = transaction.request;
    const given = headers.get(isProxy ? "Proxy-Authorization" : "Authorization") ?? "";
    const verdict = this.#digest.verify(given, { method, body }, (user) =>
      user === account.username ? secrets : undefined,
    );
    if (verdict.ok) return true;
    const name = isProxy ? "Proxy-Authenticate" : "WWW-Authenticate";
    transaction.respond(isProxy ? 407 : 401, {
      headers: this.#digest.challenge(verdict.reason === "stale").map((value) => ({ name, value })),
    });
    return false;
  }

  #takeVoice(): Voice {
    const voice = this.#free.shift();
    if (voice === undefined) throw new Error("the carrier has no more lines");
    return voice;
  }
}

function randomText(): string {
  return randomBytes(8).toString("hex");
}

function userOf(uri: Uri): string {
  return uri.scheme === "tel" ? uri.number : uri.scheme === "other" ? "" : (uri.user ?? "");
}
