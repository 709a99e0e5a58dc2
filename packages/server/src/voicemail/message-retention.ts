import type { Scheduler } from "@pbx-x/telephony";
import { noLongerThan, writeWaitMs } from "../storage/no-longer-than.ts";
import type { MessageDesk } from "./message-desk.ts";
import type { VoicemailStore } from "./voicemail-store.ts";

export interface MessageRetentionOptions {
  readonly store: Pick<VoicemailStore, "olderThan">;
  readonly desk: Pick<MessageDesk, "remove">;
  readonly scheduler: Scheduler;
  /** Undefined: for ever. */
  readonly keepMs: number | undefined;
  readonly onError: (error: unknown) => void;
}

const everyMs = 3600_000;
const batch = 200;
/** Who deletes what is too old. */
const system = { userId: "system", name: "PBX-X" };

export interface MessageRetention {
  /** Resolves when a sweep that goes on is over. */
  stop(): Promise<void>;
  settled(): Promise<void>;
}

/** Deletes messages that are older than they are to be kept ([V39]), now and every hour; each is told. */
export function startMessageRetention(options: MessageRetentionOptions): MessageRetention {
  const { keepMs, scheduler, onError } = options;
  let cancel = (): void => undefined;
  let isStopped = keepMs === undefined;
  let running: Promise<void> = Promise.resolve();
  const deleteOlder = async (beforeMs: number): Promise<void> => {
    for (;;) {
      const old = await options.store.olderThan(beforeMs, batch);
      for (const message of old) {
        if (isStopped) return;
        await options.desk.remove(message, system, { via: "system" });
      }
      if (old.length < batch) return;
    }
  };
  const sweep = (): void => {
    if (keepMs === undefined) return;
    running = deleteOlder(scheduler.now() - keepMs)
      .catch(onError)
      .finally(() => {
        // One sweep at a time, however long it takes.
        if (!isStopped) cancel = scheduler.after(everyMs, sweep);
      });
  };
  if (!isStopped) sweep();
  return {
    stop: async () => {
      isStopped = true;
      cancel();
      await noLongerThan(running, writeWaitMs, scheduler);
    },
    settled: () => running,
  };
}
