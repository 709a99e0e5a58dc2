import type { AnnouncementId } from "../announcements/announcement-texts.ts";

/** What a caller and a mailbox are at ([V30]). */
export interface MailboxSession {
  readonly step: "speaking" | "beep" | "recording" | "over";
  readonly isUrgent: boolean;
  /** Nothing can be left: it is said why, then the mailbox hangs up. */
  readonly isFull: boolean;
}

export type MailboxInput =
  /** What was played has been heard. */
  | { readonly kind: "played" }
  | { readonly kind: "key"; readonly digit: string }
  /** The longest message, or nothing but silence. */
  | { readonly kind: "enough" }
  /** The recording ended by itself, or did not begin. */
  | { readonly kind: "failed" }
  /** The call is over. */
  | { readonly kind: "gone" };

export type MailboxEffect =
  | { readonly do: "say"; readonly announcement: AnnouncementId }
  | { readonly do: "beep" }
  | { readonly do: "record" }
  | { readonly do: "stopRecording" }
  | { readonly do: "hangUp" };

export interface MailboxMove {
  readonly session: MailboxSession;
  readonly effects: readonly MailboxEffect[];
}

/** The caller comes in. */
export function openMailbox(isFull: boolean): MailboxMove {
  return {
    session: { step: "speaking", isUrgent: false, isFull },
    effects: [{ do: "say", announcement: isFull ? "voicemail-full" : "voicemail-greeting" }],
  };
}

/** The next step of somebody who leaves a message: greeting, tone, recording, end ([V1], [V30]). */
export function moveMailbox(session: MailboxSession, input: MailboxInput): MailboxMove {
  const { step, isFull } = session;
  if (step === "over") return { session, effects: [] };
  const over = (...effects: readonly MailboxEffect[]): MailboxMove => ({
    session: { ...session, step: "over" },
    effects,
  });
  const stop: readonly MailboxEffect[] = step === "recording" ? [{ do: "stopRecording" }] : [];
  switch (input.kind) {
    case "gone":
      return over(...stop);
    case "failed":
      return over({ do: "hangUp" });
    case "enough":
      return step === "recording" ? over(...stop, { do: "hangUp" }) : { session, effects: [] };
    case "played":
      if (step === "recording") return { session, effects: [] };
      if (isFull) return over({ do: "hangUp" });
      return step === "speaking"
        ? { session: { ...session, step: "beep" }, effects: [{ do: "beep" }] }
        : { session: { ...session, step: "recording" }, effects: [{ do: "record" }] };
    case "key":
      if (isFull) return { session, effects: [] };
      if (input.digit === "9") return { session: { ...session, isUrgent: true }, effects: [] };
      if (input.digit !== "#") return { session, effects: [] };
      if (step === "recording") return over(...stop, { do: "hangUp" });
      // Who knows the greeting need not hear it.
      return step === "speaking"
        ? { session: { ...session, step: "beep" }, effects: [{ do: "beep" }] }
        : { session, effects: [] };
  }
}
