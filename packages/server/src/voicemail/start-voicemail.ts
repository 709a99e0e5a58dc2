import type { Scheduler, TelephonyEngine, TelephonyEvent } from "@pbx-x/telephony";
import type { AlertDesk } from "../alerts/alert-desk.ts";
import type { CallService } from "../calls/call-service.ts";
import type { EventLog } from "../event-log/event-log.ts";
import type { Extension, ExtensionDirectory } from "../extensions/extension.ts";
import type { BlobStore } from "../storage/blob-store.ts";
import type { Database } from "../storage/open-database.ts";
import { forgetWithExtension } from "./forget-with-extension.ts";
import { createGreetingBook, type GreetingBook } from "./greeting-book.ts";
import { createMailboxPins, type MailboxPins } from "./mailbox-pins.ts";
import { MailboxStates } from "./mailbox-states.ts";
import { createMailQueue } from "./mail-queue.ts";
import { createMailSender, type MailSettings } from "./mail-sender.ts";
import { MenuService } from "./menu-service.ts";
import { MessageDesk } from "./message-desk.ts";
import { MessageMailer, type MessageMailerOptions } from "./message-mailer.ts";
import { type MessageRetentionOptions, startMessageRetention } from "./message-retention.ts";
import { createVoicemailCommands, type VoicemailCommands } from "./voicemail-commands.ts";
import { recoverMessages } from "./voicemail-recovery.ts";
import type { VoicemailRoutesOptions } from "./voicemail-routes.ts";
import { VoicemailService, type VoicemailSettings } from "./voicemail-service.ts";
import { createVoicemailStore, type VoicemailStore } from "./voicemail-store.ts";

export interface VoicemailOptions {
  readonly db: Database;
  readonly blobs: BlobStore;
  readonly log: EventLog;
  readonly engine: Pick<TelephonyEngine, "importAudio">;
  readonly calls: CallService;
  readonly extensions: Pick<ExtensionDirectory, "byId" | "onChanged">;
  readonly scheduler: Scheduler;
  readonly settings: VoicemailSettings & Pick<MessageRetentionOptions, "keepMs">;
  readonly mail: Pick<MessageMailerOptions, "users" | "logger"> & {
    /** Undefined: nothing is mailed. */
    readonly settings: MailSettings | undefined;
    readonly alertDesk: Pick<AlertDesk, "watch">;
  };
  readonly onError: (error: unknown) => void;
}

export interface Voicemail {
  readonly commands: VoicemailCommands;
  readonly store: VoicemailStore;
  /** What the routes need of it. */
  readonly rest: Pick<VoicemailRoutesOptions, "messages" | "messagesSettled" | "pins" | "voicemailCommands"> & {
    readonly greetings: GreetingBook;
  };
  readonly pins: MailboxPins;
  readonly states: MailboxStates;
  onTelephony(event: TelephonyEvent): void;
  /** After the engine has been stopped. */
  stop(): Promise<void>;
}

/** The slice as a whole, with what the last run left behind put in order. */
export async function startVoicemail(options: VoicemailOptions): Promise<Voicemail> {
  const store = createVoicemailStore(options.db);
  const states = new MailboxStates(await store.allCounts());
  const { db, calls, settings, scheduler, mail } = options;
  const now = (): number => scheduler.now();
  const greetings = await createGreetingBook({ ...options, newId: calls.newId, now });
  const languageOf = (extension: Extension | undefined) => extension?.language ?? settings.language;
  const mailer = new MessageMailer({
    ...options,
    ...mail,
    desk: mail.alertDesk,
    queue: createMailQueue(db),
    sender: mail.settings && (await createMailSender(mail.settings)),
    store,
    languageOf,
  });
  const desk = new MessageDesk({ ...options, store, states, mailer });
  await recoverMessages({ ...options, store, desk });
  mailer.start();
  const retention = startMessageRetention({ ...options, store, desk, keepMs: settings.keepMs });
  const service = new VoicemailService({ ...options, store, desk, greetings, languageOf });
  const pins = createMailboxPins(options.db);
  forgetWithExtension({ ...options, greetings, pins });
  const menu = new MenuService({
    ...options,
    perform: (operation) => calls.perform(operation),
    newId: calls.newId,
    languageOf,
    greetings,
    store,
    pins,
    desk,
  });
  calls.services.add("own_mailbox", (offered) => void menu.offered(offered));
  const commands = createVoicemailCommands({ store, desk });
  return {
    commands,
    store,
    pins,
    states,
    rest: { messages: store, messagesSettled: () => desk.settled(), pins, greetings, voicemailCommands: commands },
    onTelephony: (event) => {
      service.onTelephony(event);
      menu.onTelephony(event);
    },
    stop: async () => {
      await service.stop();
      await retention.stop();
      await mailer.stop();
    },
  };
}
