import { parseSdp, printSdp } from "@pbx-x/media";
import { type HeaderField, parseNameAddr, type ServerTransaction, type SipRequest, type SipResponse } from "@pbx-x/sip";
import type { PhoneCall as SipCall, PhoneCallEvent } from "@pbx-x/sip/testing";
import type { ContractCall, ContractPhoneTraits, ContractSight } from "@pbx-x/telephony/contract";
import type { Voice } from "./voice.ts";

type Direction = "sendrecv" | "sendonly" | "inactive";

/** One call of the SIP test phone with a voice, as the contract wants it. */
export class PhoneCall implements ContractCall {
  readonly #call: SipCall;
  readonly #voice: Voice;
  readonly #traits: ContractPhoneTraits;
  #isAccepted = false;
  #wantsHangup = false;

  constructor(call: SipCall, voice: Voice, traits: ContractPhoneTraits) {
    this.#call = call;
    this.#voice = voice;
    this.#traits = traits;
    call.describe = () => describe(voice, "sendrecv");
    call.onRequest = (transaction) => this.#onRequest(transaction);
    if (call.request !== undefined) this.#speakAsIn(call.request.body);
    void this.#follow();
  }

  get sees(): readonly ContractSight[] {
    return this.#call.events.all.flatMap(sightsOf);
  }

  /** Of the tone that it says. */
  get frequencyHz(): number {
    return this.#voice.frequencyHz;
  }

  ring(): void {
    const headers = this.#traits.allowsRemoteTalk === true ? [{ name: "Allow-Events", value: "talk, hold" }] : [];
    this.#call.progress(180, undefined, headers);
  }

  earlyMedia(): void {
    this.#call.progress(183, this.#call.describe());
  }

  answer(): void {
    if (this.#isAccepted) return;
    this.#isAccepted = true;
    this.#call.answer(allowOf(this.#traits));
  }

  reject(sipCode: number): void {
    this.#call.refuse(sipCode);
  }

  redirect(number: string): void {
    this.#call.refuse(302, [{ name: "Contact", value: `"Elsewhere" <sip:${number}@192.0.2.9;user=phone>;q=1.0` }]);
  }

  hangup(): void {
    // A called phone may not hang up before the ACK (RFC 3261 §15).
    if (this.#isUp) void this.#call.hangUp().catch(() => undefined);
    else if (this.#isAccepted) this.#wantsHangup = true;
    else this.#call.cancel();
  }

  hold(direction: "sendonly" | "inactive"): void {
    void this.#call.reinvite(describe(this.#voice, direction));
  }

  unhold(): void {
    void this.#call.reinvite();
  }

  press(digit: string): void {
    this.#voice.press(digit);
  }

  speak(isSpeaking: boolean): void {
    this.#voice.setSpeaking(isSpeaking);
  }

  hears(other: ContractCall): boolean {
    return other instanceof PhoneCall && this.#voice.hears(other.#voice.frequencyHz);
  }

  hearsPlayback(): boolean {
    return this.#voice.hearsPlayback();
  }

  get #isUp(): boolean {
    return this.#call.events.all.some(({ type }) => type === "answered" || type === "confirmed");
  }

  /** Speaks to where the far side says, until the call is over. */
  async #follow(): Promise<void> {
    for (;;) {
      const event = await this.#call.events.next();
      if (event.type === "progress" || event.type === "answered") this.#speakAsIn(event.response.body);
      if (event.type === "confirmed" && this.#wantsHangup) this.hangup();
      if (!sightsOf(event).some(({ kind }) => kind === "ended")) continue;
      this.#voice.close();
      return;
    }
  }

  /** Requests inside the call but BYE: obeys `talk` and `hold` as far as the phone does. */
  #onRequest(transaction: ServerTransaction): void {
    const { method, headers, body } = transaction.request;
    if (method === "NOTIFY") {
      this.#onNotify(transaction, headers.get("Event") ?? "");
      return;
    }
    const isOffer = (method === "INVITE" || method === "UPDATE") && body.length > 0;
    transaction.respond(200, isOffer ? { body: this.#call.describe(), contentType: "application/sdp" } : {});
  }

  #onNotify(transaction: ServerTransaction, event: string): void {
    const { allowsRemoteTalk = false, allowsRemoteHold = false } = this.#traits;
    const isTaken = (event === "talk" && allowsRemoteTalk) || (event === "hold" && allowsRemoteHold);
    transaction.respond(isTaken ? 200 : 489);
    if (!isTaken) return;
    if (event === "hold") this.hold("sendonly");
    else if (this.#isAccepted || this.#isUp) this.unhold();
    else this.answer();
  }

  #speakAsIn(body: Uint8Array): void {
    const session = parseSdp(new TextDecoder().decode(body));
    const audio = session?.media.find(({ media }) => media === "audio");
    const address = audio?.address ?? session?.address;
    if (audio !== undefined && address !== undefined) this.#voice.speakTo(address, audio.port);
  }
}

/** What the phone was shown by it; nothing for what it only did itself. */
function sightsOf(event: PhoneCallEvent): readonly ContractSight[] {
  switch (event.type) {
    case "progress":
      if (event.response.body.length > 0) return [{ kind: "early_media" }];
      return event.response.status === 180 ? [{ kind: "ringing" }] : [];
    case "answered":
      return [{ kind: "answered" }, ...partyIn(event.response)];
    case "refused":
      return [ended(event.response, event.status)];
    case "cancelled":
      return [ended(event.cancel, 487)];
    case "failed":
    case "hung_up":
      return [ended(undefined, undefined)];
    case "request":
      return partyIn(event.request);
    case "confirmed":
    case "ack":
      return [];
  }
}

function partyIn({ headers }: SipRequest | SipResponse): readonly ContractSight[] {
  const uri = parseNameAddr(headers.get("P-Asserted-Identity") ?? "")?.uri;
  const number = uri === undefined || !("user" in uri) ? undefined : uri.user;
  return number === undefined ? [] : [{ kind: "party", number }];
}

/** What the phone says that it can be sent. */
export function allowOf({ allowsUpdate = false }: ContractPhoneTraits): readonly HeaderField[] {
  const methods = ["INVITE", "ACK", "CANCEL", "BYE", "NOTIFY", ...(allowsUpdate ? ["UPDATE"] : [])];
  return [{ name: "Allow", value: methods.join(", ") }];
}

function ended(told: SipRequest | SipResponse | undefined, sipCode: number | undefined): ContractSight {
  const isAnsweredElsewhere = /cause\s*=\s*200/i.test(told?.headers.get("Reason") ?? "");
  return { kind: "ended", ...(sipCode !== undefined && { sipCode }), isAnsweredElsewhere };
}

/** PCMA and key presses at the voice's port. */
export function describe(voice: Voice, direction: Direction): string {
  const maps = [
    { payloadType: 8, encoding: "PCMA", clockRate: 8000, channels: 1 },
    { payloadType: 101, encoding: "telephone-event", clockRate: 8000, channels: 1, fmtp: "0-15" },
  ];
  return printSdp({
    origin: { username: "phone", sessionId: "1", version: String(voice.nextVersion()), address: "127.0.0.1" },
    media: [
      {
        media: "audio",
        port: voice.port,
        protocol: "RTP/AVP",
        formats: maps.map(({ payloadType }) => String(payloadType)),
        direction,
        rtpMaps: maps,
        rtcpMux: false,
      },
    ],
  });
}
