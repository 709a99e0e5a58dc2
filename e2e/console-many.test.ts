import { connect } from "@pbx-x/client";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Step } from "../packages/sandbox/src/scenario.ts";
import { type Sandbox, startSandbox } from "../packages/sandbox/src/index.ts";
import { buildConsole, cardOf, type ConsoleServer, maxEmail, openConsole, startBrowser } from "./src/browser.ts";
import { cardFigures, resetCards, watchCards } from "./src/watch-cards.ts";
import { adminEmail } from "./src/world.ts";

let sandbox: Sandbox;
let browser: Browser;
let world: ConsoleServer;
const extensions = 2000;

/** The real server without phones: only so are there 2,000 extensions and 500 calls in seconds. */
beforeAll(async () => {
  buildConsole();
  sandbox = await startSandbox();
  const passwords = new Map(sandbox.users.map(({ email, password }) => [email, password]));
  world = { server: { url: sandbox.url, password: (email) => passwords.get(email) ?? "" } };
  await play({ do: "load", extensions, perSecond: 1000, seconds: 0 });
  browser = await startBrowser();
});
afterAll(async () => {
  await browser?.close();
  await sandbox?.stop();
});

function play(...steps: readonly Step[]): Promise<void> {
  return sandbox.play({ name: "own", title: "Own steps", shows: [], steps });
}

async function switchDnd(ids: readonly string[], rounds: number): Promise<void> {
  const token = await sandbox.tokenOf(adminEmail);
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  for (let round = 0; round < rounds; round += 1)
    for (const id of ids) {
      const body = JSON.stringify({ dndEnabled: round % 2 === 0 });
      const response = await fetch(`${sandbox.url}/api/v1/extensions/${id}`, { method: "PATCH", headers, body });
      if (!response.ok) throw new Error(await response.text());
    }
}

async function idsOf(search: string): Promise<readonly string[]> {
  const headers = { authorization: `Bearer ${await sandbox.tokenOf(adminEmail)}` };
  const response = await fetch(`${sandbox.url}/api/v1/extensions?limit=100&search=${search}`, { headers });
  const { data } = (await response.json()) as { readonly data: readonly { readonly id: string }[] };
  return data.map(({ id }) => id);
}

describe("with 2,000 extensions", () => {
  it("[U23, U27] 500 changes touch and render the cards of what changed, and nothing else of the page", async () => {
    const { page, context, errors } = await openConsole(browser, world, maxEmail, {
      path: "/panel",
      width: 1440,
      height: 900,
      prepare: watchCards,
    });
    await cardOf(page, "10001").waitFor();
    await expect.poll(() => page.getByRole("gridcell").count()).toBeLessThan(60);
    // Ten cards on view, and ninety extensions that are not.
    const seen = Array.from({ length: 10 }, (_, index) => String(10_001 + index));
    const changed = (await Promise.all(seen.map((number) => idsOf(number)))).flat();
    const unseen = await idsOf("115");
    await page.waitForLoadState("networkidle");
    await resetCards(page);
    await switchDnd([...changed, ...unseen.slice(0, 40)], 10);
    await cardOf(page, "10010").and(page.locator('[data-state="panel.noPhone"]')).waitFor();
    const { renders, touched } = await cardFigures(page);
    expect(touched).toEqual(seen);
    expect(Object.keys(renders).toSorted()).toEqual(seen);
    expect(errors).toEqual([]);
    await context.close();
  });

  it("[U20, U27] 500 calls leave the row under a pointer that rests what it was", async () => {
    const { page, context } = await openConsole(browser, world, maxEmail, { path: "/panel", width: 1440, height: 900 });
    await cardOf(page, "10005").hover();
    await page.evaluate(() => {
      const card = document.querySelector('[data-extension="10005"]');
      const { x = 0, y = 0, width = 0, height = 0 } = card?.getBoundingClientRect() ?? {};
      const under = new Set<string | undefined>();
      const look = (): void => {
        const element = document.elementFromPoint(x + width / 2, y + height / 2);
        under.add(element?.closest<HTMLElement>("[data-extension]")?.dataset["extension"]);
        requestAnimationFrame(look);
      };
      look();
      Object.assign(globalThis, { under });
    });
    const numbers = ["200", "201", "202", "10003", "10004", "10005", "10006"];
    const phones = numbers.map((number): Step => ({ do: "phone", number }));
    const calls = Array.from({ length: 500 }, (_, index): readonly Step[] => {
      const from = numbers[index % numbers.length] ?? "";
      const to = numbers[(index * 3 + 1 + Math.floor(index / 7)) % numbers.length] ?? "";
      const call = `call ${index}`;
      return from === to
        ? []
        : [
            { do: "dial", call, from, to },
            { do: "hangupCaller", call },
          ];
    });
    await play(...phones, ...calls.flat());
    await expect.poll(() => page.locator('[data-state^="call."]').count()).toBe(0);
    const under = await page.evaluate(() => [...(globalThis as unknown as { under: Set<string> }).under]);
    expect(under).toEqual(["10005"]);
    await context.close();
  });
});

it("[U8, U60] 10,000 events in ten seconds are counted exactly, and one can be chosen meanwhile", async () => {
  const { page, context, errors } = await openConsole(browser, world, adminEmail, { path: "/events" });
  // It hears nothing before it is there.
  await page.getByRole("button", { name: "Clear" }).waitFor();
  // The same by the client alone, from the first key on.
  const client = connect({
    url: sandbox.url,
    token: () => sandbox.tokenOf(adminEmail),
    channels: ["calls", "extensions", "presence", "queues", "agents", "parking", "conferences", "voicemail", "system"],
  });
  await client.ready();
  let [keys, told] = [0, 0];
  client.onAny(({ type }) => {
    if (keys > 0) told += 1;
    if (type === "CALL_DTMF") keys += 1;
  });
  await play({ do: "phone", number: "200" }, { do: "phone", number: "201" });
  await play({ do: "dial", call: "long", from: "200", to: "201" }, { do: "answer", number: "201" });
  // Figures of the queues come every 5 s: right after them none comes between the key and "Clear".
  await client.waitFor("QUEUE_STATS_UPDATED", () => true, { timeoutMs: 20_000 });
  await page.locator('[data-event="QUEUE_STATS_UPDATED"]').first().waitFor();
  // What the answer brought about is seen once a later event is.
  await play({ do: "press", number: "200", digits: "#" });
  await page.locator('[data-event="CALL_DTMF"]').waitFor();
  await page.getByRole("button", { name: "Clear" }).click();
  const thousand: readonly Step[] = [
    { do: "press", number: "200", digits: "1234567890".repeat(100) },
    { do: "wait", ms: 900 },
  ];
  const flood = play(...Array.from({ length: 10 }, () => thousand).flat());
  await page.locator('[data-event="CALL_DTMF"]').first().waitFor();
  await page.getByRole("button", { name: "Pause" }).click();
  await page.locator('[data-event="CALL_DTMF"]').first().click();
  await page.locator("pre", { hasText: "CALL_DTMF" }).waitFor();
  const atChoice = keys;
  await page.getByRole("button", { name: /Go on/ }).click();
  await flood;
  expect(atChoice).toBeLessThan(10_000);
  await expect.poll(() => keys, { timeout: 20_000 }).toBe(10_001);
  const counted = async (): Promise<number> => {
    const text = (await page.getByText(/^[0-9]+ of [0-9]+/).textContent()) ?? "";
    const [, all = 0, dropped = 0] = text.match(/[0-9]+/g)?.map(Number) ?? [];
    return all + dropped;
  };
  await expect.poll(async () => (await counted()) - told).toBe(0);
  expect(told).toBeGreaterThanOrEqual(10_000);
  expect(errors).toEqual([]);
  await client.close();
  await context.close();
});
