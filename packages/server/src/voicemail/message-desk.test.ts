import { createManualScheduler } from "@pbx-x/telephony/fake";
import { describe, expect, it } from "vitest";
import { MailboxStates } from "./mailbox-states.ts";
import { createMemoryVoicemailStore } from "./memory-voicemail-store.ts";
import { MessageDesk } from "./message-desk.ts";

const message = {
  id: "m1",
  boxId: "box",
  callId: "c1",
  status: "recording",
  caller: { number: "200" },
  receivedAtMs: 0,
  durationMs: 3000,
  bytes: 96_044,
  isRead: false,
  isUrgent: false,
  blobKey: "voicemail/m1.wav",
} as const;

describe("the desk of voice messages", () => {
  it("[C55] [V32] a log that takes nothing holds up nobody who only wants to read for more than 3 s", async () => {
    const scheduler = createManualScheduler();
    const store = createMemoryVoicemailStore();
    await store.insert(message);
    let commit = (): void => undefined;
    const committed = new Promise<void>((resolve) => (commit = resolve));
    const desk = new MessageDesk({
      store,
      states: new MailboxStates(new Map()),
      blobs: { remove: async () => undefined },
      log: { append: () => ({ firstSeq: 1, lastSeq: 1, committed }) },
      extensions: { byId: () => undefined },
      scheduler,
    });
    const delivered = desk.deliver(message, { via: "system" });
    const reading = desk.settled();
    scheduler.advance(3000);
    await reading;
    expect(await store.find("m1")).toMatchObject({ status: "recording" });
    commit();
    await Promise.all([delivered, desk.settled()]);
    expect(await store.find("m1")).toMatchObject({ status: "complete" });
  });
});
