import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";

const folder = join(import.meta.dirname, "..", "..", "docs", "images");

/** Keeps a picture for the documents where `CONSOLE_SHOTS=1` asks for it; as small as a palette makes it. */
export async function keepShot(page: Page, name: string): Promise<void> {
  if (process.env["CONSOLE_SHOTS"] !== "1") return;
  await mkdir(folder, { recursive: true });
  await page.evaluate(() => document.fonts.ready);
  // Chromium writes WebP over its own protocol.
  const session = await page.context().newCDPSession(page);
  const { data } = await session.send("Page.captureScreenshot", { format: "webp", quality: 80 });
  await session.detach();
  await writeFile(join(folder, `${name}.webp`), Buffer.from(data, "base64"));
}
