import type { Dialog, DialogRequest } from "@pbx-x/sip";
import type { LegContext } from "./leg-context.ts";

/** A request inside the call; resolves with whether it was taken (2xx) in that time. */
export function askFarSide(
  { endpoint, options: { scheduler } }: Pick<LegContext, "endpoint" | "options">,
  dialog: Dialog,
  method: string,
  parts: DialogRequest,
  waitMs: number,
): Promise<boolean> {
  return new Promise((resolve) => {
    const cancel = scheduler.after(waitMs, () => resolve(false));
    const settle = (isTaken: boolean): void => {
      cancel();
      resolve(isTaken);
    };
    endpoint.sendInDialog(dialog, method, parts, {
      onResponse: ({ status }) => {
        if (status >= 200) settle(status < 300);
      },
      onFailure: () => settle(false),
    });
  });
}

/**
 * Whether the far side still has the call. Whatever it answers, it is there; 481 and 408 say that it knows nothing of it
 * (RFC 5057 §5), and that nothing comes in that time says so, too.
 */
export function isStillThere(
  { endpoint, options: { scheduler } }: Pick<LegContext, "endpoint" | "options">,
  dialog: Dialog,
  waitMs: number,
): Promise<boolean> {
  return new Promise((resolve) => {
    const cancel = scheduler.after(waitMs, () => resolve(false));
    const settle = (isThere: boolean): void => {
      cancel();
      resolve(isThere);
    };
    const onResponse = ({ status }: { readonly status: number }): void => {
      if (status >= 200) settle(status !== 481 && status !== 408);
    };
    endpoint.sendInDialog(dialog, "OPTIONS", {}, { onResponse, onFailure: () => settle(false) });
  });
}

/** `NOTIFY Event: talk` makes a phone pick up or resume its own hold, `hold` makes it hold; no SUBSCRIBE belongs to it. */
export function printControl(event: "talk" | "hold"): DialogRequest {
  return {
    headers: [
      { name: "Event", value: event },
      { name: "Subscription-State", value: "active" },
    ],
  };
}
