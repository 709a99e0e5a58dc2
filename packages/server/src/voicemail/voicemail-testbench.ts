import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LegId } from "@pbx-x/telephony";
import { expect } from "vitest";
import { type CallTestbench, createCallTestbench } from "../calls/call-testbench.ts";
import type { Extension } from "../extensions/extension.ts";
import { type BlobStore, createFileBlobStore } from "../storage/blob-store.ts";
import { type Database, openDatabase } from "../storage/open-database.ts";
import { createGreetingBook, type GreetingBook } from "./greeting-book.ts";
import { MailboxStates } from "./mailbox-states.ts";
import { MessageDesk } from "./message-desk.ts";
import { createVoicemailCommands, type VoicemailCommands } from "./voicemail-commands.ts";
import { VoicemailService, type VoicemailSettings } from "./voicemail-service.ts";
import { createVoicemailStore, type VoicemailStore } from "./voicemail-store.ts";

export const voicemailDefaults: VoicemailSettings = {
  language: "de",
  maxMs: 180_000,
  silenceMs: 10_000,
  maxMessages: 3,
  minFreeBytes: 0,
};

export interface VoicemailBench extends CallTestbench {
  readonly db: Database;
  readonly store: VoicemailStore;
  readonly blobs: BlobStore;
  readonly desk: MessageDesk;
  readonly states: MailboxStates;
  readonly greetings: GreetingBook;
  readonly voicemail: VoicemailService;
  readonly voicemailCommands: VoicemailCommands;
  /** A phone of 200 calls a number. */
  call(number: string): Promise<LegId>;
  /** What is played to a leg now comes to its end. */
  heard(legId: LegId): Promise<void>;
  /** Resolves when the table and the disk have taken what was asked of them. */
  until(isReached: () => boolean | Promise<boolean>): Promise<void>;
  stop(): Promise<void>;
}

/** The mailbox slice on the fake engine, with a real table. @param each changes of one extension, by its number */
export async function createVoicemailBench(
  each: Readonly<Record<string, Partial<Extension>>> = { 201: { voicemailEnabled: true } },
): Promise<VoicemailBench> {
  const dir = await mkdtemp(join(tmpdir(), "pbx-x-voicemail-"));
  const db = await openDatabase(join(dir, "pbx-x.sqlite"));
  const bench = await createCallTestbench({}, each);
  const { calls, engine, extensions, scheduler } = bench;
  const store = createVoicemailStore(db);
  const blobs = createFileBlobStore(dir);
  const errors: unknown[] = [];
  const states = new MailboxStates(new Map());
  const desk = new MessageDesk({ store, states, blobs, log: bench, extensions, scheduler });
  const newId = calls.newId;
  const greetings = await createGreetingBook({ db, blobs, engine, newId, now: () => scheduler.now() });
  const voicemail = new VoicemailService({
    greetings,
    extensions,
    languageOf: (extension) => extension?.language ?? voicemailDefaults.language,
    calls,
    store,
    blobs,
    desk,
    scheduler,
    settings: voicemailDefaults,
    onError: (error) => void errors.push(error),
  });
  engine.subscribe((event) => voicemail.onTelephony(event));
  const until: VoicemailBench["until"] = async (isReached) => {
    await expect.poll(isReached, { interval: 1, timeout: 10_000 }).toBe(true);
  };
  return {
    ...bench,
    db,
    store,
    blobs,
    desk,
    states,
    greetings,
    voicemail,
    voicemailCommands: createVoicemailCommands({ store, desk }),
    until,
    call: async (number) => {
      const legId = engine.call(bench.register("200"), number);
      await bench.settle();
      return legId;
    },
    heard: async (legId) => {
      await until(() => engine.hearsPlayback(legId)?.kind === "file");
      const play = engine.performed.findLast((one) => one.op === "play" && one.legId === legId);
      if (play?.op === "play") engine.finishPlayback(play.playbackId);
      await bench.settle();
    },
    stop: async () => {
      await voicemail.stop();
      await db.destroy();
      await rm(dir, { recursive: true });
      expect(errors).toEqual([]);
    },
  };
}
