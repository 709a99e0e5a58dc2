import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { startBrowser } from "./src/browser.ts";
import { connectionsOf, openTab, readTab, startTabsSite, type TabsSite, until } from "./src/tabs-page/tabs.ts";
import { startWorld, type World } from "./src/world.ts";

let world: World;
let browser: Browser;
let site: TabsSite;
let context: BrowserContext;
/** Connections that are there without any tab: the test's own. */
let others: number;
let groups = 0;

beforeAll(async () => {
  [world, browser, site] = await Promise.all([startWorld(), startBrowser(), startTabsSite()]);
  others = await connectionsOf(world);
});
afterEach(() => context?.close());
afterAll(async () => {
  await browser?.close();
  await site?.stop();
  await world?.stop();
});

/** Tabs of one user in a fresh browser profile, live. */
async function openTabs(count: number, { hasWorker }: { readonly hasWorker: boolean }): Promise<readonly Page[]> {
  groups += 1;
  context = await browser.newContext();
  if (!hasWorker) await context.addInitScript("delete window.SharedWorker");
  const pages: Page[] = [];
  for (let index = 0; index < count; index += 1) pages.push(await openTab(context, site, world, `user-${groups}`));
  return pages;
}

/** Changes something that every tab hears of; answers its position in the log. */
async function change(isDnd: boolean): Promise<number> {
  const seen = world.cti.events.length;
  await world.patchExtension("200", { dndEnabled: isDnd });
  const event = await world.cti.waitFor(
    "EXTENSION_STATUS_CHANGED",
    (each) => world.cti.events.indexOf(each) >= seen && each.data["number"] === "200",
  );
  return event.seq ?? 0;
}

async function leaderOf(pages: readonly Page[]): Promise<Page> {
  const states = await Promise.all(pages.map(async (page) => ({ page, ...(await readTab(page)) })));
  const leaders = states.filter(({ isLeader }) => isLeader);
  expect(leaders).toHaveLength(1);
  return leaders[0]?.page as Page;
}

async function eachHeard(pages: readonly Page[], wanted: readonly number[]): Promise<void> {
  for (const page of pages) {
    const { seqs, gaps } = await until(page, (state) => wanted.every((seq) => state.seqs.includes(seq)));
    expect(seqs.filter((seq) => wanted.includes(seq))).toEqual(wanted);
    expect(gaps).toBe(0);
  }
}

describe("tabs of a real browser", () => {
  it("[T1] [T2] with a SharedWorker have one connection, which outlives any of them", async () => {
    const pages = await openTabs(3, { hasWorker: true });
    await expect.poll(() => connectionsOf(world)).toBe(others + 1);
    const states = await Promise.all(pages.map(readTab));
    expect(states.map(({ isLeader, extensions }) => [isLeader, extensions > 3])).toEqual(
      pages.map(() => [false, true]),
    );
    const first = await change(true);
    await eachHeard(pages, [first]);
    await pages[0]?.close();
    const second = await change(false);
    await eachHeard(pages.slice(1), [first, second]);
    await expect.poll(() => connectionsOf(world)).toBe(others + 1);
  });

  it("[T1] [T2] [I11] without one the next tab takes over when the leader's is closed: no gap, nothing twice", async () => {
    const pages = await openTabs(3, { hasWorker: false });
    await expect.poll(() => connectionsOf(world)).toBe(others + 1);
    const leader = await leaderOf(pages);
    const rest = pages.filter((page) => page !== leader);
    const first = await change(true);
    await eachHeard(pages, [first]);
    await leader.close();
    const second = await change(false);
    await eachHeard(rest, [first, second]);
    await leaderOf(rest);
    await expect.poll(() => connectionsOf(world)).toBe(others + 1);
  });

  it("[T2] a crash of the leader's tab is no more than its closing", async () => {
    const pages = await openTabs(2, { hasWorker: false });
    const leader = await leaderOf(pages);
    const rest = pages.filter((page) => page !== leader);
    const first = await change(true);
    await eachHeard(pages, [first]);
    await leader.goto("chrome://crash").catch(() => undefined);
    const second = await change(false);
    await eachHeard(rest, [first, second]);
    await leaderOf(rest);
  });

  it("[T2] a frozen leader is taken over after 6 s and follows when it wakes", async () => {
    const pages = await openTabs(2, { hasWorker: false });
    const leader = await leaderOf(pages);
    const [other] = pages.filter((page) => page !== leader) as [Page];
    const first = await change(true);
    await eachHeard(pages, [first]);
    await other.bringToFront();
    const devTools = await context.newCDPSession(leader);
    // Chromium freezes no page that holds a lock, but the machine under it may stop for as long: no code of it runs.
    await devTools.send("Debugger.enable");
    await devTools.send("Debugger.pause");
    const second = await change(false);
    const state = await until(other, ({ isLeader }) => isLeader);
    expect(state.diagnostics).toContain("share: the leader is silent");
    const third = await change(true);
    await eachHeard([other], [first, second, third]);
    await devTools.send("Debugger.resume");
    await eachHeard(pages, [first, second, third]);
    await until(leader, ({ at, isLeader }) => at === "live" && !isLeader);
    expect(await leaderOf(pages)).toBe(other);
    await expect.poll(() => connectionsOf(world)).toBe(others + 1);
  });

  it("[T3] [I11] exactly one tab is foremost, the one that was looked at last", async () => {
    const pages = await openTabs(3, { hasWorker: true });
    for (const page of pages) {
      await page.bringToFront();
      await page.evaluate(() => window.dispatchEvent(new Event("focus")));
      // The others hear of it a moment later.
      await expect
        .poll(async () => (await Promise.all(pages.map(readTab))).map(({ isForemost }) => isForemost))
        .toEqual(pages.map((each) => each === page));
    }
  });

  it("[T1] a log-out in one tab closes all, and the server has no connection of theirs", async () => {
    const pages = await openTabs(2, { hasWorker: false });
    await pages[0]?.evaluate(() => (window as unknown as { logOut(): Promise<void> }).logOut());
    for (const page of pages) await until(page, ({ at }) => at === "closed");
    await expect.poll(() => connectionsOf(world)).toBe(others);
  });

  it("[T2] a command of a tab that is no leader is answered", async () => {
    const pages = await openTabs(2, { hasWorker: false });
    const leader = await leaderOf(pages);
    const [follower] = pages.filter((page) => page !== leader) as [Page];
    const extensionId = await world.extensionId("201");
    const outcome = await follower.evaluate(
      (id) => (window as unknown as { setDnd(id: string, on: boolean): Promise<{ ok: boolean }> }).setDnd(id, true),
      extensionId,
    );
    expect(outcome.ok).toBe(true);
  });
});
