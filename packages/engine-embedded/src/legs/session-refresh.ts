import {
  answerSessionTimer,
  type Dialog,
  type HeaderField,
  type Headers,
  printNameAddr,
  sendReInvite,
  sessionTimerDelayMs,
  sessionTimerOfAnswer,
  type SessionTimer,
  type SipResponse,
} from "@pbx-x/sip";
import { allow } from "../allow.ts";
import { randomShare } from "../random-share.ts";
import type { LegContext } from "./leg-context.ts";

/** The offer of a refresh by INVITE. */
export interface RefreshOffer {
  readonly make: () => string;
  /** Gets the answer. */
  readonly taken: (body: Uint8Array) => void;
}

export interface SessionRefreshEvents {
  /** The far side is gone, or did not refresh. */
  readonly onExpired: () => void;
  /** Undefined where the far side takes UPDATE. */
  readonly offerTo: () => RefreshOffer | undefined;
}

/**
 * The session timer of one leg (RFC 4028): refreshes where that is ours to do, by UPDATE, or by INVITE where the far side
 * knows no UPDATE (§7.4); gives up where theirs fails.
 */
export class SessionRefresh {
  readonly #context: LegContext;
  readonly #dialog: () => Dialog | undefined;
  readonly #events: SessionRefreshEvents;
  #cancel: (() => void) | undefined;
  #giveUp: (() => void) | undefined;
  #timer: SessionTimer | undefined;

  constructor(context: LegContext, dialog: () => Dialog | undefined, events: SessionRefreshEvents) {
    this.#context = context;
    this.#dialog = dialog;
    this.#events = events;
  }

  /** Begins anew with what a request of the far side asked for. */
  asked(request: Headers): void {
    this.stop();
    const answer = answerSessionTimer(request);
    if (answer.kind === "accepted") this.#arm(answer.timer);
  }

  /** Begins with what the far side answered to our INVITE. */
  answered(answer: Headers): void {
    this.stop();
    const timer = sessionTimerOfAnswer(answer);
    if (timer !== undefined) this.#arm(timer);
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#giveUp?.();
    this.#giveUp = undefined;
    this.#timer = undefined;
  }

  /** For any other request of ours that counts as a refresh: without them it would end the timer (RFC 4028 §7.2). */
  get headers(): readonly HeaderField[] {
    return this.#timer === undefined ? [] : headersOf(this.#timer);
  }

  /** Such a request was answered. */
  renewed(): void {
    const timer = this.#timer;
    if (timer === undefined) return;
    this.stop();
    // Another one: a refresh that is under way is no longer the present one's.
    this.#arm({ ...timer });
  }

  #arm(timer: SessionTimer): void {
    this.#timer = timer;
    this.#cancel = this.#context.options.scheduler.after(sessionTimerDelayMs(timer), () => {
      if (timer.refresher === "them") this.#events.onExpired();
      else this.#refresh(timer);
    });
  }

  #refresh(timer: SessionTimer): void {
    const dialog = this.#dialog();
    if (dialog === undefined) return;
    const { endpoint, options } = this.#context;
    const headers = headersOf(timer);
    // Whatever it answers, the phone is there; 481 and 408 say that it is not (RFC 5057 §5).
    const told = (status: number): void => {
      if (this.#timer !== timer) return;
      if (status === 481 || status === 408) this.#events.onExpired();
      else this.#arm(timer);
    };
    const offer = this.#events.offerTo();
    if (offer === undefined) {
      const onResponse = ({ status }: SipResponse): void => {
        if (status >= 200) told(status);
      };
      endpoint.sendInDialog(dialog, "UPDATE", { headers }, { onResponse, onFailure: () => told(408) });
      return;
    }
    const contact = {
      name: "Contact",
      value: printNameAddr({ uri: endpoint.contactUri(dialog.peer), params: new Map() }),
    };
    this.#giveUp = sendReInvite(endpoint, dialog, {
      parts: () => ({ headers: [contact, allow, ...headers], body: offer.make(), contentType: "application/sdp" }),
      random: () => randomShare(options.randomText()),
      onOutcome: ({ response }) => {
        if (response !== undefined && response.status < 300) offer.taken(response.body);
        told(response?.status ?? 408);
      },
    });
  }
}

function headersOf({ intervalSeconds, refresher }: SessionTimer): readonly HeaderField[] {
  return [
    { name: "Session-Expires", value: `${intervalSeconds};refresher=${refresher === "us" ? "uac" : "uas"}` },
    { name: "Supported", value: "timer" },
  ];
}
