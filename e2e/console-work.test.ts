import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Baresip } from "./src/baresip.ts";
import {
  buildConsole,
  cardOf,
  dragCall,
  type ConsolePage,
  maxEmail,
  openConsole,
  startBrowser,
  tomEmail,
} from "./src/browser.ts";
import { talk } from "./src/conversation.ts";
import { freePort } from "./src/free-port.ts";
import { playSipp } from "./src/sipp.ts";
import { scenario, uac } from "./src/sipp-scenario.ts";
import { createSocketTap } from "./src/socket-tap.ts";
import { hearsTone } from "./src/tone.ts";
import { adminEmail, startWorld, type World } from "./src/world.ts";

let world: World;
let browser: Browser;
/** Max's page, which all tests share: the server counts log-ins. */
let boss: ConsolePage;
let page: Page;
const tap = createSocketTap();
let anna: Baresip;
let lisa: Baresip;
let tom: Baresip;
const maxHz = 660;

beforeAll(async () => {
  buildConsole();
  world = await startWorld({ env: { PBXX_REST_REQUESTS_PER_MINUTE: "100000" } });
  await world.startPhone("100", { toneHz: maxHz, answerMode: "auto" });
  anna = await world.startPhone("200", { toneHz: 440 });
  lisa = await world.startPhone("201", { toneHz: 880 });
  tom = await world.startPhone("202", { toneHz: 1320 });
  browser = await startBrowser();
  boss = await openConsole(browser, world, maxEmail, { prepare: tap.install });
  page = boss.page;
});
afterAll(async () => {
  await browser?.close();
  await world?.stop();
});

afterEach(() => {
  tap.keep = () => true;
  tap.rewrite = (frame) => frame;
  expect(boss.errors).toEqual([]);
});

const dockRow = () => page.locator("[data-dock] article[data-call]").first();

async function openAt(path: string): Promise<void> {
  await page.goto(path);
  await page.locator('[data-connection="live"]').waitFor();
}
/** A phone calls Max, whose phone answers by itself. */
async function callMax(phone: Baresip): Promise<string> {
  await phone.command("dial", "100");
  await page.locator('[data-dock] [data-state="talking"]').waitFor();
  return (await dockRow().getAttribute("data-call")) ?? "";
}

describe("an own call", () => {
  it("[U25, C62] is muted and heard again by the dock's button, and everybody's model says so", async () => {
    await openAt("/panel");
    const callId = await callMax(anna);
    const row = dockRow();
    await row.getByRole("button", { name: "Mute" }).click();
    await row.locator('[data-muted="true"]').waitFor();
    expect((await world.cti.waitFor("CALL_MUTED", ({ data }) => data["callId"] === callId)).data).toMatchObject({
      mutedBy: { number: "100" },
    });
    expect(await world.get(`/calls/${callId}`)).toMatchObject({
      legs: expect.arrayContaining([expect.objectContaining({ number: "100", isMuted: true })]),
    });
    await page.reload();
    await row.getByText("You are muted").waitFor();
    await row.getByRole("button", { name: "Unmute" }).click();
    await world.cti.waitFor("CALL_UNMUTED", ({ data }) => data["callId"] === callId);
    await row.locator('[data-muted="false"]').waitFor();
    expect(await hearsTone(() => anna.heardFiles(), maxHz)).toBe(true);
    await anna.command("hangup");
  });

  it("[U25] whose command is refused says why; the button is as before and keeps the focus", async () => {
    await openAt("/panel");
    const callId = await callMax(anna);
    // The server refuses, as of a call that is over by now.
    tap.rewrite = (frame) => (frame.includes('"hold"') ? frame.replace(callId, crypto.randomUUID()) : frame);
    const hold = dockRow().getByRole("button", { name: "Hold" });
    await hold.click();
    await page.getByText("The call is over.").waitFor();
    expect(await hold.getAttribute("aria-disabled")).toBe("false");
    expect(await hold.getAttribute("data-pressed")).toBe("false");
    expect(await hold.evaluate((button) => button === document.activeElement)).toBe(true);
    expect(world.cti.typesOf(callId)).not.toContain("CALL_HELD");
    await anna.command("hangup");
  });

  it("[U34] that ends while it is dragged is not passed on, and the drop says so", async () => {
    await openAt("/panel");
    const callId = await callMax(anna);
    await page.locator(`[data-dock] [data-grip="${callId}"]`).hover();
    await page.mouse.down();
    const box = await cardOf(page, "201").boundingBox();
    if (box === null) throw new Error("Lisa has no card");
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 8 });
    await page.locator('[data-drop="extension:201"] [data-zone="transferBlind"]').hover();
    await anna.command("hangup");
    await page.locator('[data-dock] [data-state="ended"]').waitFor();
    await page.mouse.up();
    await page.getByText("The call changed meanwhile; nothing was done.").waitFor();
    expect(world.cti.typesOf(callId)).not.toContain("CALL_TRANSFERRED");
  });

  it("[U2, U33] is parked with its time counted down; who is second to pick it up is told so", async () => {
    await openAt("/panel");
    const late = createSocketTap();
    const second = await openConsole(browser, world, tomEmail, { path: "/panel", prepare: late.install });
    const callId = await callMax(anna);
    await page.keyboard.press("Shift+P");
    const parked = await world.cti.waitFor("CALL_PARKED", ({ data }) => data["callId"] === callId);
    const slot = (at: Page) => at.locator(`[data-slot="${String(parked.data["parkingSlot"])}"]`);
    const seconds = async (): Promise<number> => {
      const [minutes = 0, rest = 0] = ((await slot(page).getByRole("timer").textContent()) ?? "")
        .split(":")
        .map(Number);
      return minutes * 60 + rest;
    };
    const left = (): number => (Date.parse(String(parked.data["expiresAt"])) - Date.now()) / 1000;
    await slot(second.page).waitFor();
    // Just before it counts it may be two seconds ahead.
    const isAhead = async (): Promise<number> => Math.abs((await seconds()) - left());
    await expect.poll(isAhead).toBeLessThan(2);
    await page.waitForTimeout(2000);
    await expect.poll(isAhead).toBeLessThan(2);
    // Tom has not seen yet that somebody was quicker.
    late.keep = (frame) => !frame.includes("CALL_UNPARKED");
    await slot(page)
      .getByRole("button", { name: /^Retrieve/ })
      .click();
    await world.cti.waitFor("CALL_UNPARKED", ({ data }) => data["callId"] === callId);
    await slot(second.page)
      .getByRole("button", { name: /^Retrieve/ })
      .click();
    await second.page.getByText("Somebody else has picked it up, or the slot is empty.").waitFor();
    await anna.command("hangup");
    await second.context.close();
  });

  it("[U32, U34] is dragged to Consult: one view with four buttons, and Back returns the caller", async () => {
    await openAt("/panel");
    const callId = await callMax(anna);
    await dragCall(page, callId, "extension:201", "consult");
    const view = page.locator("[data-consultation]");
    await view.getByRole("button", { name: "Connect Anna Schmidt with Lisa Weber" }).waitFor();
    await view.getByRole("button", { name: "Swap" }).waitFor();
    expect(await view.getByRole("button", { name: /^Hang up/ }).count()).toBe(2);
    await lisa.command("accept");
    await view.locator('[data-state="talking"]', { hasText: "Lisa Weber" }).waitFor();
    await view.getByRole("button", { name: "Back to Anna Schmidt" }).click();
    await view.waitFor({ state: "detached" });
    await page.locator(`[data-dock] [data-call="${callId}"][data-state="talking"]`).waitFor();
    expect(world.cti.typesOf(callId)).not.toContain("CALL_TRANSFERRED");
    await anna.command("hangup");
    await page.locator("[data-dock]").waitFor({ state: "detached" });
  });

  it("[U31] that the far side ends as Hang up is pressed leaves nothing at that place: nothing is dialled", async () => {
    await openAt("/panel");
    const callId = await callMax(anna);
    const place = await dockRow().getByRole("button", { name: "Hang up" }).boundingBox();
    if (place === null) throw new Error("there is no hang-up");
    await page.waitForTimeout(800);
    const calls = world.cti.events.filter(({ type }) => type === "CALL_CREATED").length;
    await anna.command("hangup");
    await world.cti.waitFor("CALL_ENDED", ({ data }) => data["callId"] === callId);
    for (let press = 0; press < 3; press += 1) {
      await page.mouse.click(place.x + place.width / 2, place.y + place.height / 2);
      await page.waitForTimeout(150);
    }
    await page.locator("[data-dock]").waitFor({ state: "detached" });
    expect(world.cti.events.filter(({ type }) => type === "CALL_CREATED")).toHaveLength(calls);
  });

  it("[U4] is dialled, held, muted, parked, fetched, put through and ended by keys alone", async () => {
    await openAt("/panel");
    const press = async (...keys: string[]): Promise<void> => {
      for (const key of keys) await page.keyboard.press(key);
    };
    const seen = world.cti.events.length;
    const next = (type: string) => world.cti.waitFor(type, (event) => world.cti.events.indexOf(event) >= seen);
    await press("d");
    await page.keyboard.type("lisa");
    await page.getByRole("option", { name: /Lisa Weber/ }).waitFor();
    await press("Enter");
    await next("CALL_RINGING");
    await lisa.command("accept");
    await next("CALL_ANSWERED");
    await page.locator('[data-dock] [data-state="talking"]').waitFor();
    await press("Escape", "h");
    await next("CALL_HELD");
    await page.locator('[data-dock] [data-state="held"]').waitFor();
    await press("h");
    await next("CALL_UNHELD");
    await page.locator('[data-dock] [data-state="talking"]').waitFor();
    await dockRow().getByRole("button", { name: "Mute" }).focus();
    await press("Enter");
    await next("CALL_MUTED");
    await dockRow().locator('[data-muted="true"]').waitFor();
    await page.locator("body").focus();
    await press("Shift+P");
    await next("CALL_PARKED");
    await page
      .locator("[data-slot]")
      .getByRole("button", { name: /^Retrieve/ })
      .focus();
    await press("Enter");
    await next("CALL_UNPARKED");
    await page.locator('[data-dock] [data-state="talking"]').waitFor();
    await press("t");
    await page.keyboard.type("202");
    await press("Control+Enter");
    await next("CALL_TRANSFERRED");
    await page.locator("[data-dock]").waitFor({ state: "detached" });
    await tom.command("accept");
    await tom.command("hangup");
    await callMax(anna);
    await press("1");
    await page.waitForTimeout(800);
    await press("Shift+End");
    await page.locator("[data-dock]").waitFor({ state: "detached" });
    await press("g", "h");
    await page.waitForURL("**/history");
    await press("?");
    await page.getByRole("dialog").getByText("Hang up the chosen call").waitFor();
  });
});

describe("a supervisor", () => {
  it("[U31] listens, whispers, barges in after a question, stops, and nothing stays of a call that ends meanwhile", async () => {
    await openAt("/supervisor");
    await talk(world, tom, anna);
    const bar = page.locator("[data-monitor]");
    const listen = page.getByRole("button", { name: /^Listen: Tom/ });
    await listen.click();
    await bar.and(page.locator('[data-monitor="listen"]')).waitFor();
    await bar.getByRole("button", { name: "Whisper" }).click();
    await bar.and(page.locator('[data-monitor="whisper"]')).waitFor();
    expect(await hearsTone(() => anna.heardFiles(), maxHz)).toBe(true);
    await bar.getByRole("button", { name: "Barge in" }).click();
    const question = page.getByRole("alertdialog");
    await question.waitFor();
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Cancel");
    await question.getByRole("button", { name: "Barge in" }).click();
    await bar.and(page.locator('[data-monitor="barge"]')).waitFor();
    expect(await hearsTone(() => tom.heardFiles(), maxHz)).toBe(true);
    await bar.getByRole("button", { name: "Stop" }).click();
    await bar.waitFor({ state: "detached" });
    await listen.click();
    await bar.waitFor();
    await tom.command("hangup");
    await bar.waitFor({ state: "detached" });
    await callMax(lisa);
    await dockRow().getByRole("button", { name: "Hang up" }).waitFor();
    await lisa.command("hangup");
  });
});

describe("a connection that the server ends", () => {
  const texts = [
    ["session_timeout", 4000, "The server heard nothing from this page."],
    ["server_shutdown", 1012, "The server restarts."],
    ["slow_consumer", 4008, "This page could not keep up."],
    ["auth_revoked", 4001, "The log-in has ended or changed."],
  ] as const;
  it("[U26] says the reason in words, and comes back by itself where that makes sense", async () => {
    await openAt("/panel");
    for (const [reason, code, text] of texts) {
      tap.isBlocked = true;
      await tap.disconnect(reason, code, true);
      await page.locator("[data-stale-bar]").getByText(text).waitFor();
      tap.isBlocked = false;
      await page
        .getByRole("button", { name: "Try now" })
        .click({ timeout: 3000 })
        .catch(() => undefined);
      await page.locator('[data-connection="live"]').waitFor();
    }
    await tap.disconnect("duplicate_connection", 4002, false);
    await page.getByText("Open in another window.").waitFor();
    await page.waitForTimeout(2000);
    expect(await page.locator('[data-connection="closed"]').count()).toBe(1);
    await page.getByRole("button", { name: "Continue here" }).click();
    await page.locator('[data-connection="live"]').waitFor();
  });

  it("[U26] because the log-in is over asks for it, and goes on at the same page", async () => {
    const users = (await world.get("/users?search=tom")) as { data: { id: string; email: string }[] };
    const id = users.data.find(({ email }) => email === tomEmail)?.id ?? "";
    const { page, context } = await openConsole(browser, world, tomEmail, { path: "/history?q=anna" });
    await world.request("PATCH", `/users/${id}`, { isActive: false });
    await page.locator('input[name="password"]').waitFor();
    expect(await page.getByText("Anna Schmidt").count()).toBe(0);
    await world.request("PATCH", `/users/${id}`, { isActive: true });
    await page.locator('input[name="email"]').fill(tomEmail);
    await page.locator('input[name="password"]').fill(world.server.password(tomEmail));
    await page.locator('button[type="submit"]').click();
    await page.locator('[data-connection="live"]').waitFor();
    expect(new URL(page.url()).pathname + new URL(page.url()).search).toBe("/history?q=anna");
    await context.close();
  });
});

describe("what is not current", () => {
  it("[U50] a wallboard's tile without figures for 15 s says so, and is current again with the next ones", async () => {
    await openAt("/wall");
    const tile = page.locator('[data-queue="Support"]');
    await tile.getByText(/^as of /).waitFor();
    tap.keep = (frame) => !frame.includes("QUEUE_STATS_UPDATED");
    await tile.getByText(/^old: as of /).waitFor({ timeout: 25_000 });
    tap.keep = () => true;
    await tile.getByText(/^as of /).waitFor({ timeout: 10_000 });
  });

  it("[U60] a position that is not kept shows the gap, and the token is nowhere in the page", async () => {
    const { page, context, errors } = await openConsole(browser, world, adminEmail, { path: "/events" });
    await page.getByLabel("From position").fill("99999999");
    await page.getByRole("button", { name: "Replay" }).click();
    await page.getByText("Gap: nothing is kept there. The oldest kept is 1.").waitFor();
    const tokens = await page.evaluate(() => {
      const login = JSON.parse(localStorage.getItem("pbx-x.login") ?? "{}") as Record<string, string>;
      return [login["accessToken"], login["refreshToken"]].filter((token) => token !== undefined);
    });
    expect(tokens.length).toBeGreaterThan(0);
    for (const token of tokens) expect(await page.content()).not.toContain(token);
    expect(errors).toEqual([]);
    await context.close();
  });
});

describe("a user without further rights", () => {
  it("[U2] finds the number of somebody else's caller from outside on no page", async () => {
    const outside = "+4940777123";
    const carrierPort = await freePort();
    const trunk = (await world.request("POST", "/trunks", {
      name: "SIPp",
      trunkType: "static",
      host: "127.0.0.1",
      port: carrierPort,
      transport: "udp",
      mainNumber: "+493055520",
      optionsEnabled: false,
    })) as { id: string };
    await world.cti.waitFor("TRUNK_STATUS_CHANGED", ({ data }) => data["newStatus"] === "active");
    const destination = { kind: "extension", extensionId: await world.extensionId("200") };
    const did = "+493055520200";
    await world.request("POST", "/rules/inbound", { name: "Anna", trunkId: trunk.id, didPattern: did, destination });
    const caller = await playSipp({
      scenario: scenario("calls and stays", uac.invite(), uac.expectAnswer(), uac.pause(30_000)),
      user: { number: outside, password: "" },
      dials: did,
      pbx: world.pbx.udp,
      localPort: carrierPort,
    });
    try {
      const ringing = await world.cti.waitFor("CALL_RINGING", ({ data }) => JSON.stringify(data).includes(outside));
      await anna.command("accept");
      await openAt("/supervisor");
      await page.locator("[data-call]", { hasText: "40777123" }).waitFor();
      const user = await openConsole(browser, world, tomEmail, { path: "/panel" });
      await cardOf(user.page, "200").and(user.page.locator('[data-state="presence.busy"]')).waitFor();
      await world.cti.send("park", { callId: ringing.data["callId"], extensionId: await world.extensionId("200") });
      await user.page.locator("[data-slot]").waitFor();
      for (const path of ["/panel", "/history", "/voicemail", "/conferences", "/events"]) {
        await user.page.goto(path);
        await user.page.locator('[data-connection="live"]').waitFor();
        await user.page.waitForTimeout(700);
        expect((await user.page.content()).replaceAll(" ", "")).not.toContain("40777123");
      }
      await user.context.close();
    } finally {
      caller.stop();
    }
  });
});
