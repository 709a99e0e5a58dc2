import type { MailOutcome } from "./mail-decision.ts";

export interface MailSettings {
  /** `smtp://` (STARTTLS where the server offers it) or `smtps://`, with user and password where they are needed. Secret. */
  readonly url: string;
  readonly from: string;
}

export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly isUrgent: boolean;
  /** WAV. */
  readonly attachment?: { readonly fileName: string; readonly content: Buffer };
}

/** Sends mails one at a time, over a connection each. */
export interface MailSender {
  /** Never rejects. */
  send(mail: Mail): Promise<MailOutcome>;
}

const timeouts = { connectionTimeout: 15_000, greetingTimeout: 15_000, socketTimeout: 60_000, dnsTimeout: 15_000 };

/** By SMTP (RFC 5321), with nodemailer. */
export async function createMailSender({ url, from }: MailSettings): Promise<MailSender> {
  // Much code, and few PBXs send mail.
  const { createTransport } = await import("nodemailer");
  const transport = createTransport({ url, ...timeouts, disableFileAccess: true, disableUrlAccess: true });
  return {
    send: async ({ to, subject, text, isUrgent, attachment }) => {
      try {
        await transport.sendMail({
          from,
          to,
          subject,
          text,
          priority: isUrgent ? "high" : "normal",
          // Whoever answers automatically keeps quiet (RFC 3834 §5).
          headers: { "Auto-Submitted": "auto-generated" },
          attachments:
            attachment === undefined
              ? []
              : [{ filename: attachment.fileName, content: attachment.content, contentType: "audio/wav" }],
        });
        return { ok: true };
      } catch (error) {
        return outcomeOf(error);
      }
    },
  };
}

/** Only code and command: the words of a server may hold addresses, and a user's name. */
function outcomeOf(error: unknown): MailOutcome {
  const { code, responseCode, command } = (error ?? {}) as {
    readonly code?: unknown;
    readonly responseCode?: unknown;
    readonly command?: unknown;
  };
  const status = typeof responseCode === "number" ? responseCode : undefined;
  const reason = [
    typeof code === "string" ? code : "failed",
    ...(status === undefined ? [] : [`status ${status}`]),
    ...(typeof command === "string" ? [`at ${command}`] : []),
  ].join(", ");
  // A wrong password or a server that is set up wrongly can be put right; a recipient or message that is refused cannot.
  const isRefused = status !== undefined && status >= 500 && (code === "EENVELOPE" || code === "EMESSAGE");
  return { ok: false, isFinal: isRefused, reason };
}
