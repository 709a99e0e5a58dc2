import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { type Browser, type BrowserContext, chromium, type Locator, type Page } from "playwright-core";

export const maxEmail = "max.mustermann@pbx-x.example";
export const tomEmail = "tom.mueller@pbx-x.example";

const buildScript = join(import.meta.dirname, "..", "..", "packages", "console", "tools", "build.ts");

/** Builds the web console where its sources are newer; before the server starts, which reads it then. */
export function buildConsole(): void {
  const env = { ...process.env, NODE_ENV: "production" };
  const { status, stderr } = spawnSync(process.execPath, [buildScript, "--if-stale"], { env, encoding: "utf8" });
  if (status !== 0) throw new Error(`the console could not be built: ${stderr}`);
}

/** Debian's chromium without a window. */
export function startBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--font-render-hinting=none"],
  });
}

export interface ConsoleOptions {
  readonly language?: "en" | "de";
  readonly theme?: "light" | "dark";
  readonly path?: string;
  readonly width?: number;
  readonly height?: number;
  /** Another way to the server, e.g. one that can be cut. */
  readonly baseUrl?: string;
  /** What watches the page, before anything of it runs. */
  readonly prepare?: (context: BrowserContext) => Promise<void>;
}

export interface ConsolePage {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Errors of the page, also of its content security policy. */
  readonly errors: readonly string[];
}

/** Where a console is opened: a real server, or the sandbox. */
export interface ConsoleServer {
  readonly server: { readonly url: string; readonly password: (email: string) => string };
}

/** A console in which somebody has logged in by the form. */
export async function openConsole(
  browser: Browser,
  world: ConsoleServer,
  email: string,
  options: ConsoleOptions = {},
): Promise<ConsolePage> {
  const { language = "en", theme = "light", path = "/", width = 1280, height = 800 } = options;
  const context = await browser.newContext({
    baseURL: options.baseUrl ?? world.server.url,
    locale: language === "de" ? "de-DE" : "en-GB",
    colorScheme: theme,
    viewport: { width, height },
    reducedMotion: "reduce",
  });
  await options.prepare?.(context);
  const page = await context.newPage();
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error" && !message.text().includes("status of 4")) errors.push(message.text());
  });
  await page.goto(path);
  await page.locator('input[name="email"]').fill(email);
  await page.locator('input[name="password"]').fill(world.server.password(email));
  await page.locator('button[type="submit"]').click();
  await page.locator('[data-connection="live"]').waitFor({ timeout: 15_000 });
  return { page, context, errors };
}

/** The card of a colleague on the operator panel. */
export function cardOf(page: Page, number: string): Locator {
  return page.locator(`[data-extension="${number}"]`);
}

/** The point in the middle of something, where a pointer goes that means it, and stays. */
export async function centreOf(target: Locator): Promise<{ readonly x: number; readonly y: number }> {
  const box = await target.boundingBox();
  if (box === null) throw new Error("what is pointed at is not on view");
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/** Takes hold of a call and carries it to a zone of a target, as a hand does; `before` it lets go, one may look. */
export async function dragCall(
  page: Page,
  callId: string,
  target: string,
  zone: string,
  before: () => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  await page.locator(`[data-dock] [data-grip="${callId}"]`).hover();
  await page.mouse.down();
  const place = page.locator(`[data-drop="${target}"]`);
  const { x, y } = await centreOf(place);
  await page.mouse.move(x, y, { steps: 8 });
  const half = place.locator(`[data-zone="${zone}"]`);
  await half.waitFor();
  await half.hover();
  await before();
  await page.mouse.up();
}
