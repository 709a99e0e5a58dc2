import { once } from "node:events";
import { createServer } from "node:http";
import type { BrowserContext, Page } from "playwright-core";
import { build } from "vite";
import type { World } from "../world.ts";
import type { TabState } from "./page.ts";

export type { TabState } from "./page.ts";

export interface TabsSite {
  readonly url: string;
  stop(): Promise<void>;
}

const types: Readonly<Record<string, string>> = { html: "text/html", js: "text/javascript" };

/** The page as a bundler makes it, worker included, on a port of its own. */
export async function startTabsSite(): Promise<TabsSite> {
  const result = await build({
    root: import.meta.dirname,
    configFile: false,
    logLevel: "error",
    base: "./",
    build: { write: false, target: "es2023" },
    worker: { format: "es" },
  });
  const files = new Map<string, string | Uint8Array>();
  for (const each of [result].flat()) {
    for (const file of "output" in each ? each.output : []) {
      files.set(`/${file.fileName}`, file.type === "chunk" ? file.code : file.source);
    }
  }
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? "/", "http://localhost").pathname;
    const body = files.get(path === "/" ? "/index.html" : path);
    const type = types[(path === "/" ? "html" : path.split(".").at(-1)) ?? ""] ?? "application/octet-stream";
    response.writeHead(body === undefined ? 404 : 200, { "content-type": type }).end(body);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the site has no port");
  return {
    url: `http://127.0.0.1:${address.port}/`,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** Opens a tab and waits until its client is live. */
export async function openTab(context: BrowserContext, site: TabsSite, world: World, user: string): Promise<Page> {
  const page = await context.newPage();
  const query = new URLSearchParams({ url: world.server.url, token: world.token, user });
  await page.goto(`${site.url}?${query.toString()}`);
  await until(page, ({ at }) => at === "live");
  return page;
}

export function readTab(page: Page): Promise<TabState> {
  return page.evaluate(() => (window as unknown as { readTab(): TabState }).readTab());
}

/** Waits for a state of a tab; the error says what it was instead. */
export async function until(page: Page, fits: (state: TabState) => boolean, timeoutMs = 30_000): Promise<TabState> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const state = await readTab(page);
    if (fits(state)) return state;
    if (Date.now() > deadline) throw new Error(`the tab did not get there: ${JSON.stringify(state)}`);
    await page.waitForTimeout(50);
  }
}

/** WebSocket connections that the server has, by its own figures. */
export async function connectionsOf(world: World): Promise<number> {
  const text = await (await fetch(`${world.server.url}/metrics`)).text();
  return Number(/^pbxx_sockets (\d+)$/m.exec(text)?.[1]);
}
