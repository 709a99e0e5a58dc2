import type { CodecName, Negotiated } from "@pbx-x/media";
import {
  type Dialog,
  type DialogId,
  type DialogRequest,
  printNameAddr,
  type ServerTransaction,
  type SipRequest,
} from "@pbx-x/sip";
import type {
  BridgeId,
  LegEndCause,
  LegEndedBy,
  LegId,
  OperationOutcome,
  PartyIdentity,
  TrunkId,
} from "@pbx-x/telephony";
import { q850CauseOf, reasonHeaders } from "../sip-status.ts";
import { askFarSide, isStillThere, printControl } from "./ask-far-side.ts";
import { ConnectedParty } from "./connected-party.ts";
import { FarSide } from "./far-side.ts";
import { answerInDialog } from "./in-dialog.ts";
import type { LegContext } from "./leg-context.ts";
import { LegMedia } from "./leg-media.ts";
import { SessionRefresh } from "./session-refresh.ts";

export const done: OperationOutcome = { ok: true };

export function refused(error: (OperationOutcome & { ok: false })["error"], detail: string): OperationOutcome {
  return { ok: false, error, detail };
}

/** A phone that took `NOTIFY Event: talk` or `hold` has answered it, and has obeyed, within these. */
const controlAnswerMs = 1000;
const controlWaitMs = 2000;
/** A silent phone has answered within this: five sendings over UDP (RFC 3261 §17.1.2.2). */
const confirmWaitMs = 8000;

/** What both kinds of legs share: voice, order of operations, the confirmed dialog, exactly one end. */
export abstract class Leg {
  readonly legId: LegId;
  readonly media: LegMedia;
  bridgeId: BridgeId | undefined;
  /** Set for a leg of a trunk. */
  trunkId: TrunkId | undefined;
  /** What it says is not to be heard. */
  isMuted = false;
  readonly farSide: FarSide;
  protected readonly context: LegContext;
  protected dialog: Dialog | undefined;
  protected readonly party: ConnectedParty;
  readonly #refresh: SessionRefresh;
  #queue: Promise<unknown>;
  #isEnded = false;
  #isHeld = false;
  #isBeingAsked = false;
  readonly #holdWaiters = new Set<() => void>();

  /** @param events what the device announced when it registered */
  constructor(legId: LegId, context: LegContext, events: readonly string[] = []) {
    this.legId = legId;
    this.farSide = new FarSide(events);
    this.context = context;
    this.media = new LegMedia({
      media: context.media,
      endpointId: legId,
      address: context.mediaAddress,
      sessionId: String(context.options.scheduler.now()),
    });
    this.party = new ConnectedParty(context.mediaAddress);
    this.#queue = Promise.resolve();
    this.#refresh = new SessionRefresh(context, () => this.dialog, {
      onExpired: () => this.end("session_timeout", "local"),
      offerTo: () =>
        this.farSide.takesUpdate
          ? undefined
          : { make: () => this.media.offerAgain(), taken: (body) => this.onAck({ body }) },
    });
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** Its dialog, confirmed or still early, is this one. */
  isDialog({ callId, localTag, remoteTag }: DialogId): boolean {
    const id = (this.dialog ?? this.earlyDialog)?.id;
    return id?.callId === callId && id.localTag === localTag && id.remoteTag === remoteTag;
  }

  /** For telling that a dialog was there; undefined before there is one. */
  get dialogId(): DialogId | undefined {
    return (this.dialog ?? this.earlyDialog)?.id;
  }

  get isAnswered(): boolean {
    return this.dialog !== undefined;
  }

  get negotiated(): Negotiated | undefined {
    return this.media.negotiated;
  }

  /** Codecs that another leg should be offered so that nothing needs transcoding. */
  abstract get codecs(): readonly CodecName[];

  /** Operations of one leg are carried out one after the other. */
  enqueue(task: () => Promise<OperationOutcome> | OperationOutcome): Promise<OperationOutcome> {
    const next = this.#queue.then(() => (this.#isEnded ? refused("unknown_leg", "the leg has ended") : task()));
    this.#queue = next.catch(() => undefined);
    return next;
  }

  /**
   * Tells the phone who is at the other side now ([C37]): in the answer that is still to come, else by an UPDATE without a
   * session description, which cannot touch the voice; never to a trunk, nor to a phone that does not allow it.
   */
  showParty(party: PartyIdentity): void {
    if (this.trunkId !== undefined || !this.party.change(party)) return;
    if (this.dialog === undefined || !this.farSide.takesUpdate) return;
    const { endpoint } = this.context;
    const uri = endpoint.contactUri(this.dialog.peer);
    const contact = { name: "Contact", value: printNameAddr({ uri, params: new Map() }) };
    endpoint.sendInDialog(
      this.dialog,
      "UPDATE",
      { headers: [contact, ...this.party.headers, ...this.#refresh.headers] },
      {
        onResponse: ({ status }) => {
          if (status >= 200 && status < 300) this.#refresh.renewed();
        },
      },
    );
  }

  /** Any request inside the call; whether it was taken in that time. */
  async ask(method: string, parts: DialogRequest, waitMs: number): Promise<boolean> {
    return this.dialog !== undefined && askFarSide(this.context, this.dialog, method, parts, waitMs);
  }

  /** Nothing is heard of the phone for a while: it is asked, and the leg ends where it is gone. */
  async confirm(): Promise<void> {
    if (this.dialog === undefined || this.#isBeingAsked) return;
    this.#isBeingAsked = true;
    const isThere = await isStillThere(this.context, this.dialog, confirmWaitMs);
    this.#isBeingAsked = false;
    if (!isThere && !this.#isEnded) this.hangup("media_timeout");
  }

  /** Asks the device to hold, or to resume by itself, where it lets itself be told ([C21], [C23]); resolves when it has. */
  async remoteControl(event: "hold" | "talk"): Promise<OperationOutcome> {
    if (this.dialog === undefined) return refused("invalid_state", "the leg is not answered");
    if (!this.farSide.takesEvent(event)) return refused("device_cannot", `the device does not announce ${event}`);
    const isHold = event === "hold";
    if (this.#isHeld === isHold) return done;
    if (!(await this.ask("NOTIFY", printControl(event), controlAnswerMs))) {
      return refused("device_cannot", `the device does not take ${event}`);
    }
    return (await this.#whenHeldIs(isHold)) ? done : refused("device_cannot", `the device does not obey ${event}`);
  }

  /** The far side is told in the way that fits the state; `legEnded` follows at once. */
  /** @param explanation for the person at an unanswered caller's phone */
  abstract hangup(cause: LegEndCause, explanation?: string): void;

  /** The one place that reports the end. */
  end(
    cause: LegEndCause,
    by: LegEndedBy,
    details: { readonly sipCode?: number; readonly q850Cause?: number; readonly redirectTo?: string } = {},
  ): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#refresh.stop();
    if (this.dialog !== undefined && by === "local") {
      this.context.endpoint.sendInDialog(this.dialog, "BYE", { headers: reasonHeaders(cause) });
    }
    for (const check of this.#holdWaiters) check();
    this.release();
    this.media.close();
    this.context.onEnded(this.legId);
    this.context.emit({ type: "legEnded", legId: this.legId, cause, by, ...details });
  }

  /** Anything inside the dialog. */
  onRequest(transaction: ServerTransaction): void {
    const { request } = transaction;
    this.farSide.heard(request.headers);
    if (request.method === "BYE") {
      transaction.respond(200);
      const q850Cause = q850CauseOf(request.headers.get("Reason"));
      this.end("normal", "remote", q850Cause === undefined ? {} : { q850Cause });
      return;
    }
    answerInDialog(transaction, {
      media: this.media,
      dialog: this.dialog,
      refresh: this.#refresh,
      contact: this.context.endpoint.contactUri(transaction.remote),
      onHold: (hold) => this.#onHold(hold),
      onRefer: (dialog, refer) => this.context.onRefer(this, dialog, refer),
      onDigit: (digit, durationMs) => this.context.onInfoDigit(this, digit, durationMs),
    });
  }

  /** Of an INVITE inside the call: it answers our offer where the INVITE had none (RFC 3261 §13.2.1). */
  protected onAck({ body }: Pick<SipRequest, "body">): void {
    if (this.#isEnded || !this.media.isOffering || body.length === 0) return;
    if (this.media.accept(body)) this.#onHold(this.media.negotiated?.hold ?? "none");
  }

  /** Before the answer. */
  protected abstract get earlyDialog(): Dialog | undefined;

  /** Frees what the kind of leg holds besides. */
  protected abstract release(): void;

  protected get sessionTimer(): SessionRefresh {
    return this.#refresh;
  }

  #onHold(hold: Negotiated["hold"]): void {
    const isHeld = hold !== "none";
    if (isHeld === this.#isHeld) return;
    this.#isHeld = isHeld;
    if (isHeld) this.context.emit({ type: "legHeld", legId: this.legId, isMusicPossible: hold === "sendonly" });
    else this.context.emit({ type: "legUnheld", legId: this.legId });
    for (const check of this.#holdWaiters) check();
  }

  #whenHeldIs(isHeld: boolean): Promise<boolean> {
    if (this.#isHeld === isHeld) return Promise.resolve(true);
    return new Promise((resolve) => {
      const settle = (): void => {
        cancel();
        this.#holdWaiters.delete(settle);
        resolve(this.#isHeld === isHeld && !this.#isEnded);
      };
      const cancel = this.context.options.scheduler.after(controlWaitMs, settle);
      this.#holdWaiters.add(settle);
    });
  }
}
