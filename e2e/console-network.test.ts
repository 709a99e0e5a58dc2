import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Baresip } from "./src/baresip.ts";
import { buildConsole, openConsole, startBrowser, tomEmail } from "./src/browser.ts";
import { startCuttingProxy } from "./src/cutting-proxy.ts";
import { ringingOf, watchRinging } from "./src/watch-ringing.ts";
import { startWorld, type World } from "./src/world.ts";

let world: World;
let browser: Browser;
let anna: Baresip;
let lisa: Baresip;
let tom: Baresip;
let max: Baresip;
/** A lost session waits so long, enough for all that happens meanwhile on a busy machine; more missed events are not told again. */
const [resumeSeconds, maxReplay] = [15, 30];

beforeAll(async () => {
  buildConsole();
  const limits = { PBXX_WS_RESUME_SECONDS: String(resumeSeconds), PBXX_WS_MAX_REPLAY: String(maxReplay) };
  world = await startWorld({ env: { PBXX_REST_REQUESTS_PER_MINUTE: "100000", ...limits } });
  anna = await world.startPhone("200");
  lisa = await world.startPhone("201");
  tom = await world.startPhone("202");
  max = await world.startPhone("100");
  // So many that the list can be scrolled.
  for (let number = 4000; number < 4040; number += 1)
    await world.request("POST", "/extensions", { number: String(number), displayName: `Desk ${number}` });
  browser = await startBrowser();
});
afterAll(async () => {
  await browser?.close();
  await world?.stop();
});

describe("a user whose network goes", () => {
  it.each([
    ["comes back in time: what was missed is told again", { isResumed: true, cutMs: 500, more: 0 }],
    [
      "comes back late: the state is read anew",
      { isResumed: false, cutMs: resumeSeconds * 1000 + 1000, more: maxReplay + 10 },
    ],
  ])(
    "[U26, U28] sees since when, presses nothing that cannot work, and loses neither call, place nor text, and %s",
    async (_, how) => {
      const proxy = await startCuttingProxy(world.server.ready.http);
      const baseUrl = `http://127.0.0.1:${proxy.port}`;
      const frames: string[] = [];
      const { page, context, errors } = await openConsole(browser, world, tomEmail, {
        path: "/settings",
        baseUrl,
        height: 560,
        prepare: async (each) => {
          await watchRinging(each);
          each.on("page", (opened) =>
            opened.on("websocket", (socket) =>
              socket.on("framereceived", ({ payload }) => void frames.push(String(payload))),
            ),
          );
        },
      });
      for (const name of ["Tell me about calls", "Ring tone in the browser"]) {
        await page.getByRole("checkbox", { name }).click();
        await page.getByRole("checkbox", { name, checked: true }).waitFor();
      }
      await page.goto("/panel");
      await anna.command("dial", "202");
      await page.locator('[data-dock] [data-state="incoming"]').waitFor();
      await expect.poll(() => ringingOf([page]), { timeout: 10_000 }).toMatchObject({ tonesNow: 1, notifications: 1 });
      await tom.command("accept");
      const row = page.locator('[data-dock] article[data-state="talking"]');
      await row.waitFor();
      const callId = (await row.getAttribute("data-call")) ?? "";
      await expect.poll(() => ringingOf([page])).toMatchObject({ tones: 1, tonesNow: 0, notifications: 1 });
      const grid = page.getByRole("grid");
      await grid.focus();
      for (const key of ["End", "ArrowUp"]) await page.keyboard.press(key);
      const chosen = await grid.getAttribute("aria-activedescendant");
      await expect.poll(() => grid.evaluate((list) => list.scrollTop)).toBeGreaterThan(0);
      const scrolled = await grid.evaluate((list) => list.scrollTop);
      await page.locator('[data-field="dial"]').fill("+49 30 12");

      await context.setOffline(true);
      proxy.cut();
      await page.getByText(/Connection lost\. Data as of/).waitFor({ timeout: 3000 });
      const hold = row.getByRole("button", { name: "Hold" });
      expect(await hold.getAttribute("aria-disabled")).toBe("true");
      await hold.hover();
      await page.getByRole("tooltip").getByText("No connection").waitFor();
      await hold.click({ force: true });
      const from = world.cti.events.length;
      const next = (type: string, of: string) =>
        world.cti.waitFor(
          type,
          (event) => world.cti.events.indexOf(event) >= from && JSON.stringify(event.data).includes(of),
        );
      await anna.command("hold");
      await next("CALL_HELD", callId);
      await lisa.command("dial", "202");
      const over = String((await next("CALL_RINGING", '"201"')).data["callId"]);
      await lisa.command("hangup");
      await next("CALL_ENDED", over);
      await max.command("dial", "202");
      const rings = String((await next("CALL_RINGING", '"100"')).data["callId"]);
      for (let each = 0; each < how.more; each += 1) await world.patchExtension("202", { department: `Desk ${each}` });
      await page.waitForTimeout(how.cutMs);
      expect(await ringingOf([page])).toMatchObject({ tones: 1, notifications: 1 });

      const before = frames.length;
      await context.setOffline(false);
      await page.locator('[data-connection="live"]').waitFor({ timeout: 30_000 });
      await page.locator("[data-stale-bar]").waitFor({ state: "detached" });
      await page.locator(`[data-dock] [data-call="${rings}"][data-state="incoming"]`).waitFor();
      await page.locator(`[data-dock] [data-call="${callId}"][data-state="held_by_other"]`).waitFor();
      expect(await page.locator("[data-dock] [data-call]").count()).toBe(2);
      const answers = frames.slice(before).join("\n");
      expect([answers.includes('"resumed":true'), answers.includes('"recovered":false')]).toEqual([
        how.isResumed,
        !how.isResumed,
      ]);
      await expect.poll(() => ringingOf([page])).toMatchObject({ tones: 2, tonesNow: 1, notifications: 2 });
      expect(await page.locator("[data-toast]").count()).toBe(0);
      expect(await page.locator('[data-field="dial"]').inputValue()).toBe("+49 30 12");
      expect(await grid.getAttribute("aria-activedescendant")).toBe(chosen);
      expect(await grid.evaluate((list) => list.scrollTop)).toBe(scrolled);
      const { data } = (await world.get("/calls")) as { data: readonly { callId: string; state: string }[] };
      expect(new Map(data.map(({ callId: id, state }) => [id, state]))).toEqual(
        new Map([
          [callId, "held"],
          [rings, "ringing"],
        ]),
      );
      for (const phone of [max, anna]) await phone.command("hangup");
      await page.locator("[data-dock]").waitFor({ state: "detached" });
      expect(errors.filter((error) => !error.includes("ERR_INTERNET_DISCONNECTED"))).toEqual([]);
      await context.close();
      await proxy.stop();
    },
  );
});
