import {
  answerSessionTimer,
  type Dialog,
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
  }

  #arm(timer: SessionTimer): void {
    this.#cancel = this.#context.options.scheduler.after(sessionTimerDelayMs(timer), () => {
      if (timer.refresher === "them") this.#onExpired();
      else this.#refresh(timer);
    });
  }

  #refresh(timer: SessionTimer): void {
    const dialog = this.#dialog();
    if (dialog === undefined) return;
    const headers = [
      { name: "Session-Expires", value: `${timer.intervalSeconds};refresher=uac` },
      { name: "Supported", value: "timer" },
    ];
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
