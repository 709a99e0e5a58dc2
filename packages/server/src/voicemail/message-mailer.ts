import type { Scheduler } from "@pbx-x/telephony";
import type { AlertDesk, Standing } from "../alerts/alert-desk.ts";
import type { AnnouncementLanguage } from "../announcements/announcement-texts.ts";
import type { Extension, ExtensionDirectory } from "../extensions/extension.ts";
import type { BlobStore } from "../storage/blob-store.ts";
import type { UserStore } from "../users/user-store.ts";
import { decideMail } from "./mail-decision.ts";
import type { MailQueue, QueuedMail } from "./mail-queue.ts";
import type { Mail, MailSender } from "./mail-sender.ts";
import { composeMail, maximumAttachmentBytes } from "./mail-text.ts";
import type { VoiceMessage } from "./voice-message.ts";
import type { VoicemailStore } from "./voicemail-store.ts";

export interface MessageMailerOptions {
  readonly queue: MailQueue;
  /** Undefined: nothing is mailed; what waits from a time before is forgotten. */
  readonly sender: MailSender | undefined;
  readonly store: Pick<VoicemailStore, "find">;
  readonly blobs: Pick<BlobStore, "read" | "size">;
  readonly extensions: Pick<ExtensionDirectory, "byId">;
  readonly users: Pick<UserStore, "find">;
  readonly languageOf: (extension: Extension | undefined) => AnnouncementLanguage;
  readonly desk: Pick<AlertDesk, "watch">;
  readonly scheduler: Scheduler;
  readonly logger: { warn(details: Readonly<Record<string, unknown>>, message: string): void };
  readonly onError: (error: unknown) => void;
  /** Most mails that wait; default 1000. */
  readonly maxWaiting?: number;
}

/** A message that is still being put away is looked at again after so long. */
const soonMs = 1000;
/** After trouble with the database. */
const troubleMs = 60_000;

/** Mails new messages to their owners ([V36]), one after the other, until each is sent or given up. */
export class MessageMailer {
  readonly #options: MessageMailerOptions;
  readonly #tell: (standing: Standing) => void;
  #running: Promise<void> | undefined;
  #isWoken = false;
  #isStopped = true;
  #cancelWait: (() => void) | undefined;

  constructor(options: MessageMailerOptions) {
    this.#options = options;
    this.#tell = options.desk.watch({ category: "service" });
  }

  start(): void {
    this.#isStopped = false;
    this.wake();
  }

  /** Before the message is told: a crash then forgets neither. */
  async expect({ id, boxId }: Pick<VoiceMessage, "id" | "boxId">): Promise<void> {
    const { queue, sender, extensions, scheduler, logger, maxWaiting = 1000 } = this.#options;
    if (sender === undefined || extensions.byId(boxId)?.voicemailEmailEnabled !== true) return;
    if ((await queue.size()) >= maxWaiting) {
      logger.warn({ messageId: id, waiting: maxWaiting }, "too many mails wait: a voice message is not mailed");
      this.#trouble("too many mails wait");
      return;
    }
    await queue.add(id, scheduler.now());
  }

  /** Something may be due. */
  wake(): void {
    if (this.#isStopped) return;
    this.#isWoken = true;
    this.#cancelWait?.();
    this.#cancelWait = undefined;
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
      if (this.#isWoken) this.wake();
    });
  }

  /** Resolves when nothing is being sent; what waits is kept. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#isWoken = false;
    this.#cancelWait?.();
    await this.#running;
  }

  /** Resolves when nothing is due. */
  async settled(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
  }

  async #run(): Promise<void> {
    const { queue, scheduler, onError } = this.#options;
    this.#isWoken = false;
    try {
      while (!this.#isStopped) {
        const mail = await queue.first();
        if (mail === undefined) return;
        const waitMs = mail.nextAtMs - scheduler.now();
        if (waitMs > 0) return this.#wait(waitMs);
        await this.#handle(mail);
      }
    } catch (error) {
      onError(error);
      this.#wait(troubleMs);
    }
  }

  #wait(ms: number): void {
    if (!this.#isStopped) this.#cancelWait = this.#options.scheduler.after(ms, () => this.wake());
  }

  async #handle({ messageId, createdAtMs, attempts }: QueuedMail): Promise<void> {
    const { queue, sender, store, scheduler, logger } = this.#options;
    const message = await store.find(messageId);
    if (message?.status === "recording") return queue.postpone(messageId, scheduler.now() + soonMs, attempts);
    const mail = message === undefined ? undefined : await this.#mailOf(message);
    // Deleted meanwhile, or nobody wants it any more.
    if (mail === undefined || sender === undefined) return queue.remove(messageId);
    const verdict = decideMail(await sender.send(mail), attempts + 1, scheduler.now() - createdAtMs);
    switch (verdict.kind) {
      case "sent":
        await queue.remove(messageId);
        this.#tell({ severity: "info", message: "Voice messages are mailed again" });
        return;
      case "retry":
        await queue.postpone(messageId, scheduler.now() + verdict.delayMs, attempts + 1);
        logger.warn(
          { messageId, attempts: attempts + 1, reason: verdict.reason },
          "a voice message could not be mailed",
        );
        return this.#trouble(verdict.reason);
      case "dropped":
        await queue.remove(messageId);
        logger.warn({ messageId, attempts: attempts + 1, reason: verdict.reason }, "a voice message is not mailed");
        return this.#trouble(verdict.reason);
    }
  }

  #trouble(reason: string): void {
    this.#tell({ severity: "warning", message: `Voice messages cannot be mailed: ${reason}` });
  }

  async #mailOf(message: VoiceMessage): Promise<Mail | undefined> {
    const { extensions, users, blobs, languageOf } = this.#options;
    const extension = extensions.byId(message.boxId);
    if (extension?.voicemailEmailEnabled !== true) return undefined;
    const user = extension.userId === undefined ? undefined : await users.find(extension.userId);
    const to = extension.voicemailEmail ?? user?.email;
    if (to === undefined) return undefined;
    const { subject, text, fileName } = composeMail(message, extension, languageOf(extension));
    const mail = { to, subject, text, isUrgent: message.isUrgent };
    // A file that was lost is no reason to say nothing.
    const size = await blobs.size(message.blobKey);
    if (size === undefined || size > maximumAttachmentBytes) return mail;
    const pieces: Buffer[] = [];
    for await (const piece of blobs.read(message.blobKey)) pieces.push(piece as Buffer);
    return { ...mail, attachment: { fileName, content: Buffer.concat(pieces) } };
  }
}
