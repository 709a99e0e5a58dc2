import type { Scheduler } from "@pbx-x/telephony";
import type { CallService } from "../calls/call-service.ts";
import type { EventLog } from "../event-log/event-log.ts";
import type { ExtensionDirectory } from "../extensions/extension.ts";
import type { BlobStore } from "../storage/blob-store.ts";
import type { Database } from "../storage/open-database.ts";
import { MessageDesk } from "./message-desk.ts";
import { createVoicemailCommands, type VoicemailCommands } from "./voicemail-commands.ts";
import { recoverMessages } from "./voicemail-recovery.ts";
import { VoicemailService, type VoicemailSettings } from "./voicemail-service.ts";
import { createVoicemailStore, type VoicemailStore } from "./voicemail-store.ts";

export interface VoicemailOptions {
  readonly db: Database;
  readonly blobs: BlobStore;
  readonly log: EventLog;
  readonly calls: CallService;
  readonly extensions: Pick<ExtensionDirectory, "byId">;
  readonly scheduler: Scheduler;
  readonly settings: VoicemailSettings;
  readonly onError: (error: unknown) => void;
}

export interface Voicemail {
  readonly service: VoicemailService;
  readonly commands: VoicemailCommands;
  readonly store: VoicemailStore;
  readonly desk: MessageDesk;
  /** After the engine has been stopped. */
  stop(): Promise<void>;
}

/** The slice as a whole, with what the last run left behind put in order. */
export async function startVoicemail(options: VoicemailOptions): Promise<Voicemail> {
  const store = createVoicemailStore(options.db);
  const desk = new MessageDesk({ ...options, store });
  await recoverMessages({ ...options, store, desk });
  const service = new VoicemailService({ ...options, store, desk });
  return { service, commands: createVoicemailCommands({ store, desk }), store, desk, stop: () => service.stop() };
}
