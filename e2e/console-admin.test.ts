import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildConsole, type ConsolePage, openConsole, startBrowser, tomEmail } from "./src/browser.ts";
import { readQr } from "./src/read-qr.ts";
import { startWebhookReceiver, type WebhookReceiver } from "./src/webhook-receiver.ts";
import { adminEmail, startWorld, type World } from "./src/world.ts";

let world: World;
let browser: Browser;
let receiver: WebhookReceiver;
let admin: ConsolePage;
let page: Page;

beforeAll(async () => {
  buildConsole();
  world = await startWorld({ env: { PBXX_WEBHOOK_LOOPBACK: "on", PBXX_WEBHOOK_MAX_ATTEMPTS: "1" } });
  receiver = await startWebhookReceiver();
  browser = await startBrowser();
  admin = await openConsole(browser, world, adminEmail, { path: "/admin/extensions" });
  page = admin.page;
});
afterAll(async () => {
  await browser?.close();
  await receiver?.stop();
  await world?.stop();
});

const rowOf = (at: Page, name: string) => at.locator(`tr[data-row="${name}"]`);

describe("an administrator's webhooks", () => {
  it("[U55] are made in the console: what is wrong is said at its field, and the key is shown this once", async () => {
    await page.goto("/admin/webhooks");
    await page.getByRole("button", { name: "Add" }).click();
    await page.getByLabel("Name").fill("Customer system");
    await page.getByLabel("Address (https)").fill("http://example.org/");
    await page.getByRole("button", { name: "Save" }).click();
    await page.locator("#field-url-error").waitFor();
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("field-url");
    await page.getByLabel("Address (https)").fill(receiver.url);
    await page.getByLabel("EXTENSION_STATUS_CHANGED").check();
    await page.getByRole("button", { name: "Save" }).click();
    const key = await page.locator("[data-secret] dd").textContent();
    expect(key).toMatch(/^whsec_/);
    receiver.trust(key ?? "");
    await page.locator("[data-secret]").getByRole("button", { name: "Close" }).click();
    await rowOf(page, "Customer system").locator('[data-webhook-state="on"]').waitFor();
    expect(await page.content()).not.toContain(key);
  });

  it("[U55] are tried out, and the receiver's answer is said", async () => {
    await page.getByRole("button", { name: "Deliveries: Customer system" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Send a test" }).click();
    await dialog.getByText("The receiver took it (HTTP 204).").waitFor();
    expect(receiver.received.map(({ event }) => event.type)).toContain("WEBHOOK_TEST");
  });

  it("[U2] what could not be delivered is listed, sent again, and gone once it is taken", async () => {
    receiver.answer(400);
    await world.patchExtension("202", { department: "Field" });
    const dialog = page.getByRole("dialog");
    const letter = dialog.locator("[data-letter]");
    await expect
      .poll(
        async () => {
          await dialog.getByRole("button", { name: "Close" }).click();
          await page.getByRole("button", { name: "Deliveries: Customer system" }).click();
          await dialog.getByText(/Everything was delivered|tries: 1/).waitFor();
          return letter.count();
        },
        { timeout: 15_000, interval: 500 },
      )
      .toBe(1);
    await letter.getByRole("button", { name: /^Send again/ }).click();
    await page.getByText(/^Not delivered: /).waitFor();
    expect(await letter.count()).toBe(1);
    const question = page.getByRole("alertdialog");
    const trash = letter.getByRole("button", { name: "Delete: EXTENSION_STATUS_CHANGED" });
    await trash.focus();
    await page.keyboard.press("Enter");
    await question.getByText(/The receiver never gets this event; it cannot be brought back\./).waitFor();
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Cancel");
    await page.keyboard.press("Enter");
    await question.waitFor({ state: "detached" });
    await expect.poll(() => trash.evaluate((button) => button === document.activeElement)).toBe(true);
    expect(await letter.count()).toBe(1);
    receiver.answer(204);
    await letter.getByRole("button", { name: /^Send again/ }).click();
    await dialog.getByText("Everything was delivered.").waitFor();
    expect(receiver.received.map(({ event }) => event.type)).toContain("EXTENSION_STATUS_CHANGED");
    await dialog.getByRole("button", { name: "Close" }).click();
  });

  it("[U2] are paused, and what happened meanwhile is delivered when they go on", async () => {
    const row = rowOf(page, "Customer system");
    await row.getByRole("button", { name: "Pause: Customer system" }).click();
    await row.locator('[data-webhook-state="paused"]').waitFor();
    const before = receiver.received.length;
    await world.patchExtension("202", { department: "Paused" });
    await row.getByRole("button", { name: "Go on: Customer system" }).click();
    await row.locator('[data-webhook-state="on"]').waitFor();
    await expect.poll(() => receiver.received.length, { timeout: 10_000 }).toBe(before + 1);
    expect(JSON.stringify(receiver.received.at(-1)?.event.data)).toContain("Paused");
  });

  it("[U31] what could not be delivered is deleted after a question only, and the webhook with what it loses", async () => {
    receiver.answer(400);
    await world.patchExtension("202", { department: "Lost" });
    const dialog = page.getByRole("dialog");
    const letter = dialog.locator("[data-letter]");
    const open = () => page.getByRole("button", { name: "Deliveries: Customer system" }).click();
    await open();
    await letter.waitFor({ timeout: 15_000 });
    await letter.getByRole("button", { name: /^Delete/ }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
    await dialog.getByText("Everything was delivered.").waitFor();
    await page.keyboard.press("Escape");
    receiver.answer(204);
    await page.getByRole("button", { name: "Delete: Customer system" }).click();
    const question = page.getByRole("alertdialog");
    await question.getByText(/its undelivered events and its key are gone/).waitFor();
    await question.getByRole("button", { name: "Delete" }).click();
    await rowOf(page, "Customer system").waitFor({ state: "detached" });
    // Nothing is left of the list, so the focus is on the part of the page it was in.
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute("aria-label"))).toBe("Webhooks");
  });
});

describe("an administrator", () => {
  it("[U31, U55] is asked before what was entered is dropped", async () => {
    await page.goto("/admin/extensions");
    const edit = page.getByRole("button", { name: /^Edit: 202/ });
    await edit.click();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await edit.click();
    const department = page.getByLabel("Department");
    const before = await department.inputValue();
    await department.fill("Nearly lost");
    await page.keyboard.press("Escape");
    await page.getByRole("alertdialog").getByRole("button", { name: "Cancel" }).click();
    expect(await department.inputValue()).toBe("Nearly lost");
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Discard" }).click();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await edit.click();
    expect(await department.inputValue()).toBe(before);
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
  });

  it("[U55] whose colleague changed the same field is told, and nothing is overwritten silently", async () => {
    await page.goto("/admin/extensions");
    const other = await openConsole(browser, world, adminEmail, { path: "/admin/extensions" });
    const open = async (at: Page): Promise<void> => {
      await at.getByRole("button", { name: /^Edit: 202/ }).click();
      await at.getByLabel("Department").waitFor();
    };
    await open(page);
    await open(other.page);
    await other.page.getByLabel("Department").fill("Theirs");
    await other.page.getByRole("button", { name: "Save" }).click();
    await other.page.getByRole("dialog").waitFor({ state: "detached" });
    expect(await page.getByLabel("Department").inputValue()).toBe("Lost");
    await page.getByLabel("Department").fill("Mine");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Changed meanwhile by somebody else: Department").waitFor();
    const stored = async () =>
      ((await world.get(`/extensions/${await world.extensionId("202")}`)) as { department: string }).department;
    expect(await stored()).toBe("Theirs");
    await page.getByRole("button", { name: "Keep mine" }).click();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    expect(await stored()).toBe("Mine");
    await other.context.close();
  });

  it("[U55] gives a phone a new password, whose QR code holds what is to be entered", async () => {
    await page.getByRole("button", { name: /^Phone settings 201/ }).click();
    await page.getByRole("button", { name: "New SIP password" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "New SIP password" }).click();
    const secret = page.locator("[data-secret]");
    await secret.waitFor();
    const [server, number, password] = await secret.locator("dd").allTextContents();
    expect([server, number]).toEqual([`127.0.0.1:${world.server.ready.sip.udp}`, "201"]);
    await secret.getByRole("img").waitFor();
    // It has its size before it is drawn.
    const isDrawn = () => secret.getByRole("img").evaluate((image) => (image as HTMLImageElement).naturalWidth > 0);
    await expect.poll(isDrawn).toBe(true);
    expect(readQr(await page.screenshot())).toBe(`Server: ${server}\nUser name: 201\nPassword: ${password}`);
    await secret.getByRole("button", { name: "Close" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Close" }).click();
  });

  it("[U2] sees a trunk's state change without a reload, tests it step by step, and is told where a number leads and why", async () => {
    await page.goto("/admin/trunks");
    const { id } = (await world.request("POST", "/trunks", {
      name: "Carrier",
      trunkType: "static",
      host: "127.0.0.1",
      // Any real SIP server: it answers OPTIONS.
      port: world.server.ready.sip.udp,
      transport: "udp",
      mainNumber: "+493055520",
    })) as { id: string };
    await world.request("POST", "/rules/outbound", { name: "All outside", pattern: "0.", trunkIds: [id] });
    await page.reload();
    const row = rowOf(page, "Carrier");
    await row.getByRole("cell", { name: "active", exact: true }).waitFor();
    await row.getByRole("button", { name: "Test: Carrier" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("The trunk works.").waitFor();
    await dialog.locator("li", { hasText: "Far side answers" }).getByText("answered 200").waitFor();
    await dialog.getByRole("button", { name: "Close" }).click();
    await world.request("PATCH", `/trunks/${id}`, { isEnabled: false });
    await row.getByRole("cell", { name: "inactive", exact: true }).waitFor();
    await world.request("PATCH", `/trunks/${id}`, { isEnabled: true });
    await page.goto("/admin/explain");
    await page.getByLabel("From").fill("200");
    await page.getByLabel("To").fill("0301234567");
    await page.getByRole("button", { name: "Explain" }).click();
    const outcome = page.locator("[data-explanation]");
    await outcome.getByText(/All outside · Carrier → /).waitFor();
    expect(await outcome.locator("li").count()).toBeGreaterThan(0);
    expect(admin.errors).toEqual([]);
  });
});

describe("the tour", () => {
  it("[U2] sees the first phone register, without a reload", async () => {
    await page.goto("/welcome");
    const waiting = (await page.getByText(/^Waiting for the phone of /).textContent()) ?? "";
    const number = /\d+/.exec(waiting)?.[0] ?? "";
    await world.startPhone(number);
    await page.getByText(new RegExp(`^${number} is registered: `)).waitFor();
    expect(admin.errors).toEqual([]);
  });
});

describe("whoever", () => {
  it("[U2] loses a role while at work sees its data go without a reload", async () => {
    const users = (await world.get("/users?search=tom")) as { data: { id: string; email: string }[] };
    const tom = users.data.find(({ email }) => email === tomEmail);
    await world.request("PATCH", `/users/${tom?.id}`, { role: "admin" });
    const risen = await openConsole(browser, world, tomEmail, { path: "/admin/users" });
    await risen.page.getByText(adminEmail).waitFor();
    await world.request("PATCH", `/users/${tom?.id}`, { role: "user" });
    await risen.page.getByText(adminEmail).waitFor({ state: "detached" });
    await risen.page.getByText("No permission").waitFor();
    expect(await risen.page.locator("nav").first().textContent()).not.toContain("Admin");
    await risen.context.close();
  });
});
