import type { EventLog } from "../event-log/event-log.ts";
import { repairFile } from "../recordings/repair-file.ts";
import type { BlobStore } from "../storage/blob-store.ts";
import type { MessageDesk } from "./message-desk.ts";
import { shortestMessageMs } from "./voicemail-service.ts";
import type { VoicemailStore } from "./voicemail-store.ts";

export interface VoicemailRecoveryOptions {
  readonly log: Pick<EventLog, "read">;
  readonly store: VoicemailStore;
  readonly blobs: BlobStore;
  readonly desk: MessageDesk;
}

/** Delivers what a crash cut off, as far as it goes ([V33]): file repaired, told once; what is too short is dropped. */
export async function recoverMessages({ log, store, blobs, desk }: VoicemailRecoveryOptions): Promise<void> {
  for (const message of await store.unfinished()) {
    const file = { ...message, ...(await repairFile(blobs, message.blobKey)) };
    if (await wasTold(log, message)) await store.complete({ ...file, status: "complete" });
    else if (file.durationMs >= shortestMessageMs) await desk.deliver(file, { via: "system" });
    else {
      await store.remove(message.id);
      await blobs.remove(message.blobKey);
    }
  }
}

async function wasTold(
  log: Pick<EventLog, "read">,
  { id, callId }: { readonly id: string; readonly callId: string },
): Promise<boolean> {
  for (let after = 0; ; ) {
    const page = await log.read({ after, limit: 1000, callId });
    if (page.some(({ type, json }) => type === "VOICEMAIL_RECEIVED" && messageIdOf(json) === id)) return true;
    const last = page.at(-1);
    if (last === undefined) return false;
    after = last.seq;
  }
}

/** Written by this server. */
function messageIdOf(json: string): string {
  return (JSON.parse(json) as { readonly data: { readonly messageId: string } }).data.messageId;
}
