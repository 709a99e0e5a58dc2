import { glareDelayMs } from "../dialog/glare.ts";
import type { Dialog, DialogRequest } from "../dialog/dialog.ts";
import type { SipResponse } from "../message/message.ts";
import type { Endpoint } from "./endpoint.ts";

export interface ReInviteOptions {
  /** Made anew for every try. */
  readonly parts: () => DialogRequest;
  /** 0 ≤ value < 1, for the time to wait after a glare. */
  readonly random: () => number;
  /** Tries after 491; default 3. */
  readonly maxRetries?: number;
  /** Exactly once. 408 and 481 mean that the dialog is gone (RFC 5057 §5.1). */
  readonly onOutcome: (outcome: { readonly status: number; readonly response?: SipResponse }) => void;
}

/**
 * Changes a session by an INVITE inside its dialog (RFC 3261 §14.1): acknowledges every 2xx, takes the new target, tries
 * again after a glare. The result gives up what is still to be tried; then there is no outcome.
 */
export function sendReInvite(endpoint: Endpoint, dialog: Dialog, options: ReInviteOptions): () => void {
  const { parts, random, maxRetries = 3, onOutcome } = options;
  let retries = 0;
  let isOver = false;
  let cancelRetry = (): void => undefined;

  function settle(status: number, response?: SipResponse): void {
    if (isOver) return;
    isOver = true;
    onOutcome({ status, ...(response !== undefined && { response }) });
  }

  function attempt(): void {
    let ackAgain: (() => void) | undefined;
    endpoint.sendInDialog(dialog, "INVITE", parts(), {
      onResponse: (response) => {
        const { status } = response;
        if (status < 200) return;
        if (status < 300) {
          if (ackAgain !== undefined) return ackAgain();
          dialog.refreshTarget(response);
          ackAgain = endpoint.sendAck(dialog, response.cseq.number);
        } else if (status === 491 && retries < maxRetries && !isOver) {
          retries += 1;
          cancelRetry = endpoint.scheduler.after(glareDelayMs(dialog.ownsCallId, random()), attempt);
          return;
        }
        settle(status, response);
      },
      onFailure: (failure) => settle(failure === "timeout" ? 408 : 503),
    });
  }

  attempt();
  return () => {
    isOver = true;
    cancelRetry();
  };
}
