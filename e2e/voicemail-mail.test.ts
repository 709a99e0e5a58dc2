import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freePort } from "./src/free-port.ts";
import { leaveMessage } from "./src/leave-message.ts";
import { type MailSink, startMailSink } from "./src/mail-sink.ts";
import { readRecorded } from "./src/recorded.ts";
import { startServer } from "./src/server-process.ts";
import { lisaEmail, startWorld, type World } from "./src/world.ts";

const annaHz = 440;
let dataDir = "";
let port = 0;
let world: World;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "pbx-x-e2e-"));
  port = await freePort();
  world = await startWorld({ dataDir, env: environment() });
  expect(await world.cti.send("subscribe", { channels: ["voicemail"] })).toMatchObject({ success: true });
  await world.patchExtension("201", { voicemailEnabled: true, voicemailEmailEnabled: true, language: "en" });
});
afterAll(async () => {
  await world?.stop();
  await rm(dataDir, { recursive: true, force: true });
});

function environment(): Readonly<Record<string, string>> {
  return { PBXX_SMTP_URL: `smtp://127.0.0.1:${port}`, PBXX_SMTP_FROM: "pbx@pbx-x.example" };
}

async function expectMail(sink: MailSink, timeout: number): Promise<void> {
  await expect.poll(() => sink.mails.length, { timeout }).toBe(1);
  const [mail] = sink.mails;
  expect([mail?.to].flat().map((to) => to?.text)).toEqual([lisaEmail]);
  expect(mail?.subject).toMatch(/^Voice message from Anna Schmidt \(200\), 0:0\d$/);
  const recorded = readRecorded(new Uint8Array(mail?.attachments[0]?.content ?? Buffer.alloc(0)));
  expect(recorded.seconds).toBeGreaterThan(3);
  expect(recorded.share("left", annaHz, 0.5, 3)).toBeGreaterThan(0.9);
}

describe("messages by mail", () => {
  it("[V36] the owner gets the caller's voice by mail; it waits while the server is away, also over kill -9", async () => {
    const sink = await startMailSink(port);
    const anna = await world.startPhone("200", { toneHz: annaHz });
    await leaveMessage(world, anna, "201");
    await expectMail(sink, 15_000);
    await sink.stop();

    await leaveMessage(world, anna, "201");
    const alert = await world.cti.waitFor("SYSTEM_ALERT", ({ data }) => data["category"] === "service");
    expect(alert.data).toMatchObject({
      severity: "warning",
      message: expect.stringMatching(/^Voice messages cannot be mailed/),
    });
    await world.server.kill();
    const back = await startMailSink(port);
    const again = await startServer({ dataDir, ports: world.server.ready, env: environment() });
    try {
      // Half a minute after the first try.
      await expectMail(back, 60_000);
    } finally {
      await again.stop();
      await back.stop();
    }
  });
});
