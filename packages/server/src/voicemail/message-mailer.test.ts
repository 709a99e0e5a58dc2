import { writeFile } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { AlertDesk } from "../alerts/alert-desk.ts";
import type { NewEvent } from "../event-log/event-log.ts";
import type { Extension } from "../extensions/extension.ts";
import { createMailQueue, type MailQueue } from "./mail-queue.ts";
import { createMailSender } from "./mail-sender.ts";
import { type MailSink, startMailSink } from "./mail-sink.ts";
import { MessageDesk } from "./message-desk.ts";
import { MessageMailer } from "./message-mailer.ts";
import { createVoicemailBench, type VoicemailBench } from "./voicemail-testbench.ts";

const login = { user: "pbx", password: "the-password-of-the-mail-server" };
let bench: VoicemailBench;
let sink: MailSink;
let queue: MailQueue;
let mailer: MessageMailer;
let desk: MessageDesk;
let logged: string[];
let alerts: NewEvent[];

const lisa: Partial<Extension> = { voicemailEnabled: true, voicemailEmailEnabled: true };

async function open(changes: Partial<Extension> = lisa, password = login.password, maxWaiting = 1000) {
  bench = await createVoicemailBench({ 201: changes });
  const { scheduler, store, blobs, extensions, states } = bench;
  queue = createMailQueue(bench.db);
  logged = [];
  alerts = [];
  const publish = (events: readonly NewEvent[]): void => void alerts.push(...events);
  mailer = new MessageMailer({
    queue,
    sender: await createMailSender({
      url: `smtp://${login.user}:${password}@127.0.0.1:${sink.port}`,
      from: "pbx@pbx-x.example",
    }),
    store,
    blobs,
    extensions,
    users: { find: async (userId) => (userId === "user-201" ? userOf(userId) : undefined) },
    languageOf: (extension) => extension?.language ?? "de",
    desk: new AlertDesk({ scheduler, newId: () => crypto.randomUUID(), publish, intervalMs: 1 }),
    scheduler,
    logger: { warn: (details, message) => void logged.push(JSON.stringify({ ...details, message })) },
    onError: (error) => void logged.push(String(error)),
    maxWaiting,
  });
  desk = new MessageDesk({ store, states, blobs, log: bench, extensions, scheduler, mailer });
  mailer.start();
}

function userOf(id: string) {
  const email = "lisa.weber@pbx-x.example";
  return { id, email, displayName: "Lisa Weber", role: "user", isActive: true, grantedPermissions: [] } as const;
}

beforeEach(async () => {
  sink = await startMailSink(login);
});
afterEach(async () => {
  await mailer.stop();
  await sink.stop();
  await bench.stop();
});

/** A message of three seconds is put away. */
async function leave(id: string, changes: { readonly isUrgent?: boolean; readonly name?: string } = {}): Promise<void> {
  const { isUrgent = false, name = "Max Mustermann" } = changes;
  const blobKey = `voicemail/${id}.wav`;
  const caller = { number: "+49301234567", name };
  const message = {
    id,
    boxId: bench.extensions.byNumber("201")?.id ?? "",
    status: "recording",
    isRead: false,
    callId: `call-${id}`,
    caller,
    isUrgent,
    receivedAtMs: Date.UTC(2026, 2, 1, 8, 30),
    durationMs: 63_000,
    bytes: 5000,
    blobKey,
  } as const;
  await writeFile(await bench.blobs.pathFor(blobKey), Buffer.alloc(5000, id));
  await bench.store.insert(message);
  await desk.deliver(message, { via: "phone" });
  await mailer.settled();
}

async function pass(ms: number): Promise<void> {
  bench.scheduler.advance(ms);
  await mailer.settled();
}

describe("a mail for each message", () => {
  it("[V36] goes to the user, in German, with the sound as it was recorded", async () => {
    await open();
    await leave("m1", { isUrgent: true });
    expect(sink.mails).toHaveLength(1);
    const [mail] = sink.mails;
    expect(mail?.subject).toBe("Dringend: Sprachnachricht von Max Mustermann (+49301234567), 1:03");
    expect(mail?.text).toContain("Für: Lisa Weber (201)");
    expect(mail?.text).toMatch(/Am: Sonntag, 1\. März 2026/);
    expect(mail?.from?.text).toBe("pbx@pbx-x.example");
    expect(mail?.headers.get("priority")).toBe("high");
    expect([mail?.to].flat().map((to) => to?.text)).toEqual(["lisa.weber@pbx-x.example"]);
    const [attachment] = mail?.attachments ?? [];
    expect([attachment?.contentType, attachment?.filename]).toEqual(["audio/wav", "20260301-0830-49301234567.wav"]);
    expect(attachment?.content.equals(Buffer.alloc(5000, "m1"))).toBe(true);
    expect(await queue.size()).toBe(0);
    expect([logged, alerts]).toEqual([[], []]);
  });

  it("[V36] [V37] goes to the address of the mailbox, in its language; a name cannot add lines", async () => {
    await open({ ...lisa, language: "en", voicemailEmail: "team@pbx-x.example" });
    await leave("m1", { name: "Max\r\nBcc: all@pbx-x.example" });
    const [mail] = sink.mails;
    expect(mail?.subject).toBe("Voice message from Max Bcc: all@pbx-x.example (+49301234567), 1:03");
    expect([mail?.to].flat().map((to) => to?.text)).toEqual(["team@pbx-x.example"]);
    expect(mail?.bcc).toBeUndefined();
    expect(mail?.text).toContain("The recording is attached.");
  });

  it("[V36] is not sent where nobody wants it, nor of a message that was deleted meanwhile", async () => {
    await open({ voicemailEnabled: true });
    await leave("m1");
    expect([await queue.size(), sink.connections]).toEqual([0, 0]);
    await queue.add("deleted", 0);
    mailer.wake();
    await mailer.settled();
    expect([await queue.size(), sink.connections]).toEqual([0, 0]);
  });

  it("[V36] waits while the server is away: tried later and later, over a restart too; told at the beginning and the end", async () => {
    await open();
    const { port } = sink;
    await sink.stop();
    await leave("m1");
    expect(await queue.first()).toMatchObject({ messageId: "m1", attempts: 1 });
    await pass(30_000);
    expect(await queue.first()).toMatchObject({ attempts: 2, nextAtMs: bench.scheduler.now() + 120_000 });
    await pass(119_000);
    expect(await queue.first()).toMatchObject({ attempts: 2 });
    // What a new run finds.
    await mailer.stop();
    mailer.start();
    await pass(1000);
    expect(await queue.first()).toMatchObject({ attempts: 3 });
    expect(alerts.map(({ data }) => data)).toMatchObject([
      { severity: "warning", category: "service", message: "Voice messages cannot be mailed: ESOCKET, at CONN" },
    ]);
    sink = await startMailSink(login, port);
    await pass(480_000);
    expect(sink.mails).toHaveLength(1);
    expect(await queue.size()).toBe(0);
    expect(alerts.at(-1)?.data).toMatchObject({ severity: "info", category: "service", isOver: true });
  });

  it("[V36] is given up after a day, or at once where the recipient is refused for good", async () => {
    await open();
    sink.refusesWith = 450;
    await leave("m1");
    expect(await queue.first()).toMatchObject({ attempts: 1 });
    await queue.postpone("m1", bench.scheduler.now() + 24 * 3600_000, 20);
    await pass(24 * 3600_000);
    expect(await queue.size()).toBe(0);
    sink.refusesWith = 550;
    await leave("m2");
    expect(await queue.size()).toBe(0);
    expect(logged.at(-1)).toContain("is not mailed");
    expect(logged.at(-1)).toContain("status 550");
    expect(alerts).toHaveLength(1);
  });

  it("[V36] a wrong password: neither it nor the answer's words are in log or alert, and the mail waits", async () => {
    await open(lisa, "a-wrong-password");
    await leave("m1");
    expect(await queue.first()).toMatchObject({ attempts: 1 });
    const told = JSON.stringify([logged, alerts]);
    expect(told).toContain("status 535");
    for (const secret of ["a-wrong-password", "no such user", "lisa.weber"]) expect(told).not.toContain(secret);
  });

  it("[V36] of too many that wait the next ones are not mailed, which is told", async () => {
    await open(lisa, login.password, 1);
    sink.refusesWith = 450;
    await leave("m1");
    await leave("m2");
    expect(await queue.size()).toBe(1);
    expect(logged.at(-1)).toContain("too many mails wait");
  });
});
