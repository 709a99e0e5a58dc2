import { setTimeout as delay } from "node:timers/promises";
import { type Browser, chromium, type Page } from "playwright-core";
import { type Benchmark, type BenchmarkResult, quantile } from "../benchmark.ts";
import { startPbx } from "../pbx/server.ts";
import { familyOf } from "../process-figures.ts";
import { idsOf, startChanges } from "./changes.ts";
import { type Frames, frames, framesPerSecond, openEmptyList, openStaticCards } from "./frames.ts";
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
    const { browser, pid } = await startChromium();
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
      const peers = await browser.newContext({ viewport: { width: 1440, height: 900 } });
      const [empty, cards] = [await peers.newPage(), await peers.newPage()];
      await openEmptyList(empty);
      await openStaticCards(cards, extensions);
      const framesOf = async (each: Page) => {
        await each.bringToFront();
        return frames(each, seconds, pid);
      };
      const measure = async (): Promise<Compared> => ({
        empty: await framesOf(empty),
        cards: await framesOf(cards),
        ours: await framesOf(page),
      });
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

/** What was started by this process and is no server is the browser. */
async function startChromium(): Promise<{ readonly browser: Browser; readonly pid: number }> {
  const before = new Set(familyOf(process.pid));
  const browser = await chromium.launch({
    executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-dev-shm-usage"],
  });
  const pid = familyOf(process.pid).find((each) => !before.has(each));
  if (pid === undefined) throw new Error("the browser has no process");
  return { browser, pid };
}

interface Compared {
  readonly empty: Frames;
  readonly cards: Frames;
  readonly ours: Frames;
}

interface Measured {
  readonly load: PageLoad;
  readonly slowLoad: PageLoad;
  readonly still: Compared;
  readonly busy: Compared;
  readonly rate: number;
  readonly mounted: number;
  readonly extensions: number;
}

function resultOf({ load, slowLoad, still, busy, rate, mounted, extensions }: Measured): BenchmarkResult {
  const row = (name: string, what: string, measured: Frames) => [
    name,
    what,
    framesPerSecond(measured),
    quantile(measured.times, 0.5),
    quantile(measured.times, 0.95),
    Math.max(...measured.times),
    measured.cpuMs,
  ];
  const rowsOf = (name: string, { empty, cards, ours }: Compared) => [
    row(name, "empty list", empty),
    row(name, "cards without script", cards),
    row(name, "operator panel", ours),
  ];
  return {
    columns: ["list is scrolled", "page", "frames/s", "median ms", "p95 ms", "longest ms", "CPU ms a frame"],
    rows: [...rowsOf("nothing changes", still), ...rowsOf(`${Math.round(rate)} changes/s`, busy)],
    notes: [
      "The empty list is the ceiling: the same browser on the same machine scrolls a list of that height without rows; the cards without script are as many plain ones in a page of HTML.",
      `${extensions} extensions, ${mounted} cards in the page.`,
      describeLoad("Opening the panel", load),
      describeLoad("With a processor four times slower", slowLoad),
      `Script of the first view: ${Math.round(load.scriptKb)} kB (brotli).`,
      "Chromium without a window and without a graphics card draws on the same two cores that serve and change.",
    ],
  };
}
