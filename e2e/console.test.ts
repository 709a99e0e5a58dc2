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
import { talk } from "./src/conversation.ts";
import { keepShot } from "./src/shots.ts";
import { hearsTone } from "./src/tone.ts";
import { adminEmail, startWorld, type World } from "./src/world.ts";

let world: World;
let browser: Browser;
let opened: ConsolePage;
let page: Page;
let max: Baresip;
let anna: Baresip;
let lisa: Baresip;
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
    lisa = await world.startPhone("201", { toneHz: lisaHz, answerMode: "auto" });
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

  it("[U4] letters in a field do nothing to the call, nor does a late one after G: it goes to its page", async () => {
    const callId = await ownCallId();
    const before = world.cti.typesOf(callId).length;
    await page.keyboard.press("/");
    await page.keyboard.type("htaHPR1");
    expect(await page.locator(":focus").inputValue()).toBe("htaHPR1");
    await page.locator(":focus").fill("");
    await page.keyboard.press("Escape");
    await page.keyboard.press("g");
    await page.waitForTimeout(2000);
    await page.keyboard.press("h");
    await page.waitForURL("**/history*");
    await page.keyboard.press("g");
    await page.keyboard.press("p");
    await page.waitForURL("**/panel*");
    await page.locator(`[data-call="${callId}"][data-state="talking"]`).waitFor();
    expect(world.cti.typesOf(callId)).toHaveLength(before);
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

  it("has met no error, also none of the content security policy", async () => {
    expect(opened.errors).toEqual([]);
    await anna.command("hangup");
    await page.locator('[data-extension="200"][data-state="presence.available"]').waitFor();
  });
});

describe("a call's story", () => {
  it("[U5, C14] has phases of ringing, talking, holding and parking that sum to the whole call", async () => {
    const { cti } = world;
    const pass = () => new Promise((done) => setTimeout(done, 1600));
    const seen = cti.events.length;
    const next = (type: string) => cti.waitFor(type, (event) => cti.events.indexOf(event) >= seen);
    await lisa.command("dial", "200");
    const callId = String((await next("CALL_RINGING")).data["callId"]);
    await pass();
    await anna.command("accept");
    await next("CALL_ANSWERED");
    await pass();
    const extensionId = await world.extensionId("200");
    await cti.send("hold", { callId, extensionId });
    await next("CALL_HELD");
    await pass();
    await cti.send("unhold", { callId, extensionId });
    await next("CALL_UNHELD");
    await cti.send("park", { callId, extensionId });
    const { data } = await next("CALL_PARKED");
    await pass();
    await cti.send("pickup", { parkingSlot: data["parkingSlot"], extensionId: await world.extensionId("100") });
    await next("CALL_UNPARKED");
    await pass();
    await lisa.command("hangup");
    await next("CALL_ENDED");
    const { page, context, errors } = await openConsole(browser, world, adminEmail, {
      path: `/history?call=${callId}`,
    });
    const story = page.locator("[data-timeline]");
    const phases = story.getByRole("region", { name: "Phases" }).getByRole("listitem");
    await phases.first().waitFor();
    const secondsIn = (text: string): number => {
      const [, minutes, rest] = /(\d+):(\d\d)$/.exec(text.trim()) ?? [];
      return Number(minutes) * 60 + Number(rest);
    };
    const shown = await phases.allTextContents();
    expect(shown.map((text) => text.replace(/[\s\d:]+$/, "").trim())).toEqual([
      "Ringing",
      "Talking",
      "On hold",
      "Parked",
    ]);
    for (const text of shown) expect(secondsIn(text)).toBeGreaterThan(0);
    const end = (await story.locator('[data-event="CALL_ENDED"] .num').first().textContent()) ?? "";
    const whole = secondsIn(/\+(\d+:\d\d)/.exec(end)?.[1] ?? "");
    expect(Math.abs(shown.reduce((sum, text) => sum + secondsIn(text), 0) - whole)).toBeLessThanOrEqual(1);
    expect(errors).toEqual([]);
    await context.close();
  });
});

describe("the event inspector", () => {
  it("[U60] shows a command, its answer and what it caused as one group, and copies no token", async () => {
    const callId = await talk(world, lisa, anna);
    const { page, context, errors } = await openConsole(browser, world, adminEmail, { path: "/events" });
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    const group = page.getByRole("region", { name: "Command and what came of it" });
    await page.getByRole("button", { name: "Send a command" }).click();
    await page.getByLabel("Command", { exact: true }).selectOption("hold");
    const extensionId = await world.extensionId("200");
    await page.getByLabel("Parameters (JSON)").fill(JSON.stringify({ callId, extensionId }));
    await page.getByRole("button", { name: "Send", exact: true }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Send" }).click();
    const held = await world.cti.waitFor("CALL_HELD", ({ data }) => data["callId"] === callId);
    const isWhole = async (): Promise<void> => {
      await group.getByText(/^⇄ hold · /).waitFor();
      await group.getByText(/^← Answer after \d+ ms: done$/).waitFor();
      await group.getByText(new RegExp(`→ CALL_HELD ${held.seq} · \\+\\d+ ms`)).waitFor();
    };
    await isWhole();
    await page.keyboard.press("Escape");
    await page.locator('[data-event="CALL_HELD"]').click();
    await isWhole();
    expect(await group.getAttribute("data-command")).toBe((held.data["causedBy"] as { commandId: string }).commandId);
    const tokens = await page.evaluate(() => {
      const login = JSON.parse(localStorage.getItem("pbx-x.login") ?? "{}") as Record<string, string>;
      return [login["accessToken"], login["refreshToken"]].filter((token) => token !== undefined);
    });
    expect(tokens).toHaveLength(2);
    const copies = [];
    await page.getByRole("button", { name: "Copy", exact: true }).click();
    await page.getByText("Copied").waitFor();
    copies.push(await page.evaluate(() => navigator.clipboard.readText()));
    await page.locator('[data-event="CALL_ANSWERED"], [data-event="CALL_HELD"]').first().click();
    await page.locator('[role="rowgroup"]').focus();
    await page.keyboard.press("y");
    copies.push(await page.evaluate(() => navigator.clipboard.readText()));
    expect(JSON.parse(copies[0] ?? "")).toMatchObject({ type: "CALL_HELD", seq: held.seq });
    for (const token of tokens) for (const text of [...copies, await page.content()]) expect(text).not.toContain(token);
    await lisa.command("hangup");
    expect(errors).toEqual([]);
    await context.close();
  });
});
