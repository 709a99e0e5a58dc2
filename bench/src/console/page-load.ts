import type { Browser, Page } from "playwright-core";
import type { BenchPbx } from "../pbx/server.ts";

/** The figures that Lighthouse gives of a page, by the browser's own measurements; all times in ms. */
export interface PageLoad {
  readonly firstPaint: number;
  readonly largestPaint: number;
  /** What tasks over 50 ms have above that, from the first paint until the page is still. */
  readonly blocking: number;
  /** Cumulative layout shift; under 0.1 is good. */
  readonly shift: number;
  /** Script as it was sent, in kB. */
  readonly scriptKb: number;
}

interface Seen {
  readonly tasks: { readonly start: number; readonly duration: number }[];
  largest: number;
  shift: number;
}

/** A panel of somebody who is logged in; `slowdown` is the factor by which its processor is slower. */
export async function openPanel(browser: Browser, { url, token }: BenchPbx, slowdown = 1): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const login = {
    userId: "bench",
    displayName: "Bench",
    accessToken: token,
    refreshToken: "-",
    expiresAt: Date.now() + 3_600_000,
  };
  await context.addInitScript((kept) => localStorage.setItem("pbx-x.login", kept), JSON.stringify(login));
  await context.addInitScript(watchLoad);
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send("Emulation.setCPUThrottlingRate", { rate: slowdown });
  await page.goto(`${url}/panel`);
  await page.locator('[data-connection="live"]').waitFor();
  await page.locator('[role="gridcell"]').first().waitFor();
  return page;
}

/** Runs in the page before everything else. */
function watchLoad(): void {
  const seen: Seen = { tasks: [], largest: 0, shift: 0 };
  Object.assign(globalThis, { pageLoad: seen });
  const watch = (type: string, take: (entry: PerformanceEntry) => void): void =>
    new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type, buffered: true });
  watch("longtask", ({ startTime, duration }) => seen.tasks.push({ start: startTime, duration }));
  watch("largest-contentful-paint", ({ startTime }) => (seen.largest = startTime));
  watch("layout-shift", (entry) => {
    const { value, hadRecentInput } = entry as PerformanceEntry & { value: number; hadRecentInput: boolean };
    if (!hadRecentInput) seen.shift += value;
  });
}

/** To be asked once the page has come to rest. */
export function pageLoadOf(page: Page): Promise<PageLoad> {
  return page.evaluate(() => {
    const { pageLoad } = globalThis as unknown as { readonly pageLoad: Seen };
    const firstPaint = performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? Number.NaN;
    const scripts = (performance.getEntriesByType("resource") as PerformanceResourceTiming[]).filter(({ name }) =>
      name.endsWith(".js"),
    );
    return {
      firstPaint,
      largestPaint: pageLoad.largest,
      blocking: pageLoad.tasks
        .filter(({ start }) => start > firstPaint)
        .reduce((sum, { duration }) => sum + duration - 50, 0),
      shift: pageLoad.shift,
      scriptKb: scripts.reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0) / 1000,
    };
  });
}

export function describeLoad(name: string, load: PageLoad): string {
  const ms = (value: number): string => `${Math.round(value)} ms`;
  return `${name}: first contentful paint ${ms(load.firstPaint)}, largest ${ms(load.largestPaint)}, total blocking time ${ms(load.blocking)}, layout shift ${load.shift.toFixed(3)}.`;
}
