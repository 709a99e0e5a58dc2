import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildConsole, maxEmail, openConsole, startBrowser, tomEmail } from "./src/browser.ts";
import { keepShot } from "./src/shots.ts";
import { adminEmail, startWorld, type World } from "./src/world.ts";

let world: World;
let browser: Browser;
let axe = "";

const userPages = ["panel", "agent", "wall", "supervisor", "history", "voicemail", "conferences", "events", "settings"];
const adminPages = [
  "extensions",
  "users",
  "trunks",
  "inbound",
  "outbound",
  "explain",
  "queues",
  "conferences",
  "prompts",
  "webhooks",
  "audit",
  "status",
];
const looks = (["en", "de"] as const).flatMap((language) =>
  (["light", "dark"] as const).map((theme) => ({ language, theme })),
);

/** A busy morning: a call that talks, one that waits, one that is parked, a message, a conference. */
beforeAll(async () => {
  buildConsole();
  world = await startWorld({ env: { PBXX_RING_TIMEOUT_SECONDS: "60" } });
  axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
  const { cti } = world;
  await cti.send("subscribe", { channels: ["queues", "agents", "conferences", "voicemail", "parking"] });
  const departments = { "100": "Zentrale", "200": "Support", "201": "Support", "202": "Vertrieb" };
  for (const [number, department] of Object.entries(departments)) await world.patchExtension(number, { department });
  const people = [
    "Sofia Becker",
    "Jonas Wagner",
    "Emma Fischer",
    "Paul Hoffmann",
    "Mia Schulz",
    "Ben Koch",
    "Lea Richter",
    "Finn Wolf",
    "Ida Neumann",
    "Noah Krüger",
    "Clara Braun",
  ];
  for (const [index, displayName] of people.entries()) {
    const department = ["Vertrieb", "Technik", "Buchhaltung"][index % 3];
    await world.request("POST", "/extensions", { number: String(210 + index), displayName, department });
  }
  await world.startPhone("200", { toneHz: 440, answerMode: "auto" });
  const lisa = await world.startPhone("201", { toneHz: 660 });
  const tom = await world.startPhone("202", { toneHz: 880 });
  const max = await world.startPhone("100", { toneHz: 770 });
  await lisa.command("dial", "200");
  const first = await cti.waitFor("CALL_ANSWERED");
  await cti.send("recordStart", { callId: first.data["callId"] });
  await new Promise((done) => setTimeout(done, 3000));
  await cti.send("recordStop", { callId: first.data["callId"] });
  const annaId = await world.extensionId("200");
  await cti.send("park", { callId: first.data["callId"], extensionId: annaId });
  await cti.waitFor("CALL_PARKED");
  const queues = (await world.get("/queues")) as { data: { id: string }[] };
  await cti.send("agentLogin", { extensionId: annaId, queueIds: queues.data.map(({ id }) => id) });
  await tom.command("dial", "300");
  await cti.waitFor("QUEUE_CALL_ANSWERED");
  await max.command("dial", "310");
  await cti.waitFor("QUEUE_CALL_ENTERED", ({ data }) => data["queueName"] === "Sales");
  browser = await startBrowser();
});
afterAll(async () => {
  await browser?.close();
  await world?.stop();
});

/** What axe finds that is serious, in words. */
async function faultsOf(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe);
  const found = await page.evaluate(async () => {
    const { axe: checker } = globalThis as unknown as {
      axe: {
        run(): Promise<{
          violations: { id: string; impact: string; nodes: { html: string; failureSummary: string }[] }[];
        }>;
      };
    };
    return (await checker.run()).violations;
  });
  return found
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(
      ({ id, nodes }) =>
        `${id}: ${nodes
          .map(({ html, failureSummary }) => `${html.slice(0, 160)} ${failureSummary.slice(0, 200)}`)
          .slice(0, 2)
          .join(" | ")}`,
    );
}

async function settle(page: Page): Promise<void> {
  await page.locator("h1").first().waitFor();
  await page.waitForTimeout(700);
}

describe.each(looks)("in $language, $theme", ({ language, theme }) => {
  it("every page is without a serious fault for those who see, hear or move differently", async () => {
    const faults: Record<string, readonly string[]> = {};
    const user = await openConsole(browser, world, maxEmail, { language, theme, path: "/settings" });
    for (const name of userPages) {
      await user.page.goto(`/${name}`);
      await user.page.locator('[data-connection="live"]').waitFor();
      await settle(user.page);
      if (name === "wall") await user.page.waitForTimeout(5200);
      faults[name] = await faultsOf(user.page);
      await keepShot(user.page, `console-${name}-${language}-${theme}`);
    }
    const admin = await openConsole(browser, world, adminEmail, { language, theme, path: "/welcome" });
    await settle(admin.page);
    faults["welcome"] = await faultsOf(admin.page);
    await keepShot(admin.page, `console-welcome-${language}-${theme}`);
    for (const path of ["recordings", ...adminPages.map((name) => `admin/${name}`)]) {
      await admin.page.goto(`/${path}`);
      await settle(admin.page);
      faults[path] = await faultsOf(admin.page);
      await keepShot(admin.page, `console-${path.replace("/", "-")}-${language}-${theme}`);
    }
    await user.context.close();
    await admin.context.close();
    expect(Object.fromEntries(Object.entries(faults).filter(([, list]) => list.length > 0))).toEqual({});
    expect([...user.errors, ...admin.errors]).toEqual([]);
  }, 600_000);
});

it.each(looks)(
  "[U5] every state has a shape and a word of its own, which say it without colour, in $language, $theme",
  async ({ language, theme }) => {
    const look = { language, theme, path: "/settings", height: 1400 } as const;
    const { page, context, errors } = await openConsole(browser, world, tomEmail, look);
    const legend = page.locator("[data-legend]");
    await legend.waitFor();
    const parts = await legend.locator("ul").evaluateAll((lists) =>
      lists.map((list) =>
        [...list.querySelectorAll("li")].map((mark) => ({
          word: mark.textContent,
          shape: [...mark.querySelectorAll("svg")].map(({ innerHTML, outerHTML }) => [
            innerHTML,
            /fill="[^"]*" stroke/.exec(outerHTML)?.[0],
          ]),
        })),
      ),
    );
    expect(parts.flat().length).toBeGreaterThan(30);
    for (const marks of parts) {
      expect(new Set(marks.map(({ word }) => word)).size).toBe(marks.length);
      expect(new Set(marks.map(({ shape }) => JSON.stringify(shape))).size).toBe(marks.length);
      expect(marks.filter(({ word, shape }) => word === "" || shape.length !== 1)).toEqual([]);
    }
    // What a screen reader is told.
    const told = await legend.ariaSnapshot();
    for (const { word } of parts.flat()) expect(told).toContain(`listitem: ${word}`);
    const session = await context.newCDPSession(page);
    await session.send("Emulation.setEmulatedVisionDeficiency", { type: "achromatopsia" });
    await legend.scrollIntoViewIfNeeded();
    if (language === "en" && theme === "light") await keepShot(page, "console-marks-grey");
    expect(errors).toEqual([]);
    await context.close();
  },
);

it.each([
  { size: "a phone's screen", width: 360, height: 740 },
  { size: "a window at 200 %", width: 640, height: 400 },
])(
  "every page fits $size, without scrolling sideways",
  async ({ width, height }) => {
    const look = { width, height, language: "de" } as const;
    const user = await openConsole(browser, world, maxEmail, { ...look, path: "/settings" });
    const admin = await openConsole(browser, world, adminEmail, { ...look, path: "/welcome" });
    const wide: string[] = [];
    const measure = async (page: Page, path: string): Promise<void> => {
      await page.goto(`/${path}`);
      await settle(page);
      const found = await page.evaluate(() => {
        const main = document.querySelector("main");
        return Math.max(
          document.documentElement.scrollWidth - innerWidth,
          (main?.scrollWidth ?? 0) - (main?.clientWidth ?? 0),
        );
      });
      if (found > 0) wide.push(`${path}: ${found} too wide`);
    };
    for (const name of userPages) {
      await measure(user.page, name);
      if (name === "panel" && width === 360) await keepShot(user.page, "console-panel-small");
    }
    for (const path of ["welcome", "recordings", ...adminPages.map((name) => `admin/${name}`)])
      await measure(admin.page, path);
    expect(wide).toEqual([]);
    for (const { context } of [user, admin]) await context.close();
  },
  600_000,
);

it("[U10] a window is named, fits a phone's screen, presses nothing by itself and gives the focus back", async () => {
  const { page, context, errors } = await openConsole(browser, world, adminEmail, { width: 360, height: 640 });
  interface Options {
    readonly role?: "button" | "grid";
    readonly isPressedTwice?: boolean;
  }
  const faults: Record<string, readonly string[]> = {};
  const before = world.cti.events.filter(({ type }) => type === "CALL_CREATED").length;
  const dialled = (): number => world.cti.events.filter(({ type }) => type === "CALL_CREATED").length - before;
  const look = async (path: string, opener: string | RegExp, options: Options = {}): Promise<void> => {
    const { role = "button", isPressedTwice = true } = options;
    await page.goto(path);
    const button = page.getByRole(role, { name: opener });
    await button.focus();
    if (role === "grid") await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog");
    await dialog.waitFor();
    if (isPressedTwice) await page.keyboard.press("Enter");
    const { x, y, width, height } = (await dialog.boundingBox()) ?? { x: -1, y: -1, width: 0, height: 0 };
    expect([x, y, 360 - x - width, 640 - y - height].filter((gap) => gap < 0)).toEqual([]);
    expect(await dialog.evaluate((node) => node.scrollWidth - node.clientWidth)).toBe(0);
    faults[String(opener)] = await faultsOf(page);
    await dialog.getByRole("button", { name: "Close" }).click();
    await dialog.waitFor({ state: "detached" });
    await expect.poll(() => button.evaluate((node) => node === document.activeElement)).toBe(true);
  };
  await look("/panel", "Extensions", { role: "grid" });
  await look("/admin/extensions", /^Phone settings 200/);
  // Enter in a field of a form saves it, as everywhere.
  await look("/admin/extensions", "Edit: 200 Anna Schmidt", { isPressedTwice: false });
  await look("/admin/queues", "Members: Support");
  await look("/events", "Send a command");
  expect(dialled()).toBe(0);
  expect(Object.fromEntries(Object.entries(faults).filter(([, list]) => list.length > 0))).toEqual({});
  expect(errors).toEqual([]);
  await context.close();
});
