import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Baresip } from "./src/baresip.ts";
import {
  buildConsole,
  cardOf,
  type ConsolePage,
  dragCall,
  maxEmail,
  openConsole,
  startBrowser,
} from "./src/browser.ts";
import { keepShot } from "./src/shots.ts";
import { hearsTone } from "./src/tone.ts";
import { startWorld, type World } from "./src/world.ts";

let world: World;
let browser: Browser;
let opened: ConsolePage;
let page: Page;
let max: Baresip;
let anna: Baresip;
const [maxHz, annaHz, lisaHz] = [440, 880, 660];

beforeAll(async () => {
  buildConsole();
  world = await startWorld();
  browser = await startBrowser();
  const stranger = await browser.newPage({ baseURL: world.server.url, viewport: { width: 1120, height: 600 } });
  await stranger.goto("/");
  await stranger.locator('input[name="email"]').waitFor();
  await keepShot(stranger, "console-log-in");
  await stranger.close();
  opened = await openConsole(browser, world, maxEmail, { path: "/panel", width: 1120, height: 600 });
  page = opened.page;
});
afterAll(async () => {
  await browser?.close();
  await world?.stop();
});

async function ownCallId(): Promise<string> {
  const card = page.locator("[data-dock] article[data-call]");
  await card.first().waitFor();
  return (await card.first().getAttribute("data-call")) ?? "";
}

describe("the first day of an operator, who", () => {
  it("[U2] sees a phone register without a reload", async () => {
    await cardOf(page, "200").and(page.locator('[data-state="panel.noPhone"]')).waitFor();
    anna = await world.startPhone("200", { toneHz: annaHz });
    await cardOf(page, "200").and(page.locator('[data-state="presence.available"]')).waitFor();
    await keepShot(page, "first-day-phone");
    max = await world.startPhone("100", { toneHz: maxHz, answerMode: "auto" });
    await world.startPhone("201", { toneHz: lisaHz, answerMode: "auto" });
  });

  it("[U5, U24, U30] clicks to call, sees it on the card and in the dock, and both hear each other", async () => {
    await page.keyboard.press("d");
    await page.keyboard.type("anna");
    await page.keyboard.press("Enter");
    await cardOf(page, "200").and(page.locator('[data-state="call.ringing"]')).waitFor();
    const callId = await ownCallId();
    await keepShot(page, "first-day-ringing");
    await anna.command("accept");
    await world.cti.waitFor("CALL_ANSWERED", ({ data }) => data["callId"] === callId);
    await page.locator(`[data-call="${callId}"][data-state="talking"]`).waitFor();
    await cardOf(page, "200").and(page.locator('[data-state="call.answered"]')).waitFor();
    expect(await hearsTone(() => anna.heardFiles(), maxHz)).toBe(true);
    expect(await hearsTone(() => max.heardFiles(), annaHz)).toBe(true);
    await keepShot(page, "first-day-talking");
  });

  it("[U1, U31] presses Escape twenty times, and the call lives", async () => {
    const callId = await ownCallId();
    for (let press = 0; press < 20; press += 1) await page.keyboard.press("Escape");
    await page.locator(`[data-call="${callId}"][data-state="talking"]`).waitFor();
    expect(world.cti.typesOf(callId)).not.toContain("CALL_ENDED");
  });

  it("[U25] holds and resumes by key, and sees what the server says", async () => {
    const callId = await ownCallId();
    await page.keyboard.press("h");
    await world.cti.waitFor("CALL_HELD", ({ data }) => data["callId"] === callId);
    await page.locator(`[data-call="${callId}"][data-state="held"]`).waitFor();
    await page.keyboard.press("h");
    await world.cti.waitFor("CALL_UNHELD", ({ data }) => data["callId"] === callId);
    await page.locator(`[data-call="${callId}"][data-state="talking"]`).waitFor();
  });

  it("[U34] drops a call beside every zone, and nothing is sent", async () => {
    const callId = await ownCallId();
    const before = world.cti.typesOf(callId).length;
    await page.locator(`[data-dock] [data-grip="${callId}"]`).hover();
    await page.mouse.down();
    await page.mouse.move(640, 300, { steps: 4 });
    await page.mouse.up();
    await page.locator(`[data-call="${callId}"][data-state="talking"]`).waitFor();
    expect(world.cti.typesOf(callId)).toHaveLength(before);
  });

  it("[U34] drags the call onto a colleague, and the other two talk", async () => {
    const callId = await ownCallId();
    await dragCall(page, callId, "extension:201", "transferBlind", () => keepShot(page, "first-day-drag"));
    await world.cti.waitFor("CALL_TRANSFERRED", ({ data }) => data["callId"] === callId);
    await page.locator("[data-dock]").waitFor({ state: "detached", timeout: 20_000 });
    await cardOf(page, "201").and(page.locator('[data-state="call.answered"]')).waitFor();
    expect(await hearsTone(() => anna.heardFiles(), lisaHz)).toBe(true);
    await keepShot(page, "first-day-transferred");
  });

  it("[U5] reads the call's story from its card", async () => {
    await cardOf(page, "201").click();
    await page.getByRole("button", { name: "Call timeline" }).click();
    const story = page.locator("[data-timeline]");
    await story.locator('[data-event="CALL_TRANSFERRED"]').waitFor();
    await keepShot(page, "first-day-story");
    const seqs = await story.locator("li > span:last-child").allTextContents();
    expect(seqs.length).toBeGreaterThan(4);
    expect(seqs.map(Number)).toEqual(seqs.map(Number).toSorted((a, b) => a - b));
    await page.keyboard.press("Escape");
    await story.waitFor({ state: "detached" });
  });

  it("has met no error, also none of the content security policy", () => {
    expect(opened.errors).toEqual([]);
  });
});
