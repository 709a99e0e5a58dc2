import { setTimeout as delay } from "node:timers/promises";
import { type Browser, chromium } from "playwright-core";
import { type Benchmark, type BenchmarkResult, quantile } from "../benchmark.ts";
import { startPbx } from "../pbx/server.ts";
import { idsOf, startChanges } from "./changes.ts";
import { frames, framesPerSecond, openEmptyList } from "./frames.ts";
import { describeLoad, openPanel, type PageLoad, pageLoadOf } from "./page-load.ts";

/** Until a page that was opened has nothing more to do. */
const restMs = 3000;
const wantedChanges = 50;

/** The web console in a real browser: first view, and the operator panel under many changes. */
export const consoleInBrowser: Benchmark = {
  name: "console",
  about: "the web console in Chromium: first paint, script, and frames with 2,000 extensions at 50 changes a second",
  run: async ({ isQuick, log }) => {
    const extensions = isQuick ? 200 : 2000;
    const seconds = isQuick ? 3 : 10;
    const pbx = await startPbx();
    const browser = await startChromium();
    try {
      log(`${extensions} extensions`);
      await pbx.addExtensions(Array.from({ length: extensions }, (_, index) => String(10_000 + index)));
      const slow = await openPanel(browser, pbx, 4);
      await delay(2 * restMs);
      const slowLoad = await pageLoadOf(slow);
      await slow.context().close();
      const page = await openPanel(browser, pbx);
      await delay(restMs);
      const load = await pageLoadOf(page);
      const empty = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
      await openEmptyList(empty);
      const measure = async () => {
        await empty.bringToFront();
        const ceiling = await frames(empty, seconds);
        await page.bringToFront();
        return { ceiling, ours: await frames(page, seconds) };
      };
      const still = await measure();
      log(`${wantedChanges} changes a second`);
      const stop = startChanges(pbx, await idsOf(pbx), wantedChanges);
      await delay(1000);
      const busy = await measure();
      const rate = await stop();
      const mounted = await page.locator('[role="gridcell"]').count();
      return resultOf({ load, slowLoad, still, busy, rate, mounted, extensions });
    } finally {
      await browser.close();
      await pbx.stop();
    }
  },
};

function startChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-dev-shm-usage"],
  });
}

interface Frames {
  readonly ceiling: readonly number[];
  readonly ours: readonly number[];
}

interface Measured {
  readonly load: PageLoad;
  readonly slowLoad: PageLoad;
  readonly still: Frames;
  readonly busy: Frames;
  readonly rate: number;
  readonly mounted: number;
  readonly extensions: number;
}

function resultOf({ load, slowLoad, still, busy, rate, mounted, extensions }: Measured): BenchmarkResult {
  const row = (name: string, what: string, times: readonly number[]) => [
    name,
    what,
    framesPerSecond(times),
    quantile(times, 0.5),
    quantile(times, 0.95),
    Math.max(...times),
  ];
  const changing = `${Math.round(rate)} changes/s`;
  return {
    columns: ["list is scrolled", "page", "frames/s", "median ms", "p95 ms", "longest ms"],
    rows: [
      row("nothing changes", "empty list", still.ceiling),
      row("nothing changes", "operator panel", still.ours),
      row(changing, "empty list", busy.ceiling),
      row(changing, "operator panel", busy.ours),
    ],
    notes: [
      "The empty list is the ceiling: the same browser on the same machine scrolls a list of that height without rows.",
      `${extensions} extensions, ${mounted} cards in the page.`,
      describeLoad("Opening the panel", load),
      describeLoad("With a processor four times slower", slowLoad),
      `Script of the first view: ${Math.round(load.scriptKb)} kB (brotli).`,
      "Chromium without a window and without a graphics card draws on the same two cores that serve and change.",
    ],
  };
}
