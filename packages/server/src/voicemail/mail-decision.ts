/** What became of one try to send a mail. */
export type MailOutcome =
  | { readonly ok: true }
  /** `isFinal`: it would be refused the next time, too. `reason` holds no address and no secret. */
  | { readonly ok: false; readonly isFinal: boolean; readonly reason: string };

export type MailVerdict =
  | { readonly kind: "sent" }
  | { readonly kind: "retry"; readonly delayMs: number; readonly reason: string }
  | { readonly kind: "dropped"; readonly reason: string };

const firstMs = 30_000;
const longestMs = 3600_000;
/** After that nobody waits for the mail any more; the message is in the mailbox. */
const longestTryingMs = 24 * 3600_000;

/**
 * What follows from a try ([V36]): half a minute, then four times as long each time up to an hour, for a day.
 * @param failures of this mail, 1 for the first
 */
export function decideMail(outcome: MailOutcome, failures: number, ageMs: number): MailVerdict {
  if (outcome.ok) return { kind: "sent" };
  const { reason, isFinal } = outcome;
  if (isFinal || ageMs >= longestTryingMs) return { kind: "dropped", reason };
  const delayMs = Math.min(longestMs, firstMs * 4 ** Math.min(failures - 1, 10));
  return { kind: "retry", delayMs, reason };
}
