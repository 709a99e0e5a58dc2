import {
  type Dialog,
  type DialogId,
  type Endpoint,
  parseRefer,
  printSubscriptionState,
  printTransferProgress,
  type ReferWish,
  type ServerTransaction,
  type SubscriptionState,
} from "@pbx-x/sip";
import {
  brandId,
  type LegEndCause,
  type LegId,
  type OperationOutcome,
  type Scheduler,
  type TelephonyEvent,
  type TransferRequestId,
} from "@pbx-x/telephony";
import { done, type Leg, refused } from "./legs/leg.ts";
import { userOf } from "./trunks/trunk-identity.ts";
import { sipStatusOf } from "./sip-status.ts";

export interface TransfersOptions {
  readonly endpoint: Endpoint;
  readonly scheduler: Scheduler;
  readonly newId: () => string;
  readonly emit: (event: TelephonyEvent) => void;
  /** The leg whose dialog it is. */
  readonly legOf: (dialog: DialogId) => Leg | undefined;
}

type Request = Extract<TelephonyEvent, { type: "transferRequested" }>;

interface Waiting {
  readonly leg: Leg;
  readonly dialog: Dialog;
  /** The phone wants no progress (RFC 4488). */
  readonly isSilent: boolean;
  cancelTimeout: () => void;
}

/** The PBX decides within this, or the phone is told that nothing came of it. */
const decisionMs = 30_000;
/** Once it tries, the target may ring and be forwarded for so long; the subscription lasts as long. */
const outcomeMs = 10 * 60_000;

/** REFER of phones inside their calls (RFC 3515): accepted, asked of the PBX, its outcome told by NOTIFY. */
export class Transfers {
  readonly #waiting = new Map<TransferRequestId, Waiting>();
  readonly #options: TransfersOptions;

  constructor(options: TransfersOptions) {
    this.#options = options;
  }

  request(leg: Leg, dialog: Dialog, transaction: ServerTransaction): void {
    const wish = parseRefer(transaction.request);
    if (wish === undefined) {
      transaction.respond(400, { reason: "Bad Refer-To" });
      return;
    }
    const target = this.#targetOf(wish);
    // A URI that has no number, or a dialog that is not of this PBX.
    if (target === undefined) transaction.respond(wish.replaces === undefined ? 484 : 481);
    else this.#take(leg, dialog, transaction, target);
  }

  accept(id: TransferRequestId, outcome: "trying" | "done"): OperationOutcome {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return refused("unknown_transfer", id);
    if (outcome === "done") this.#finish(id, waiting, 200);
    else this.#limit(id, waiting, outcomeMs);
    return done;
  }

  reject(id: TransferRequestId, cause: LegEndCause): OperationOutcome {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return refused("unknown_transfer", id);
    this.#finish(id, waiting, sipStatusOf(cause));
    return done;
  }

  /** The phone that asked is gone. */
  forget(legId: LegId): void {
    for (const [id, { leg, cancelTimeout }] of this.#waiting) {
      if (leg.legId !== legId) continue;
      cancelTimeout();
      this.#waiting.delete(id);
    }
  }

  #targetOf({ target, replaces }: ReferWish): Request["target"] | undefined {
    if (replaces !== undefined) {
      const legId = this.#options.legOf(replaces.dialog)?.legId;
      return legId === undefined ? undefined : { kind: "replaces", legId };
    }
    const number = userOf(target);
    return number === undefined ? undefined : { kind: "blind", number };
  }

  #take(leg: Leg, dialog: Dialog, transaction: ServerTransaction, target: Request["target"]): void {
    const { newId, emit } = this.#options;
    const transferRequestId = brandId<TransferRequestId>(newId());
    const isSilent = transaction.request.headers.get("Refer-Sub")?.trim().toLowerCase() === "false";
    transaction.respond(202, isSilent ? { headers: [{ name: "Refer-Sub", value: "false" }] } : {});
    const waiting: Waiting = { leg, dialog, isSilent, cancelTimeout: () => undefined };
    this.#limit(transferRequestId, waiting, decisionMs);
    this.#waiting.set(transferRequestId, waiting);
    this.#notify(waiting, 100, { state: "active", expiresSeconds: outcomeMs / 1000 });
    emit({ type: "transferRequested", transferRequestId, legId: leg.legId, target });
  }

  #limit(id: TransferRequestId, waiting: Waiting, ms: number): void {
    waiting.cancelTimeout();
    waiting.cancelTimeout = this.#options.scheduler.after(ms, () => void this.reject(id, "no_response"));
  }

  #finish(id: TransferRequestId, waiting: Waiting, status: number): void {
    waiting.cancelTimeout();
    this.#waiting.delete(id);
    this.#notify(waiting, status, { state: "terminated", reason: "noresource" });
  }

  #notify({ leg, dialog, isSilent }: Waiting, status: number, state: SubscriptionState): void {
    if (isSilent || leg.isEnded) return;
    this.#options.endpoint.sendInDialog(dialog, "NOTIFY", {
      headers: [
        { name: "Event", value: "refer" },
        { name: "Subscription-State", value: printSubscriptionState(state) },
      ],
      contentType: "message/sipfrag;version=2.0",
      body: printTransferProgress(status),
    });
  }
}
