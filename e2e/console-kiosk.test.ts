import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { buildConsole, maxEmail, openConsole, startBrowser } from "./src/browser.ts";
import { type ServerProcess, startServer } from "./src/server-process.ts";

let dataDir: string;
let server: ServerProcess;
let browser: Browser;
const hourMs = 3_600_000;
/** Time passes in leaps of five minutes: the page sees a machine that sleeps and wakes, all day. */
const stepMs = 300_000;
const env = { PBXX_REST_REQUESTS_PER_MINUTE: "100000" };

beforeAll(async () => {
  buildConsole();
  dataDir = await mkdtemp(join(tmpdir(), "pbx-x-kiosk-"));
  server = await startServer({ dataDir, env });
  browser = await startBrowser();
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
  await rm(dataDir, { recursive: true, force: true });
});

async function pass(page: Page, hours: number): Promise<void> {
  for (let passed = 0; passed < hours * hourMs; passed += stepMs) await page.clock.fastForward(stepMs);
}

/** Bytes in use once nothing is left to collect. */
async function heapOf(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  await session.detach();
  return usedSize;
}

/** Until figures come from the server that was just started: they are of a time that goes on. */
async function restart(tile: Locator): Promise<void> {
  const { ready } = server;
  await server.stop();
  server = await startServer({ dataDir, env, ports: ready });
  const time = tile.getByText(/^as of /);
  // A client may wait 30 s for its next try, and figures come every 5 s.
  const first = await time.textContent({ timeout: 60_000 });
  await expect.poll(() => time.textContent(), { timeout: 60_000 }).not.toBe(first);
}

it("[U50] a wallboard in kiosk view is live after a day with renewals of its token and two restarts, on the same heap", async () => {
  const { page, context } = await openConsole(browser, { server }, maxEmail, { path: "/wall" });
  let renewals = 0;
  page.on("request", (request) => (renewals += request.url().endsWith("/auth/refresh") ? 1 : 0));
  await page.clock.install();
  await page.goto("/wall?kiosk=1");
  const tile = page.locator('[data-queue="Support"]');
  await tile.getByText("fine").waitFor();
  await pass(page, 4);
  await restart(tile);
  // By now it has done everything once: loaded, renewed, drawn, lost the server and come back.
  await pass(page, 4);
  const heapBefore = await heapOf(page);
  await pass(page, 16);
  const heapAfter = await heapOf(page);
  await restart(tile);

  expect(await page.getByRole("button").count()).toBe(0);
  expect(renewals).toBeGreaterThan(20);
  expect(heapAfter).toBeLessThan(1.1 * heapBefore);
  await context.close();
}, 600_000);
