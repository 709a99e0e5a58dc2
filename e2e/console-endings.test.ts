import { createHmac } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildConsole, type ConsolePage, maxEmail, openConsole, startBrowser, tomEmail } from "./src/browser.ts";
import { talk } from "./src/conversation.ts";
import { connectCti } from "./src/cti.ts";
import { type CuttingProxy, startCuttingProxy } from "./src/cutting-proxy.ts";
import { type ServerProcess, startServer } from "./src/server-process.ts";
import { startWorld, type World } from "./src/world.ts";

let dataDir: string;
let world: World;
let later: ServerProcess | undefined;
let browser: Browser;
let proxy: CuttingProxy;
/** Max's page, over a path that can be stalled. */
let boss: ConsolePage;
let page: Page;
const secret = "a-secret-for-this-test-that-is-long-enough-0123456789";
const env = { PBXX_JWT_SECRET: secret, PBXX_REST_REQUESTS_PER_MINUTE: "100000" };
const sockets: string[] = [];

beforeAll(async () => {
  buildConsole();
  dataDir = await mkdtemp(join(tmpdir(), "pbx-x-endings-"));
  world = await startWorld({ dataDir, env });
  proxy = await startCuttingProxy(world.server.ready.http);
  browser = await startBrowser();
  boss = await openConsole(browser, world, maxEmail, {
    path: "/supervisor",
    baseUrl: `http://127.0.0.1:${proxy.port}`,
    prepare: async (context) => {
      await Promise.resolve(context.on("page", (each) => each.on("websocket", (socket) => sockets.push(socket.url()))));
    },
  });
  page = boss.page;
});
afterAll(async () => {
  await browser?.close();
  await proxy?.stop();
  await world?.stop();
  await later?.stop();
  await rm(dataDir, { recursive: true, force: true });
});

const isLive = (timeout = 20_000) => page.locator('[data-connection="live"]').waitFor({ timeout });
const says = (text: string, timeout = 20_000) => page.getByText(text).waitFor({ timeout });
/** Everything that the bar at the top says from now on, however shortly. */
async function watchBar(): Promise<(text: string) => Promise<void>> {
  const said: string[] = [];
  await page.exposeFunction(`say${(watches += 1)}`, (text: string) => void said.push(text));
  await page.evaluate((name) => {
    const say = (globalThis as unknown as Record<string, (text: string) => void>)[name];
    new MutationObserver(() => {
      const bar = document.querySelector("[data-stale-bar]")?.textContent;
      if (bar !== undefined) say?.(bar);
    }).observe(document.body, { childList: true, subtree: true, characterData: true });
  }, `say${watches}`);
  return (text) => expect.poll(() => said.join("\n"), { timeout: 20_000 }).toContain(text);
}
let watches = 0;
const loginOf = (at: Page) =>
  at.evaluate(() => JSON.parse(localStorage.getItem("pbx-x.login") ?? "{}") as Readonly<Record<string, string>>);

/** The administrator's socket, and the page's as long as the server keeps it. */
const connections = async (): Promise<number> =>
  Number(/^pbxx_sockets (\d+)$/m.exec(await (await fetch(`${world.server.url}/metrics`)).text())?.[1]);

describe("a connection that the real server ends", () => {
  it("[U26] because the same client came again says so, does not fight, and goes on here when told to", async () => {
    const clientId = new URL(sockets.at(-1) ?? "").searchParams.get("clientId") ?? "";
    const other = await connectCti(world.server.url, (await loginOf(page))["accessToken"] ?? "", { clientId });
    await says("Open in another window.");
    await page.waitForTimeout(1500);
    expect(await page.locator('[data-connection="closed"]').count()).toBe(1);
    await page.getByRole("button", { name: "Continue here" }).click();
    await isLive();
    expect((await other.closed).code).toBe(4002);
    expect(other.events.find(({ type }) => type === "DISCONNECTED")?.data).toMatchObject({
      reason: "duplicate_connection",
    });
  });

  it("[U26] because the user was locked, or logged out by REST, asks for the log-in, says why, and goes on at the same page", async () => {
    const users = (await world.get("/users?search=tom")) as { data: { id: string; email: string }[] };
    const id = users.data.find(({ email }) => email === tomEmail)?.id ?? "";
    const { page: tom, context } = await openConsole(browser, world, tomEmail, { path: "/history?q=anna" });
    await world.request("PATCH", `/users/${id}`, { isActive: false });
    const logInAgain = async (): Promise<void> => {
      await tom.getByText("Your log-in has ended. Log in to go on where you were.").waitFor();
      await world.request("PATCH", `/users/${id}`, { isActive: true });
      await tom.locator('input[name="email"]').fill(tomEmail);
      await tom.locator('input[name="password"]').fill(world.server.password(tomEmail));
      await tom.locator('button[type="submit"]').click();
      await tom.locator('[data-connection="live"]').waitFor();
      expect(new URL(tom.url()).pathname + new URL(tom.url()).search).toBe("/history?q=anna");
      expect(await tom.getByText("Your log-in has ended").count()).toBe(0);
    };
    await logInAgain();
    // All log-ins of the user are ended by REST, as "log out everywhere" does.
    const authorization = `Bearer ${(await loginOf(tom))["accessToken"]}`;
    await fetch(`${world.server.url}/api/v1/auth/logout`, { method: "POST", headers: { authorization } });
    await logInAgain();
    await context.close();
  });

  it("[U26] because the token ended says so, and comes back as soon as it gets a new one", async () => {
    const { accessToken = "" } = await loginOf(page);
    const [head = "", payload = ""] = accessToken.split(".");
    const claims = JSON.parse(Buffer.from(payload, "base64url").toString()) as object;
    // Long enough for the page to come with it, also on a machine under load.
    const exp = Math.floor(Date.now() / 1000) + 12;
    const short = `${head}.${Buffer.from(JSON.stringify({ ...claims, exp })).toString("base64url")}`;
    const token = `${short}.${createHmac("sha256", secret).update(short).digest("base64url")}`;
    await page.evaluate((kept) => {
      const login = JSON.parse(localStorage.getItem("pbx-x.login") ?? "{}") as object;
      localStorage.setItem("pbx-x.login", JSON.stringify({ ...login, accessToken: kept }));
    }, token);
    await page.route("**/auth/refresh", (route) => route.abort());
    await page.reload();
    await isLive();
    await says("The log-in has ended or changed.");
    await page.unroute("**/auth/refresh");
    await page
      .getByRole("button", { name: "Try now" })
      .click({ timeout: 2000 })
      .catch(() => undefined);
    await isLive();
  });

  it("[U26] because the page does not keep up gives the busiest list up, says which, and gives it back when asked to", async () => {
    await world.startPhone("100");
    const [anna, lisa] = [await world.startPhone("200"), await world.startPhone("201")];
    const callId = await talk(world, anna, lisa);
    await page.reload();
    await isLive();
    const row = page.locator(`[data-call="${callId}"]`);
    await row.waitFor();
    expect(await connections()).toBe(2);
    const barSays = await watchBar();
    const readOn = proxy.stall("server");
    let isOver = false;
    const flood = async (who: number): Promise<void> => {
      for (let count = 0; !isOver && count < 1000; count += 1)
        await world.request("POST", `/calls/${callId}/attachData`, {
          data: { [`part${who % 2}`]: `${who} ${count} ${"x".repeat(1900)}` },
        });
    };
    const floods = Promise.all(Array.from({ length: 16 }, (_, who) => flood(who)));
    await expect.poll(connections, { timeout: 60_000 }).toBe(1);
    isOver = true;
    readOn();
    await floods;
    await barSays("This page could not keep up.");
    const bar = page.locator('[data-paused="calls"]');
    await bar.getByText(/^Paused: calls of others\./).waitFor();
    await isLive();
    await row.waitFor({ state: "detached" });
    await page.getByText("Paused: see above.").waitFor();
    await bar.getByRole("button", { name: "Show it again" }).click();
    await bar.waitFor({ state: "detached" });
    await row.waitFor();
    await anna.command("hangup");
    await row.waitFor({ state: "detached" });
  }, 120_000);

  it("[U26] because it stops says so, and comes back by itself once it runs again", async () => {
    const { ready } = world.server;
    await world.server.stop();
    await says("The server restarts.");
    // No phone has to find it again.
    const ports = { http: ready.http, sip: { udp: 0, tcp: 0, tls: 0 } };
    later = await startServer({ dataDir, env: { ...env, PBXX_WS_TIMEOUT_SECONDS: "3" }, ports });
    // The longest wait between two tries is 30 s ([S10]).
    await isLive(40_000);
  }, 120_000);

  it("[U26] because it hears nothing of the page says so, and comes back by itself", async () => {
    await page.reload();
    await isLive();
    const barSays = await watchBar();
    const goOn = proxy.stall("client");
    await barSays("The server heard nothing from this page.");
    goOn();
    await isLive();
    // But for the renewals that this test refused, and what was tried while the server was on its way out.
    expect(boss.errors.filter((error) => !/ERR_FAILED|^WebSocket connection to /.test(error))).toEqual([]);
  });
});
