import {
  answerSessionTimer,
  type Dialog,
  type HeaderField,
  type Headers,
  sessionTimerDelayMs,
  sessionTimerOfAnswer,
  type SessionTimer,
} from "@pbx-x/sip";
import type { LegContext } from "./leg-context.ts";

/** The session timer of one leg (RFC 4028): refreshes by UPDATE where that is ours to do, gives up where theirs fails. */
export class SessionRefresh {
  readonly #context: LegContext;
  readonly #dialog: () => Dialog | undefined;
  readonly #onExpired: () => void;
  #cancel: (() => void) | undefined;
  #timer: SessionTimer | undefined;

  constructor(context: LegContext, dialog: () => Dialog | undefined, onExpired: () => void) {
    this.#context = context;
    this.#dialog = dialog;
    this.#onExpired = onExpired;
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
    this.#arm(timer);
  }

  #arm(timer: SessionTimer): void {
    this.#timer = timer;
    this.#cancel = this.#context.options.scheduler.after(sessionTimerDelayMs(timer), () => {
      if (timer.refresher === "them") this.#onExpired();
      else this.#refresh(timer);
    });
  }

  #refresh(timer: SessionTimer): void {
    const dialog = this.#dialog();
    if (dialog === undefined) return;
    const headers = headersOf(timer);
    this.#context.endpoint.sendInDialog(
      dialog,
      "UPDATE",
      { headers },
      {
        // Whatever it answers, the phone is there; 481 and 408 say that it is not (RFC 5057 §5).
        onResponse: ({ status }) => {
          if (status < 200) return;
          if (status === 481 || status === 408) this.#onExpired();
          else this.#arm(timer);
        },
        onFailure: () => this.#onExpired(),
      },
    );
  }
}

function headersOf({ intervalSeconds, refresher }: SessionTimer): readonly HeaderField[] {
  return [
    { name: "Session-Expires", value: `${intervalSeconds};refresher=${refresher === "us" ? "uac" : "uas"}` },
    { name: "Supported", value: "timer" },
  ];
}
