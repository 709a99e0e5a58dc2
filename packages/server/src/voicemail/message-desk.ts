import type { Scheduler } from "@pbx-x/telephony";
import type { Cause } from "../calls/decision.ts";
import { wireParty } from "../calls/wire-party.ts";
import type { EventLog, NewEvent } from "../event-log/event-log.ts";
import type { Extension, ExtensionDirectory } from "../extensions/extension.ts";
import type { BlobStore } from "../storage/blob-store.ts";
import { noLongerThan, writeWaitMs } from "../storage/no-longer-than.ts";
import type { MessageMailer } from "./message-mailer.ts";
import type { MailboxStates } from "./mailbox-states.ts";
import type { MailboxCounts, VoiceMessage } from "./voice-message.ts";
import type { VoicemailStore } from "./voicemail-store.ts";

export interface MessageDeskOptions {
  readonly store: VoicemailStore;
  readonly states: MailboxStates;
  readonly blobs: Pick<BlobStore, "remove">;
  readonly log: Pick<EventLog, "append">;
  readonly extensions: Pick<ExtensionDirectory, "byId">;
  readonly scheduler: Scheduler;
  /** Left out: nothing is mailed. */
  readonly mailer?: Pick<MessageMailer, "expect" | "wake">;
}

type Told = Pick<MailboxCounts, "unreadCount" | "totalCount">;

export interface MessageReader {
  readonly userId: string;
  readonly name: string;
}

/** The one place where messages appear, are read and go ([V32]): each is told once, whatever way it was asked for. */
export class MessageDesk {
  readonly #options: MessageDeskOptions;
  /** One after the other, so that the counts of each event are those after it. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: MessageDeskOptions) {
    this.#options = options;
  }

  /** A caller left it. The event is kept before the table says so: a crash between is put right at the next start. */
  deliver(message: VoiceMessage, cause: Cause): Promise<void> {
    return this.#inTurn(async () => {
      const { store, mailer } = this.#options;
      await mailer?.expect(message);
      const { unreadCount, totalCount } = await store.counts(message.boxId);
      const counts = { unreadCount: unreadCount + 1, totalCount: totalCount + 1 };
      await this.#tell("VOICEMAIL_RECEIVED", message, counts, cause, {
        caller: wireParty(message.caller),
        durationSeconds: Math.round(message.durationMs / 1000),
        isUrgent: message.isUrgent,
        callId: message.callId,
      }).committed;
      await store.complete({ ...message, status: "complete" });
      await this.#count(message.boxId);
      mailer?.wake();
    });
  }

  /** Resolves with the position of the event; undefined where nothing changed. */
  markRead(message: VoiceMessage, isRead: boolean, readBy: MessageReader, cause: Cause): Promise<number | undefined> {
    return this.#inTurn(async () => {
      const { store } = this.#options;
      if (!(await store.setRead(message.id, isRead))) return undefined;
      const counts = await this.#count(message.boxId);
      return this.#tell("VOICEMAIL_READ", message, counts, cause, { readBy, isRead }).lastSeq;
    });
  }

  /** Resolves with the position of the event; undefined where somebody else deleted it. */
  remove(message: VoiceMessage, deletedBy: MessageReader, cause: Cause): Promise<number | undefined> {
    return this.#inTurn(async () => {
      const { store, blobs } = this.#options;
      if (!(await store.remove(message.id))) return undefined;
      await blobs.remove(message.blobKey);
      const counts = await this.#count(message.boxId);
      return this.#tell("VOICEMAIL_DELETED", message, counts, cause, { deletedBy }).lastSeq;
    });
  }

  /** Resolves once all that was told of messages is in the table: who heard of a message finds it. After 3 s anyway. */
  settled(): Promise<void> {
    return noLongerThan(this.#last, writeWaitMs, this.#options.scheduler);
  }

  #inTurn<Result>(job: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(job);
    this.#last = result.catch(() => undefined);
    return result;
  }

  async #count(boxId: string): Promise<Told> {
    const { store, states } = this.#options;
    const counts = await store.counts(boxId);
    states.set(boxId, counts);
    return { unreadCount: counts.unreadCount, totalCount: counts.totalCount };
  }

  #tell(
    type: NewEvent["type"],
    { id, boxId, callId }: VoiceMessage,
    counts: Told,
    causedBy: Cause,
    data: NewEvent["data"],
  ) {
    const { log, extensions } = this.#options;
    const owner: Extension | undefined = extensions.byId(boxId);
    const number = owner === undefined ? {} : { extensionNumber: owner.number };
    return log.append([
      {
        type,
        data: { voicemailBoxId: boxId, messageId: id, ...number, ...data, ...counts, causedBy },
        audience: {
          extensions: owner === undefined ? [] : [{ id: boxId, number: owner.number }],
          ...(owner?.userId !== undefined && { userIds: [owner.userId] }),
        },
        ...(type === "VOICEMAIL_RECEIVED" && { callId }),
      },
    ]);
  }
}
