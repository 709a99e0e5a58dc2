import { type CodecName, codecNames, codecsOf } from "@pbx-x/media";
import {
  answerSessionTimer,
  type Dialog,
  type DigestClient,
  type HeaderField,
  type ServerTransaction,
  type SipRequest,
  UasInvite,
} from "@pbx-x/sip";
import type { LegEndCause, LegId, OperationOutcome, TrunkId } from "@pbx-x/telephony";
import { allow } from "../allow.ts";
import { codecsToOffer } from "../codec-choice.ts";
import { reasonHeaders, sipStatusOf, warningHeaders } from "../sip-status.ts";
import { done, Leg, refused } from "./leg.ts";
import type { LegContext } from "./leg-context.ts";
import { readSdp } from "./read-sdp.ts";

const acceptSdp = { name: "Accept", value: "application/sdp" } as const;

/** A body or an answer that is not SDP (RFC 3261 §8.2.3, §20.1), or an offer without a codec of ours. */
function refusalOfBody(
  { headers, body }: SipRequest,
  allowed: readonly CodecName[],
): { readonly status: number; readonly headers: readonly HeaderField[] } | undefined {
  const accepted = headers.list("Accept").map(mediaType);
  if (accepted.length > 0 && !accepted.some((type) => ["application/sdp", "application/*", "*/*"].includes(type))) {
    return { status: 406, headers: [] };
  }
  if (body.length === 0) return undefined;
  // Some phones leave the type away where there is no doubt.
  if (mediaType(headers.get("Content-Type") ?? "application/sdp") !== "application/sdp") {
    return { status: 415, headers: [acceptSdp] };
  }
  return codecsIn(body, allowed).length === 0 ? { status: 488, headers: [] } : undefined;
}

function mediaType(value: string): string {
  return (value.split(";")[0] ?? "").trim().toLowerCase();
}

export interface OfferedLegOptions {
  readonly trunkId?: TrunkId;
  /** What may be talked in, most preferred first; default everything. */
  readonly codecs?: readonly CodecName[];
  /** What the device announced when it registered. */
  readonly events?: readonly string[];
  /** For a far side that asks who sends a request inside the call. */
  readonly credentials?: DigestClient | undefined;
}

/** A call that a phone or a trunk makes: its INVITE waits for `progress`, `answer` or `hangup`. */
export class OfferedLeg extends Leg {
  readonly #transaction: ServerTransaction;
  readonly #offer: Uint8Array;
  readonly #allowed: readonly CodecName[];
  #invite: UasInvite | undefined;
  #sdp: string | undefined;
  #hasAccepted = false;

  /** Undefined when the INVITE has been refused already. */
  static begin(
    legId: LegId,
    transaction: ServerTransaction,
    context: LegContext,
    { trunkId, codecs = codecNames, events = [], credentials }: OfferedLegOptions = {},
  ): OfferedLeg | undefined {
    const { request } = transaction;
    const timer = answerSessionTimer(request.headers);
    if (timer.kind === "too_small") {
      transaction.respond(422, { headers: [{ name: "Min-SE", value: String(timer.minSeconds) }] });
      return undefined;
    }
    const refusal = refusalOfBody(request, codecs);
    if (refusal !== undefined) {
      transaction.respond(refusal.status, { headers: refusal.headers });
      return undefined;
    }
    const leg = new OfferedLeg(legId, transaction, context, codecs, events);
    if (leg.#invite === undefined) return undefined;
    leg.trunkId = trunkId;
    leg.#invite.dialog.credentials = credentials;
    return leg;
  }

  private constructor(
    legId: LegId,
    transaction: ServerTransaction,
    context: LegContext,
    allowed: readonly CodecName[],
    events: readonly string[],
  ) {
    super(legId, context, events);
    this.farSide.heard(transaction.request.headers);
    this.#allowed = allowed;
    this.#transaction = transaction;
    this.#offer = transaction.request.body;
    transaction.respond(100);
    this.#invite = UasInvite.begin(context.endpoint, transaction, {
      onRequest: (inner) => this.onRequest(inner),
      onAck: (ack) => this.onAck(ack),
      onCancel: () => this.end("cancelled", "remote", { sipCode: 487 }),
      onConfirmed: (ack) => {
        if (this.#offer.length === 0 && !this.media.accept(ack.body)) this.end("media", "local");
        else context.emit({ type: "legAnswered", legId });
      },
      onFailure: (failure) => this.end(failure === "no_ack" ? "failed" : "no_response", "local"),
    });
  }

  get codecs(): readonly CodecName[] {
    return this.negotiated === undefined ? codecsIn(this.#offer, this.#allowed) : [this.negotiated.codec];
  }

  /** Opens the voice; a phone that cannot have any is refused. */
  async prepare(): Promise<void> {
    if (!(await this.media.open()) && !this.isEnded) {
      this.context.options.logger.warn({ legId: this.legId }, "no RTP port is free: the call is refused");
      this.hangup("failed");
    }
  }

  progress(stage: "ringing" | "early_media", wanted: readonly CodecName[]): OperationOutcome {
    if (this.#hasAccepted) return refused("invalid_state", "the leg is answered already");
    if (stage === "ringing") {
      this.#invite?.progress(180, undefined, this.party.headers);
      return done;
    }
    if (this.#offer.length === 0) return refused("invalid_state", "the INVITE had no offer");
    const sdp = this.#negotiate(wanted);
    if (sdp === undefined) return refused("invalid_state", "no codec in common");
    this.#invite?.progress(183, sdp, this.party.headers);
    return done;
  }

  /** @param wanted codecs of the one it is going to talk with, most wanted first */
  answer(wanted: readonly CodecName[]): OperationOutcome {
    if (this.#hasAccepted) return done;
    const sdp = this.#negotiate(wanted);
    if (sdp === undefined) {
      this.hangup("media");
      return refused("invalid_state", "no codec in common");
    }
    this.#hasAccepted = true;
    this.dialog = this.#invite?.dialog;
    const timer = answerSessionTimer(this.#transaction.request.headers);
    this.#invite?.accept(sdp, [
      allow,
      ...this.party.headers,
      { name: "Supported", value: "replaces, timer" },
      ...(timer.kind === "accepted"
        ? [
            { name: "Session-Expires", value: timer.header },
            { name: "Require", value: "timer" },
          ]
        : []),
    ]);
    this.sessionTimer.asked(this.#transaction.request.headers);
    return done;
  }

  hangup(cause: LegEndCause, explanation?: string): void {
    if (!this.#hasAccepted) {
      this.#invite?.reject(sipStatusOf(cause), [...reasonHeaders(cause), ...warningHeaders(explanation)]);
    }
    this.end(cause, "local", this.#hasAccepted ? {} : { sipCode: sipStatusOf(cause) });
  }

  protected get earlyDialog(): Dialog | undefined {
    return this.#invite?.dialog;
  }

  protected release(): void {
    this.#invite?.end();
  }

  #negotiate(wanted: readonly CodecName[]): string | undefined {
    if (this.#sdp !== undefined) return this.#sdp;
    const allowed = this.#allowed;
    const order = [
      ...wanted.filter((name) => allowed.includes(name)),
      ...allowed.filter((name) => !wanted.includes(name)),
    ];
    this.#sdp =
      this.#offer.length === 0 ? this.media.offer(codecsToOffer([], allowed)) : this.media.answer(this.#offer, order);
    return this.#sdp;
  }
}

function codecsIn(body: Uint8Array, allowed: readonly CodecName[]): readonly CodecName[] {
  const offer = readSdp(body);
  return offer === undefined ? [] : codecsOf(offer).filter((name) => allowed.includes(name));
}
