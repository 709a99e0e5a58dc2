import { setTimeout as delay } from "node:timers/promises";
import { type Browser, chromium, type Page } from "playwright-core";
import { type Benchmark, type BenchmarkResult, quantile } from "../benchmark.ts";
import { type BenchPbx, startPbx } from "../pbx/server.ts";

/** The web console in a real browser: first view, and the operator panel under many changes. */
export const consoleInBrowser: Benchmark = {
  name: "console",
  about: "the web console in Chromium: first paint, script, and frames with 2,000 extensions at 50 changes a second",
  run: async ({ isQuick, log }) => {
    const extensions = isQuick ? 200 : 2000;
    const seconds = isQuick ? 3 : 10;
    const pbx = await startPbx();
    const browser = await chromium.launch({
      executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
      args: ["--no-sandbox", "--disable-dev-shm-usage"],
    });
    try {
      log(`${extensions} extensions`);
      const numbers = Array.from({ length: extensions }, (_, index) => String(10_000 + index));
      await pbx.addExtensions(numbers);
      const page = await openPanel(browser, pbx);
      const paint = await firstPaint(page);
      await page.locator('[role="gridcell"]').first().waitFor();
      const still = await frames(page, seconds);
      log("50 changes a second");
      const stop = changes(pbx, await idsOf(pbx), 50);
      await delay(1000);
      const busy = await frames(page, seconds);
      const rate = await stop();
      return resultOf({
        paint,
        still,
        busy,
        rate,
        mounted: await page.locator('[role="gridcell"]').count(),
        extensions,
      });
    } finally {
      await browser.close();
      await pbx.stop();
    }
  },
};

async function openPanel(browser: Browser, { url, token }: BenchPbx): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const login = {
    userId: "bench",
    displayName: "Bench",
    accessToken: token,
    refreshToken: "-",
    expiresAt: Date.now() + 3_600_000,
  };
  await context.addInitScript((kept) => localStorage.setItem("pbx-x.login", kept), JSON.stringify(login));
  const page = await context.newPage();
  await page.goto(`${url}/panel`);
  await page.locator('[data-connection="live"]').waitFor();
  return page;
}

/** Milliseconds until something is seen, and kilobytes of script as they were sent. */
async function firstPaint(page: Page): Promise<{ readonly ms: number; readonly scriptKb: number }> {
  return page.evaluate(() => {
    const paint = performance.getEntriesByName("first-contentful-paint")[0];
    const scripts = (performance.getEntriesByType("resource") as PerformanceResourceTiming[]).filter(({ name }) =>
      name.endsWith(".js"),
    );
    return {
      ms: paint?.startTime ?? Number.NaN,
      scriptKb: scripts.reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0) / 1000,
    };
  });
}

/** Milliseconds between the frames of some seconds in which the list is scrolled. */
function frames(page: Page, seconds: number): Promise<readonly number[]> {
  return page.evaluate(
    (wanted) =>
      new Promise<number[]>((resolve) => {
        const list = document.querySelector('[role="grid"]');
        const times: number[] = [];
        const began = performance.now();
        let last = began;
        const next = (now: number): void => {
          times.push(now - last);
          last = now;
          if (list !== null) list.scrollTop = 2000 + 1500 * Math.sin((now - began) / 900);
          if (now - began < wanted * 1000) requestAnimationFrame(next);
          else resolve(times.slice(1));
        };
        requestAnimationFrame(next);
      }),
    seconds,
  );
}

async function idsOf({ url, token }: BenchPbx): Promise<readonly string[]> {
  const response = await fetch(`${url}/api/v1/extensions?limit=100&page=2`, {
    headers: { authorization: `Bearer ${token}` },
  });
  const { data } = (await response.json()) as { data: { id: string }[] };
  return data.map(({ id }) => id);
}

/** Switches do not disturb of one extension after the other; what is returned stops it and answers the rate it came to. */
function changes({ url, token }: BenchPbx, ids: readonly string[], perSecond: number): () => Promise<number> {
  let isOn = true;
  let done = 0;
  const began = performance.now();
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const running = (async () => {
    for (let index = 0; isOn; index += 1) {
      const due = began + (index * 1000) / perSecond;
      await delay(Math.max(0, due - performance.now()));
      const body = JSON.stringify({ dndEnabled: Math.floor(index / ids.length) % 2 === 0 });
      void fetch(`${url}/api/v1/extensions/${ids[index % ids.length]}`, { method: "PATCH", headers, body }).then(
        () => (done += 1),
      );
    }
  })();
  return async () => {
    isOn = false;
    await running;
    return (done * 1000) / (performance.now() - began);
  };
}

interface Measured {
  readonly paint: { readonly ms: number; readonly scriptKb: number };
  readonly still: readonly number[];
  readonly busy: readonly number[];
  readonly rate: number;
  readonly mounted: number;
  readonly extensions: number;
}

function resultOf({ paint, still, busy, rate, mounted, extensions }: Measured): BenchmarkResult {
  const fps = (times: readonly number[]): number => (times.length * 1000) / times.reduce((sum, time) => sum + time, 0);
  const row = (name: string, times: readonly number[]) => [
    name,
    fps(times),
    quantile(times, 0.5),
    quantile(times, 0.95),
    Math.max(...times),
  ];
  return {
    columns: ["list is scrolled", "frames/s", "median ms", "p95 ms", "longest ms"],
    rows: [row("nothing changes", still), row(`${Math.round(rate)} changes/s`, busy)],
    notes: [
      `${extensions} extensions, ${mounted} cards in the page.`,
      `First contentful paint ${Math.round(paint.ms)} ms, script of the first view ${Math.round(paint.scriptKb)} kB (brotli).`,
      "Chromium without a window and without a graphics card draws on the same two cores that serve and change.",
    ],
  };
}
