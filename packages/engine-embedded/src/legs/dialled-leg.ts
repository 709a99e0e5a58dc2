import type { CodecName } from "@pbx-x/media";
import {
  createRequest,
  type Dialog,
  type HeaderField,
  type NameAddr,
  parseNameAddrList,
  printNameAddr,
  type SipResponse,
  UacInvite,
  withTag,
} from "@pbx-x/sip";
import type { DialOperation, LegEndCause, OperationOutcome, TrunkId } from "@pbx-x/telephony";
import { userOf } from "../trunks/trunk-identity.ts";
import { allow } from "../allow.ts";
import { autoAnswerHeaders } from "../auto-answer.ts";
import { causeOfStatus, q850CauseOf, reasonHeaders } from "../sip-status.ts";
import { askFarSide, printControl } from "./ask-far-side.ts";
import type { DialWay } from "./dial-way.ts";
import { done, Leg, refused } from "./leg.ts";
import type { LegContext } from "./leg-context.ts";

export interface DialledLegOptions {
  readonly operation: DialOperation;
  /** Undefined when there is none: the leg fails then. */
  readonly findWay: () => DialWay | undefined | Promise<DialWay | undefined>;
  readonly trunkId?: TrunkId;
  /** Offered in this order. */
  readonly codecs: readonly CodecName[];
  /** What the device announced when it registered (`talk`, `hold`). */
  readonly events: readonly string[];
  readonly onCannotTalk: () => void;
}

const talkAnswerMs = 1000;
const talkWaitMs = 3000;
const autoAnswerWaitMs = 4000;

/** A call to one device, or to a number behind a trunk. */
export class DialledLeg extends Leg {
  readonly #options: DialledLegOptions;
  #invite: UacInvite | undefined;
  #way: DialWay | undefined;
  #early: Dialog | undefined;
  /** Counts the INVITEs of this leg. */
  #round = 0;
  #hasRung = false;
  #hasEarlyMedia = false;
  #hasRefusedTalk = false;
  #cancelTimeout: (() => void) | undefined;
  #cancelFirstAnswer: (() => void) | undefined;
  #onAnswered: (() => void) | undefined;

  constructor(options: DialledLegOptions, context: LegContext) {
    super(options.operation.legId, context, options.events);
    this.trunkId = options.trunkId;
    this.#options = options;
    // That is what the INVITE shows.
    this.party.change(options.operation.caller);
  }

  get codecs(): readonly CodecName[] {
    return this.negotiated === undefined ? this.#options.codecs : [this.negotiated.codec];
  }

  /** Its INVITE is out. */
  get hasBegun(): boolean {
    return this.#invite !== undefined;
  }

  get #allowsTalk(): boolean {
    return !this.#hasRefusedTalk && this.farSide.takesEvent("talk");
  }

  async start(): Promise<OperationOutcome> {
    const { operation } = this.#options;
    const isOpen = await this.media.open();
    if (this.isEnded) return done;
    if (!isOpen) {
      this.end("failed", "local");
      return refused("no_media_ports", "no RTP port is free");
    }
    const way = await this.#options.findWay();
    if (this.isEnded) return done;
    if (way === undefined) {
      this.end("failed", "local");
      return refused("invalid_state", "the far side has no address");
    }
    this.#way = way;
    this.#cancelTimeout = this.context.options.scheduler.after(operation.timeoutMs, () => {
      this.#invite?.cancel(reasonHeaders("no_answer"));
      this.end(this.#hasRung ? "no_answer" : "no_response", "local");
    });
    const { firstAnswerMs } = way;
    if (firstAnswerMs !== undefined) {
      this.#cancelFirstAnswer = this.context.options.scheduler.after(firstAnswerMs, () => {
        this.#invite?.cancel(reasonHeaders("no_response"));
        this.end("no_response", "local");
      });
    }
    this.#send(way, operation.isAutoAnswer ? autoAnswerHeaders(this.context.mediaAddress) : []);
    return done;
  }

  hangup(cause: LegEndCause): void {
    if (!this.isAnswered) this.#invite?.cancel(reasonHeaders(cause));
    this.end(cause, "local");
  }

  /**
   * Makes the ringing device pick up ([W42]): `NOTIFY Event: talk` where it announced that, else a new INVITE that asks to be
   * answered automatically. A device that does neither keeps ringing.
   */
  async remoteAnswer(): Promise<OperationOutcome> {
    if (this.isAnswered) return refused("invalid_state", "the leg is answered already");
    if (!this.#hasRung) return refused("invalid_state", "the device does not ring yet");
    if (this.#allowsTalk && this.#early !== undefined) {
      const isTaken = await askFarSide(this.context, this.#early, "NOTIFY", printControl("talk"), talkAnswerMs);
      if (isTaken && (await this.#waitForAnswer(talkWaitMs))) return done;
      this.#hasRefusedTalk = true;
      this.#options.onCannotTalk();
      if (this.isEnded) return refused("unknown_leg", "the leg has ended");
    }
    return this.#ringAgainWithAutoAnswer();
  }

  protected get earlyDialog(): Dialog | undefined {
    return this.#early;
  }

  protected release(): void {
    this.#cancelTimeout?.();
    this.#cancelFirstAnswer?.();
    this.#onAnswered?.();
    // An INVITE under way has its CANCEL already; only a confirmed dialog is forgotten here.
    if (this.isAnswered) this.#invite?.end();
  }

  #send(way: DialWay, extra: readonly HeaderField[]): void {
    const { codecs } = this.#options;
    const { endpoint } = this.context;
    const { remote, credentials } = way;
    const contact = endpoint.contactUri(remote);
    const request = createRequest({
      method: "INVITE",
      uri: way.target,
      from: withTag(way.from, endpoint.newTag()),
      to: way.to,
      callId: endpoint.newCallId(),
      cseq: 1,
      headers: [
        ...way.headers,
        { name: "Contact", value: printNameAddr({ uri: contact, params: new Map() }) },
        allow,
        { name: "Supported", value: "replaces, timer" },
        ...extra,
      ],
      body: this.media.offer(codecs),
      contentType: "application/sdp",
    });
    this.#round += 1;
    const round = this.#round;
    // What a former INVITE still brings is not heard.
    const isCurrent = (): boolean => this.#round === round;
    this.#invite = new UacInvite(
      endpoint,
      { request, remote, ...(credentials !== undefined && { credentials }) },
      {
        onTrying: () => this.#cancelFirstAnswer?.(),
        onRequest: (transaction) => this.onRequest(transaction),
        onAck: (ack) => this.onAck(ack),
        onProgress: (response, dialog) => {
          if (isCurrent()) this.#onProgress(response, dialog);
        },
        onAnswer: (response, dialog) => {
          if (isCurrent()) this.#onAnswer(response, dialog);
        },
        onRefusal: ({ status, response }) => {
          if (isCurrent()) this.#onRefusal(status, response);
        },
      },
    );
  }

  #onProgress(response: SipResponse, dialog: Dialog | undefined): void {
    if (this.isEnded) return;
    this.#early = dialog ?? this.#early;
    this.farSide.heard(response.headers);
    const hasMedia = response.body.length > 0 && this.media.accept(response.body);
    if ((response.status === 180 || (response.status !== 183 && !hasMedia)) && !this.#hasRung) {
      this.#hasRung = true;
      this.context.emit({ type: "legRinging", legId: this.legId, allowsRemoteAnswer: this.#allowsTalk });
    }
    if (!hasMedia || this.#hasEarlyMedia) return;
    this.#hasEarlyMedia = true;
    this.context.emit({ type: "legEarlyMedia", legId: this.legId });
  }

  #onAnswer(response: SipResponse, dialog: Dialog): void {
    this.dialog = dialog;
    this.farSide.heard(response.headers);
    if (this.isEnded) {
      this.context.endpoint.sendInDialog(dialog, "BYE", {});
      return;
    }
    this.#cancelTimeout?.();
    this.#cancelFirstAnswer?.();
    if (!this.media.accept(response.body)) {
      this.end("media", "local");
      return;
    }
    this.sessionTimer.answered(response.headers);
    this.context.emit({ type: "legAnswered", legId: this.legId });
    this.#onAnswered?.();
  }

  #onRefusal(status: number, response: SipResponse | undefined): void {
    const q850Cause = q850CauseOf(response?.headers.get("Reason"));
    const by = response === undefined ? "local" : "remote";
    const redirectTo = status >= 300 && status < 400 ? redirectionOf(response) : undefined;
    this.end(causeOfStatus(status, this.#hasRung), by, {
      ...(response !== undefined && { sipCode: status }),
      ...(q850Cause !== undefined && { q850Cause }),
      ...(redirectTo !== undefined && { redirectTo }),
    });
  }

  #waitForAnswer(timeoutMs: number): Promise<boolean> {
    if (this.isAnswered) return Promise.resolve(true);
    return new Promise((resolve) => {
      const settle = (): void => {
        cancel();
        this.#onAnswered = undefined;
        resolve(this.isAnswered && !this.isEnded);
      };
      const cancel = this.context.options.scheduler.after(timeoutMs, settle);
      this.#onAnswered = settle;
    });
  }

  /** The former INVITE ends first: phones count ringing as busy. In the stream nothing of it is seen. */
  async #ringAgainWithAutoAnswer(): Promise<OperationOutcome> {
    const former = this.#invite;
    this.#early = undefined;
    former?.cancel(reasonHeaders("answered_elsewhere"));
    if (this.#way !== undefined) this.#send(this.#way, autoAnswerHeaders(this.context.mediaAddress));
    const isAnswered = await this.#waitForAnswer(autoAnswerWaitMs);
    return isAnswered ? done : refused("device_cannot", "the device obeys neither talk nor auto-answer headers");
  }
}

/** The number of the contact that the device prefers (RFC 3261 §8.1.3.4, §20.10). */
function redirectionOf(response: SipResponse | undefined): string | undefined {
  const contacts = parseNameAddrList(response?.headers.getAll("Contact") ?? []) ?? [];
  const preferred = contacts.toSorted((a, b) => preferenceOf(b) - preferenceOf(a))[0];
  return preferred === undefined ? undefined : userOf(preferred.uri);
}

function preferenceOf({ params }: NameAddr): number {
  const q = params.get("q");
  return q === undefined || q === true ? 1 : Number(q) || 0;
}
