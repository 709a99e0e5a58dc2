import { randomBytes } from "node:crypto";
import { openStream, openUdp, type TransportEvents } from "@pbx-x/sip";
import { Phone, PhoneSubscription, realScheduler } from "@pbx-x/sip/testing";
import type { EngineAddresses, ExtensionConfiguration } from "@pbx-x/telephony";
import type { ContractPhone, ContractPhoneTraits, ContractWatch } from "@pbx-x/telephony/contract";
import { allowOf, describe, PhoneCall } from "./phone-call.ts";
import { readState } from "./read-state.ts";
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

/** Calls begin at once, so their ports are open before. */
const lines = 3;

/** The SIP test phone on real sockets, with a voice for each of its calls. */
export class SocketPhone implements ContractPhone {
  readonly incoming: PhoneCall[] = [];
  readonly messagesTold: string[] = [];
  readonly #options: SocketPhoneOptions;
  readonly #free: Voice[] = [];
  readonly #voices: Voice[] = [];
  #phone: Phone | undefined;

  constructor(options: SocketPhoneOptions) {
    this.#options = options;
  }

  async register(options: { readonly expiresSeconds?: number } = {}): Promise<void> {
    const phone = (this.#phone ??= await this.#open());
    const headers =
      this.#options.traits.allowsRemoteTalk === true ? [{ name: "Allow-Events", value: "talk, hold" }] : [];
    const { status } = await phone.register({ ...options, headers });
    if (status !== 200) throw new Error(`the registration was refused: ${status}`);
  }

  unregister(): Promise<void> {
    return this.register({ expiresSeconds: 0 });
  }

  call(dialled: string): PhoneCall {
    if (this.#phone === undefined) throw new Error("the phone is not registered");
    const voice = this.#takeVoice();
    const call = this.#phone.call(dialled, {
      body: describe(voice, "sendrecv"),
      headers: allowOf(this.#options.traits),
    });
    return new PhoneCall(call, voice, this.#options.traits);
  }

  async watch(number: string, what: "dialog" | "presence" | "message-summary"): Promise<ContractWatch> {
    if (this.#phone === undefined) throw new Error("the phone is not registered");
    const made = await this.#phone.subscribe(number, { event: what });
    if (!(made instanceof PhoneSubscription)) throw new Error(`the subscription was refused: ${made.status}`);
    const { notifications } = made;
    return {
      get sees() {
        return notifications.all.map(({ body }) => readState(body));
      },
      get isOver() {
        return notifications.all.some(({ state }) => state?.state === "terminated");
      },
      stop: async () => {
        const { status } = await made.unsubscribe();
        if (status !== 200) throw new Error(`unsubscribing was refused: ${status}`);
      },
    };
  }

  async close(): Promise<void> {
    for (const voice of this.#voices) voice.close();
    await this.#phone?.close();
  }

  async #open(): Promise<Phone> {
    const { extension, password, transport, tls, traits, addresses, nextFrequencyHz } = this.#options;
    for (let count = 0; count < lines; count += 1) this.#voices.push(await openVoice(nextFrequencyHz()));
    this.#free.push(...this.#voices);
    const place = { host: "127.0.0.1", port: 0 };
    const withTls = transport === "tls" && tls !== undefined ? { tls } : {};
    const phone = await Phone.open({
      scheduler: realScheduler,
      randomText: () => randomBytes(8).toString("hex"),
      user: extension.number,
      password,
      server: { transport, address: addresses().host, port: addresses()[transport] ?? 0 },
      transports: [
        (events: TransportEvents) =>
          transport === "udp" ? openUdp(place, events) : openStream({ ...place, ...withTls }, events),
      ],
    });
    phone.onRequest = (transaction) => {
      const { method, headers, body } = transaction.request;
      const isLamp = method === "NOTIFY" && headers.get("Event") === "message-summary";
      if (isLamp) this.messagesTold.push(readState(new TextDecoder().decode(body)));
      transaction.respond(isLamp || method === "OPTIONS" ? 200 : 501);
    };
    phone.onCall = (call) => {
      const taken = new PhoneCall(call, this.#takeVoice(), traits);
      this.incoming.push(taken);
      const isAutomatic = (call.request?.headers.get("Call-Info") ?? "").includes("answer-after=0");
      if (isAutomatic && traits.answersAutomatically === true) taken.answer();
    };
    return phone;
  }

  #takeVoice(): Voice {
    const voice = this.#free.shift();
    if (voice === undefined) throw new Error("the phone has no more lines");
    return voice;
  }
}
