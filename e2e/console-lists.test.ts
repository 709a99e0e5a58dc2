import { open, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Baresip } from "./src/baresip.ts";
import { buildConsole, type ConsolePage, maxEmail, openConsole, startBrowser } from "./src/browser.ts";
import { talk } from "./src/conversation.ts";
import { leaveMessage } from "./src/leave-message.ts";
import { adminEmail, lisaEmail, startWorld, type World } from "./src/world.ts";

let world: World;
let browser: Browser;
let anna: Baresip;
let lisa: Baresip;
let tom: Baresip;

beforeAll(async () => {
  buildConsole();
  world = await startWorld();
  await world.cti.send("subscribe", { channels: ["voicemail", "conferences"] });
  await world.patchExtension("201", { voicemailEnabled: true });
  anna = await world.startPhone("200", { toneHz: 440 });
  lisa = await world.startPhone("201", { toneHz: 880 });
  tom = await world.startPhone("202", { toneHz: 1320 });
  browser = await startBrowser();
});
afterAll(async () => {
  await browser?.close();
  await world?.stop();
});

/** Answers to requests of a sound, with what was asked for. */
function watchSound(page: Page): { readonly status: number; readonly range: string | undefined }[] {
  const seen: { status: number; range: string | undefined }[] = [];
  page.on("response", (response) => {
    if (response.url().includes("/stream?"))
      seen.push({ status: response.status(), range: response.request().headers()["range"] });
  });
  return seen;
}

/** Bytes of sounds that came over the network. */
async function countSoundBytes(page: Page): Promise<() => number> {
  const session = await page.context().newCDPSession(page);
  const sounds = new Set<string>();
  let bytes = 0;
  session.on("Network.requestWillBeSent", ({ requestId, request }) => {
    if (request.url.includes("/stream?")) sounds.add(requestId);
  });
  session.on("Network.dataReceived", ({ requestId, dataLength }) => {
    if (sounds.has(requestId)) bytes += dataLength;
  });
  await session.send("Network.enable");
  return () => bytes;
}

describe("a user's voicemail", () => {
  let opened: ConsolePage;
  let page: Page;
  const messages = () => page.locator("[data-message]");

  it("[U2] lists a message as it comes, plays it, and marks it heard after 3 s", async () => {
    opened = await openConsole(browser, world, lisaEmail, { path: "/voicemail" });
    page = opened.page;
    await page.getByText("No messages.").waitFor();
    await leaveMessage(world, tom, "201");
    const row = messages().first();
    await row.getByText("new", { exact: true }).waitFor();
    await row.getByRole("button", { name: "Play: Tom Müller" }).click();
    const player = page.getByRole("group", { name: /^Player/ });
    await player.getByRole("button", { name: "Play" }).click();
    await world.cti.waitFor("VOICEMAIL_READ");
    await row.getByRole("button", { name: "Mark as new" }).waitFor();
  });

  it("[U25] deletes after 5 s, and not at all where that is taken back", async () => {
    const sent: string[] = [];
    page.on("websocket", (socket) => socket.on("framesent", ({ payload }) => sent.push(String(payload))));
    await page.reload();
    await messages().first().waitFor();
    await page.getByRole("button", { name: "Delete: Tom Müller" }).click();
    await messages().first().waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Undo" }).click();
    await messages().first().waitFor();
    await page.waitForTimeout(5500);
    expect(sent.length).toBeGreaterThan(0);
    expect(sent.join()).not.toContain("voicemailDelete");
    expect(await messages().count()).toBe(1);
  });

  it("[U21] says that a message was deleted at the phone before its row goes", async () => {
    await lisa.command("dial", "*97");
    // It stays for 1.5 s only.
    const said = page.getByText("Tom Müller: Deleted elsewhere").waitFor({ timeout: 60_000 });
    said.catch(() => undefined);
    const deleted = () => world.cti.events.some(({ type }) => type === "VOICEMAIL_DELETED");
    // The key counts once the message plays.
    for (let press = 0; press < 15 && !deleted(); press += 1) {
      await page.waitForTimeout(1000);
      await lisa.command("sndcode", "7");
    }
    expect((await world.cti.waitFor("VOICEMAIL_DELETED")).data).toMatchObject({ causedBy: { via: "phone" } });
    await said;
    await page.getByText("No messages.").waitFor();
    await lisa.command("hangup");
    expect(opened.errors).toEqual([]);
    await opened.context.close();
  });
});

describe("a recording", () => {
  let opened: ConsolePage;
  let page: Page;
  const player = () => page.getByRole("group", { name: /^Player/ });

  it("[U8] of an hour is drawn with less than 1 MB of it loaded, and is sought in by ranges", async () => {
    const callId = await talk(world, anna, lisa);
    await world.cti.send("recordStart", { callId });
    await new Promise((done) => setTimeout(done, 1500));
    await world.cti.send("recordStop", { callId });
    await world.cti.waitFor("CALL_RECORDING_STOPPED");
    await anna.command("hangup");
    await makeAnHour(world.server.dataDir);
    opened = await openConsole(browser, world, adminEmail, { path: "/recordings" });
    page = opened.page;
    const bytes = await countSoundBytes(page);
    const sounds = watchSound(page);
    await page.getByRole("button", { name: "Play: Anna Schmidt, Lisa Weber" }).click();
    await player().locator("div").first().waitFor();
    await page.waitForTimeout(3000);
    expect(bytes()).toBeLessThan(1_000_000);
    await player().getByRole("button", { name: "Play" }).press("Space");
    await player().getByRole("button", { name: "Pause" }).waitFor();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press(".");
    await player().getByRole("button", { name: "Speed 1.25×" }).waitFor();
    expect(sounds.length).toBeGreaterThan(0);
    expect(sounds.every(({ range, status }) => range !== undefined && status === 206)).toBe(true);
  });

  it("[U2] goes on by itself from a new ticket where the one in the address is over", async () => {
    let [isOver, tickets] = [true, 0];
    await page.route("**/stream?*", (route) => (isOver ? route.fulfill({ status: 401, body: "" }) : route.fallback()));
    page.on("request", (request) => {
      if (!request.url().endsWith("/auth/tickets")) return;
      tickets += 1;
      isOver = tickets < 2;
    });
    await page.reload();
    await page.getByRole("button", { name: "Play: Anna Schmidt, Lisa Weber" }).click();
    await player().getByRole("button", { name: "Play" }).click();
    await player()
      .getByText(/^0:0[1-9] \//)
      .waitFor();
    expect(tickets).toBe(2);
    await opened.context.close();
  });
});

/** The only recording grows to 60 minutes, with silence that takes no place on the disk. */
async function makeAnHour(dataDir: string): Promise<void> {
  const names = await readdir(dataDir, { recursive: true });
  const found = names.filter((name) => name.endsWith(".wav") && name.includes("recording"));
  expect(found).toHaveLength(1);
  const path = join(dataDir, found[0] ?? "");
  const dataBytes = 3600 * 8000 * 4;
  const header = (await readFile(path)).subarray(0, 44);
  header.writeUInt32LE(36 + dataBytes, 4);
  header.writeUInt32LE(dataBytes, 40);
  const file = await open(path, "r+");
  await file.write(header, 0, 44, 0);
  await file.truncate(44 + dataBytes);
  await file.close();
}

describe("the history", () => {
  it("[U21] keeps new calls behind a chip, and its CSV has as many rows as the filter finds", async () => {
    const { page, context, errors } = await openConsole(browser, world, maxEmail, { path: "/history" });
    const rows = page.locator("tr[data-record]");
    await rows.first().waitFor();
    const before = await rows.evaluateAll((list) => list.map((row) => row.getAttribute("data-record")));
    const callId = await talk(world, anna, lisa);
    await anna.command("hangup");
    await page.getByRole("button", { name: "1 new" }).waitFor();
    expect(await rows.evaluateAll((list) => list.map((row) => row.getAttribute("data-record")))).toEqual(before);
    await page.getByRole("button", { name: "1 new" }).click();
    await page.locator(`tr[data-record="${callId}"]`).waitFor();
    const total = Number(/(\d+) in all/.exec((await page.getByText(/in all$/).textContent()) ?? "")?.[1]);
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "CSV" }).click(),
    ]);
    const lines = (await readFile(await download.path(), "utf8")).trim().split("\n");
    expect(total).toBeGreaterThan(1);
    expect(lines).toHaveLength(total + 1);
    expect(errors).toEqual([]);
    await context.close();
  });
});

describe("a conference", () => {
  it("[U2, U31] shows who speaks, is locked and recorded by its moderator, and asks before it removes somebody", async () => {
    const { page, context, errors } = await openConsole(browser, world, adminEmail, { path: "/conferences" });
    const room = page.locator('[data-room="400"]');
    await room.waitFor();
    await lisa.command("dial", "400");
    await world.cti.waitFor("CONFERENCE_PARTICIPANT_JOINED", ({ data }) => data["displayName"] === "Lisa Weber");
    await tom.command("dial", "400");
    const person = (number: string) => room.locator(`[data-participant="${number}"]`);
    await person("202").and(page.locator('[data-talking="true"]')).waitFor();
    await person("202").getByText("speaks").waitFor();
    await person("202").getByRole("button", { name: "Mute" }).click();
    await person("202").and(page.locator('[data-talking="false"]')).waitFor();
    await person("202").getByText("muted").waitFor();
    await room.getByRole("button", { name: "Lock" }).click();
    await room.getByText("locked").waitFor();
    await room.getByRole("button", { name: "Unlock" }).click();
    await room.and(page.locator('[data-locked="false"]')).waitFor();
    await room.getByRole("button", { name: "Record" }).click();
    await world.cti.waitFor("CONFERENCE_RECORDING_STARTED");
    await room.getByText("recorded").waitFor();
    await room.getByRole("button", { name: "Stop recording" }).click();
    await room.getByText("recorded").waitFor({ state: "detached" });
    await person("202").getByRole("button", { name: "Remove" }).click();
    const question = page.getByRole("alertdialog");
    await question.getByText("Remove Tom Müller from Team Meeting?").waitFor();
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Cancel");
    await page.keyboard.press("Escape");
    await question.waitFor({ state: "detached" });
    expect(await person("202").count()).toBe(1);
    await person("202").getByRole("button", { name: "Remove" }).click();
    await question.getByRole("button", { name: "Remove" }).click();
    await person("202").waitFor({ state: "detached" });
    expect(errors).toEqual([]);
    await context.close();
  });

  it("[V28, U4] gets a moderator by key, and ends for all with the last one, as its form in the administration says", async () => {
    const { page, context, errors } = await openConsole(browser, world, adminEmail, { path: "/admin/conferences" });
    const seen = world.cti.events.length;
    const next = (type: string, name?: string) =>
      world.cti.waitFor(
        type,
        (event) =>
          world.cti.events.indexOf(event) >= seen && (name === undefined || event.data["displayName"] === name),
      );
    await page.getByRole("button", { name: "Add" }).click();
    await page.getByLabel("Number").fill("430");
    await page.getByLabel("Name").fill("Review");
    await page.getByLabel("Ends when the last moderator leaves").check();
    await page.getByRole("button", { name: "Save" }).click();
    await page.locator('tr[data-row="Review"]').waitFor();
    await page.goto("/conferences");
    const room = page.locator('[data-room="430"]');
    await room.getByText("Ends with its last moderator").waitFor();
    for (const phone of [lisa, tom]) {
      await phone.command("dial", "430");
      await next("CONFERENCE_PARTICIPANT_JOINED", phone === lisa ? "Lisa Weber" : "Tom Müller");
    }
    const person = room.locator('[data-participant="201"]');
    await person.getByRole("button", { name: "Make moderator: Lisa Weber" }).focus();
    await page.keyboard.press("Enter");
    const promoted = await next("CONFERENCE_PARTICIPANT_PROMOTED", "Lisa Weber");
    expect(promoted.data).toMatchObject({ promotedBy: { displayName: "Administrator" } });
    await person.getByText("Moderator", { exact: true }).waitFor();
    expect(await person.getByRole("button", { name: /^Make moderator/ }).count()).toBe(0);
    expect(await room.getByRole("button", { name: "Make moderator: Tom Müller" }).count()).toBe(1);
    // The button is gone, the place is not lost.
    await expect.poll(() => person.evaluate((row) => row === document.activeElement)).toBe(true);
    await person.getByRole("button", { name: "Remove: Lisa Weber" }).click();
    await page
      .getByRole("alertdialog")
      .getByText(/The conference then ends for all/)
      .waitFor();
    await page.keyboard.press("Escape");
    await lisa.command("hangup");
    expect((await next("CONFERENCE_ENDED")).data).toMatchObject({ reason: "no_moderator" });
    await room.getByText("Nobody is in it.").waitFor();
    expect((await next("CALL_ENDED")).data).toMatchObject({ callId: expect.any(String) });
    expect(errors).toEqual([]);
    await context.close();
  });

  it("[U20] keeps the order of joining while people come and go, and counts as the events do", async () => {
    const { page, context, errors } = await openConsole(browser, world, adminEmail, { path: "/conferences" });
    const room = page.locator('[data-room="400"]');
    await room.locator('[data-participant="201"]').waitFor();
    for (let round = 0; round < 25; round += 1) {
      for (const phone of [tom, anna]) {
        const seen = world.cti.events.length;
        await phone.command("dial", "400");
        const joined = await world.cti.waitFor(
          "CONFERENCE_PARTICIPANT_JOINED",
          (event) => world.cti.events.indexOf(event) >= seen,
        );
        await room.getByText(`${String(joined.data["currentParticipantCount"])} in it`).waitFor();
      }
      const order = await room
        .locator("[data-participant]")
        .evaluateAll((list) => list.map((each) => each.getAttribute("data-participant")));
      expect(order).toEqual(["201", "202", "200"]);
      for (const phone of [tom, anna]) {
        const seen = world.cti.events.length;
        await phone.command("hangup");
        const left = await world.cti.waitFor(
          "CONFERENCE_PARTICIPANT_LEFT",
          (event) => world.cti.events.indexOf(event) >= seen,
        );
        await room.getByText(`${String(left.data["currentParticipantCount"])} in it`).waitFor();
      }
    }
    await lisa.command("hangup");
    await room.getByText("Nobody is in it.").waitFor();
    expect(errors).toEqual([]);
    await context.close();
  });
});
