import { parseSdp, printSdp } from "@pbx-x/media";
import {
  type Dialog,
  type Endpoint,
  type ServerTransaction,
  type SipResponse,
  type UacInvite,
  type UasInvite,
} from "@pbx-x/sip";
import type { ContractCall, ContractPhoneTraits, ContractSight } from "@pbx-x/telephony/contract";
import type { Voice } from "./voice.ts";

type Hold = "sendrecv" | "sendonly" | "inactive";

/** One call at a phone with real sockets, the same for both directions. */
export class PhoneCall implements ContractCall {
  readonly sees: ContractSight[] = [];
  readonly #endpoint: Endpoint;
  readonly #voice: Voice;
  readonly #traits: ContractPhoneTraits;
  #outgoing: UacInvite | undefined;
  #incoming: UasInvite | undefined;
  #dialog: Dialog | undefined;
  #isAccepted = false;
  #isConfirmed = false;
  #wantsHangup = false;
  #version = 0;

  constructor(endpoint: Endpoint, voice: Voice, traits: ContractPhoneTraits) {
    this.#endpoint = endpoint;
    this.#voice = voice;
    this.#traits = traits;
  }

  dials(invite: UacInvite): void {
    this.#outgoing = invite;
  }

  isCalled(invite: UasInvite, offer: Uint8Array): void {
    this.#incoming = invite;
    this.#speakAsIn(offer);
  }

  ring(): void {
    const headers = this.#traits.allowsRemoteTalk === true ? [{ name: "Allow-Events", value: "talk, hold" }] : [];
    this.#incoming?.progress(180, undefined, headers);
  }

  earlyMedia(): void {
    this.#incoming?.progress(183, this.describe("sendrecv"));
  }

  answer(): void {
    if (this.#incoming === undefined || this.#isAccepted) return;
    this.#isAccepted = true;
    this.#dialog = this.#incoming.dialog;
    this.#incoming.accept(this.describe("sendrecv"));
  }

  reject(sipCode: number): void {
    this.#incoming?.reject(sipCode);
  }

  hangup(): void {
    if (this.#dialog === undefined) {
      this.#outgoing?.cancel();
      return;
    }
    // A called phone may not hang up before the ACK (RFC 3261 §15).
    if (this.#incoming !== undefined && !this.#isConfirmed) this.#wantsHangup = true;
    else this.#bye(this.#dialog);
  }

  hold(direction: "sendonly" | "inactive"): void {
    this.#reinvite(direction);
  }

  unhold(): void {
    this.#reinvite("sendrecv");
  }

  press(digit: string): void {
    this.#voice.press(digit);
  }

  hears(other: ContractCall): boolean {
    return other instanceof PhoneCall && this.#voice.hears(other.#voice.frequencyHz);
  }

  hearsPlayback(): boolean {
    return this.#voice.hearsPlayback();
  }

  /** Our session description. */
  describe(direction: Hold): string {
    this.#version += 1;
    const maps = [
      { payloadType: 8, encoding: "PCMA", clockRate: 8000, channels: 1 },
      { payloadType: 101, encoding: "telephone-event", clockRate: 8000, channels: 1, fmtp: "0-15" },
    ];
    return printSdp({
      origin: { username: "phone", sessionId: "1", version: String(this.#version), address: "127.0.0.1" },
      media: [
        {
          media: "audio",
          port: this.#voice.port,
          protocol: "RTP/AVP",
          formats: maps.map(({ payloadType }) => String(payloadType)),
          direction,
          rtpMaps: maps,
          rtcpMux: false,
        },
      ],
    });
  }

  onProgress({ status, body }: SipResponse): void {
    if (body.length > 0) {
      this.#speakAsIn(body);
      this.sees.push({ kind: "early_media" });
    } else if (status === 180) this.sees.push({ kind: "ringing" });
  }

  onAnswer(dialog: Dialog, body: Uint8Array): void {
    this.#dialog = dialog;
    this.#speakAsIn(body);
    this.sees.push({ kind: "answered" });
  }

  onConfirmed(): void {
    this.#isConfirmed = true;
    if (this.#wantsHangup && this.#dialog !== undefined) this.#bye(this.#dialog);
  }

  onEnd(sipCode?: number, reason?: string): void {
    if (this.sees.some(({ kind }) => kind === "ended")) return;
    this.#incoming?.end();
    this.#outgoing?.end();
    this.#voice.close();
    const isAnsweredElsewhere = /cause\s*=\s*200/i.test(reason ?? "");
    this.sees.push({ kind: "ended", ...(sipCode !== undefined && { sipCode }), isAnsweredElsewhere });
  }

  /** Requests inside the call. */
  onRequest(transaction: ServerTransaction): void {
    const { method, headers, body } = transaction.request;
    if (method === "BYE") {
      transaction.respond(200);
      this.onEnd(undefined, headers.get("Reason"));
    } else if (method === "NOTIFY") this.#onNotify(transaction, headers.get("Event") ?? "");
    else if ((method === "INVITE" || method === "UPDATE") && body.length > 0) {
      transaction.respond(200, { body: this.describe("sendrecv"), contentType: "application/sdp" });
    } else transaction.respond(200);
  }

  close(): void {
    if (!this.sees.some(({ kind }) => kind === "ended")) this.#voice.close();
  }

  #onNotify(transaction: ServerTransaction, event: string): void {
    const { allowsRemoteTalk = false, allowsRemoteHold = false } = this.#traits;
    const isTaken = (event === "talk" && allowsRemoteTalk) || (event === "hold" && allowsRemoteHold);
    transaction.respond(isTaken ? 200 : 489);
    if (!isTaken) return;
    if (event === "hold") this.hold("sendonly");
    else if (this.#dialog === undefined) this.answer();
    else this.unhold();
  }

  #bye(dialog: Dialog): void {
    this.#endpoint.sendInDialog(dialog, "BYE", {});
    this.onEnd();
  }

  #reinvite(direction: Hold): void {
    const dialog = this.#dialog;
    if (dialog === undefined) throw new Error("the call is not answered");
    this.#endpoint.sendInDialog(
      dialog,
      "INVITE",
      { body: this.describe(direction), contentType: "application/sdp", headers: [this.#contact(dialog)] },
      {
        onResponse: ({ status, cseq }) => {
          if (status >= 200 && status < 300) this.#endpoint.sendAck(dialog, cseq.number);
        },
      },
    );
  }

  #contact(dialog: Dialog): { readonly name: string; readonly value: string } {
    const uri = this.#endpoint.contactUri(dialog.peer, "phone");
    return { name: "Contact", value: uri.scheme === "sip" ? `<sip:phone@${uri.host}:${uri.port ?? 5060}>` : "" };
  }

  #speakAsIn(body: Uint8Array): void {
    const session = parseSdp(new TextDecoder().decode(body));
    const audio = session?.media.find(({ media }) => media === "audio");
    const address = audio?.address ?? session?.address;
    if (audio !== undefined && address !== undefined) this.#voice.speakTo(address, audio.port);
  }
}
