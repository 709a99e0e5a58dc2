import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Baresip } from "./src/baresip.ts";
import {
  buildConsole,
  cardOf,
  type ConsolePage,
  maxEmail,
  openConsole,
  startBrowser,
  tomEmail,
} from "./src/browser.ts";
import { hearsTone } from "./src/tone.ts";
import { adminEmail, annaEmail, startWorld, type World } from "./src/world.ts";

let world: World;
let browser: Browser;
let agent: ConsolePage;
let page: Page;
let caller: ConsolePage;
let boss: ConsolePage;
let anna: Baresip;
let tom: Baresip;
let queueId: string;
let max: Baresip;
const [annaHz, tomHz] = [440, 880];

beforeAll(async () => {
  buildConsole();
  world = await startWorld();
  await world.cti.send("subscribe", { channels: ["queues", "agents"] });
  anna = await world.startPhone("200", { toneHz: annaHz });
  tom = await world.startPhone("202", { toneHz: tomHz });
  max = await world.startPhone("100", { toneHz: 660, answerMode: "auto" });
  const queues = (await world.get("/queues")) as {
    readonly data: readonly { readonly id: string; readonly name: string }[];
  };
  queueId = queues.data.find(({ name }) => name === "Support")?.id ?? "";
  // The first offer is looked at from all sides while it rings.
  await world.request("PATCH", `/queues/${queueId}`, { ringTimeoutSeconds: 60 });
  browser = await startBrowser();
  agent = await openConsole(browser, world, annaEmail);
  page = agent.page;
});
afterAll(async () => {
  await browser?.close();
  await world?.stop();
});

/** What a timer counts, and how far it is from the time since an event: less than 1 s, where both tell the same. */
async function differs(timer: Locator, since: string, direction = 1): Promise<number> {
  const [minutes = 0, seconds = 0] = ((await timer.textContent()) ?? "").split(":").map(Number);
  return Math.abs(minutes * 60 + seconds - (direction * (Date.now() - Date.parse(since))) / 1000);
}

/** Tom calls the queue, and Anna is offered it: the position in the stream before that. */
async function offered(): Promise<number> {
  const from = world.cti.events.length;
  await tom.command("dial", "300");
  await page.locator("[data-offer]").waitFor();
  return from;
}

const stateIs = (status: string) => page.locator(`[data-agent-state="${status}"]`).waitFor();

describe("an agent's call", () => {
  it("begins at the agent desktop with the log-in to the own queues", async () => {
    await page.getByRole("button", { name: "Log in to all queues" }).click();
    await world.cti.waitFor("AGENT_LOGGED_IN", ({ data }) => data["number"] === "200");
    await stateIs("available");
  });

  it("[U5] is offered with its queue, its wait and its caller", async () => {
    caller = await openConsole(browser, world, tomEmail, { path: "/panel", language: "de", theme: "dark" });
    boss = await openConsole(browser, world, maxEmail);
    await tom.command("dial", "300");
    const offered = await world.cti.waitFor("QUEUE_AGENT_OFFERED");
    const offer = page.locator(`[data-offer="${String(offered.data["offerId"])}"]`);
    await offer.getByText("Tom Müller").waitFor();
    await offer.getByText("via Support").waitFor();
  });

  it("[U24] waits, as its caller, his colleagues and supervisors see: in words, since it entered, also after a reload", async () => {
    const entered = await world.cti.waitFor("QUEUE_CALL_ENTERED");
    const callId = String(entered.data["callId"]);
    const row = caller.page.locator(`[data-dock] [data-call="${callId}"]`);
    const timer = row.getByRole("timer", { name: "Wartet" });
    for (const reload of [false, true]) {
      if (reload) await caller.page.reload();
      await row.and(caller.page.locator('[data-state="waiting"]')).waitFor();
      await row.getByText("Support").waitFor();
      await row.getByText("Position 1").waitFor();
      await expect.poll(() => differs(timer, entered.timestamp)).toBeLessThan(1.5);
    }
    const own = cardOf(caller.page, "202");
    await own.getByText("Support").waitFor();
    await expect.poll(() => differs(own.getByRole("timer", { name: "Wartet" }), entered.timestamp)).toBeLessThan(1.5);
    const listed = boss.page.locator(`[data-call="${callId}"]`).getByRole("timer", { name: "Waiting" });
    await expect.poll(() => differs(listed, entered.timestamp)).toBeLessThan(1.5);
  });

  it("[U24] is answered at the phone: both talk from 0 on, however long it waited", async () => {
    await page.locator("[data-dock] article").waitFor();
    const { timestamp } = await world.cti.waitFor("QUEUE_CALL_ENTERED");
    await expect.poll(() => Date.now() - Date.parse(timestamp), { timeout: 10_000 }).toBeGreaterThan(4000);
    await anna.command("accept");
    await world.cti.waitFor("QUEUE_CALL_ANSWERED");
    const answered = await world.cti.waitFor("CALL_ANSWERED");
    await stateIs("busy");
    for (const [at, word] of [
      [page, "Talking"],
      [caller.page, "Im Gespräch"],
    ] as const) {
      const timer = at.locator("[data-dock]").getByRole("timer", { name: word });
      await expect.poll(() => differs(timer, answered.timestamp)).toBeLessThan(1.5);
    }
    expect(caller.errors).toEqual([]);
    await caller.context.close();
  });

  it("is listened in to by a supervisor, who stops", async () => {
    await boss.page.locator('[data-agent="200"][data-status="busy"]').waitFor();
    await boss.page.getByRole("button", { name: /^Listen/ }).click();
    await boss.page.locator('[data-monitor="listen"]').waitFor();
    expect(await hearsTone(() => max.heardFiles(), tomHz)).toBe(true);
    await boss.page.getByRole("button", { name: "Stop" }).click();
    await world.cti.waitFor("CALL_MONITOR_STOPPED");
    await boss.page.locator("[data-monitor]").waitFor({ state: "detached" });
    await boss.context.close();
  });

  it("[U31] of somebody else is ended only after a question whose focus is on Cancel", async () => {
    const boss = await openConsole(browser, world, maxEmail);
    await boss.page.getByRole("button", { name: /^Hang up: Tom/ }).click();
    const question = boss.page.getByRole("alertdialog");
    await question.getByText("Tom Müller").waitFor();
    expect(await boss.page.evaluate(() => document.activeElement?.textContent)).toBe("Cancel");
    await boss.page.keyboard.press("Escape");
    await boss.page.locator("[data-call]").first().waitFor();
    expect(boss.errors).toEqual([]);
    await boss.context.close();
  });

  it("[U40] opens no script as its screen pop, and an https address with the caller's number encoded", async () => {
    const link = page.locator('a[target="pbx-x.screen-pop"]');
    const withTemplate = async (template: string): Promise<void> => {
      await page.goto("/settings");
      await page.locator('input[type="url"]').fill(template);
      await page.goto("/agent");
      await page.getByText("Data of the call").waitFor();
    };
    await withTemplate("javascript:alert({number})");
    expect(await link.count()).toBe(0);
    expect(agent.context.pages()).toHaveLength(1);
    await withTemplate("https://crm.example/?q={number}&n={name}");
    expect(await link.getAttribute("href")).toBe("https://crm.example/?q=202&n=Tom%20M%C3%BCller");
    await withTemplate("");
    for (const other of agent.context.pages().slice(1)) await other.close();
  });

  it("[U4, U40] shows a break that was chosen meanwhile, by key, as next, and takes it back", async () => {
    await page.keyboard.press("Shift+B");
    await page.getByRole("menuitem", { name: "Lunch" }).click();
    await page.getByText("Next: Break · Lunch").waitFor();
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByText("Next: Break").waitFor({ state: "detached" });
  });

  it("[U4] ends in a wrap-up that shows its end, is lengthened by 30 s, and ends in being ready by key", async () => {
    await tom.command("hangup");
    await stateIs("wrap_up");
    const wrapUp = async (isLonger: boolean) => {
      const { data } = await world.cti.waitFor(
        "AGENT_STATE_CHANGED",
        (event) => event.data["newStatus"] === "wrap_up" && isLonger === (event.data["oldStatus"] === "wrap_up"),
      );
      return Date.parse(String(data["endsAt"]));
    };
    const left = page.getByRole("timer", { name: "Wrap-up ends in" });
    const before = await wrapUp(false);
    await expect.poll(() => differs(left, new Date(before).toISOString(), -1)).toBeLessThan(1.5);
    await page.getByRole("button", { name: "+30 s" }).click();
    const after = await wrapUp(true);
    expect(Math.abs(after - before - 30_000)).toBeLessThan(1500);
    await expect.poll(() => differs(left, new Date(after).toISOString(), -1)).toBeLessThan(1.5);
    await page.getByRole("button", { name: "Ready now" }).waitFor();
    await page.keyboard.press("w");
    await stateIs("available");
    expect(agent.errors).toEqual([]);
  });

  it("[U40] goes over to the break that was chosen during it, after the wrap-up, and says so until then", async () => {
    await world.request("PATCH", `/queues/${queueId}`, { wrapUpTimeSeconds: 8 });
    const from = await offered();
    await anna.command("accept");
    await stateIs("busy");
    await page.keyboard.press("Shift+B");
    await page.getByRole("menuitem", { name: "Lunch" }).click();
    await page.getByText("Next: Break · Lunch").waitFor();
    await tom.command("hangup");
    await stateIs("wrap_up");
    await page.getByText("Next: Break · Lunch").waitFor();
    await page.getByRole("button", { name: "Break now" }).waitFor();
    await stateIs("break");
    await page.locator("[data-agent-state]").getByText("Lunch").waitFor();
    const changes = world.cti.events.slice(from).filter(({ type }) => type === "AGENT_STATE_CHANGED");
    expect(changes.map(({ data }) => data["newStatus"])).toEqual(["busy", "busy", "wrap_up", "break"]);
    await page.getByRole("button", { name: "Ready" }).click();
    await stateIs("available");
  });

  it("[U33, U40] that is not taken goes from the page with words that stay; after three the agent is on a break, and sees why", async () => {
    await world.request("PATCH", `/queues/${queueId}`, { ringTimeoutSeconds: 3 });
    // The hand does not rest where Ready will be: a press there is for what was there before ([U31]).
    await page.mouse.move(5, 5);
    const from = await offered();
    const { data } = await world.cti.waitFor("QUEUE_CALL_ENTERED", (event) => world.cti.events.indexOf(event) >= from);
    await world.cti.send("attachData", { callId: data["callId"], data: { customer: "4711" } });
    const offer = page.locator("[data-offer]");
    await offer.getByText("customer 4711").waitFor();
    await offer.waitFor({ state: "detached" });
    const notice = page.locator('[data-missed-offer="no_answer"]');
    await notice.getByText("you did not answer Tom Müller, who waits in Support.").waitFor();
    await stateIs("break");
    await page.getByText("You did not answer an offer, so you are on a break.").waitFor();
    await notice.waitFor();
    await tom.command("hangup");
    await page.getByRole("button", { name: "Ready" }).click();
    await stateIs("available");
    await notice.getByText("You are still available").waitFor();
    await notice.getByRole("button", { name: "Close" }).click();
    await notice.waitFor({ state: "detached" });
    expect(agent.errors).toEqual([]);
  });
});

describe("the event inspector", () => {
  it("[U60] loses nothing while it is paused, filters, replays, and never shows the token", async () => {
    const { page: inspector, errors } = await openConsole(browser, world, maxEmail, { path: "/events" });
    // What comes before its channels are subscribed to is not on the page.
    await expect
      .poll(
        async () => {
          await world.patchExtension("202", { department: `Desk ${Date.now()}` });
          return inspector.locator('[data-event="EXTENSION_STATUS_CHANGED"]').count();
        },
        { timeout: 15_000, interval: 500 },
      )
      .toBeGreaterThan(0);
    await inspector.getByRole("button", { name: "Pause" }).click();
    await tom.command("dial", "200");
    const created = await world.cti.waitFor("CALL_CREATED", ({ data }) =>
      JSON.stringify(data["callee"]).includes('"200"'),
    );
    await inspector.getByRole("button", { name: /Go on \([1-9]/ }).click();
    await inspector.locator('[data-event="CALL_RINGING"]').first().waitFor();
    await inspector.getByRole("button", { name: "Replay" }).click();
    await inspector.getByText("Replay: nothing here rings or acts.").waitFor();
    await inspector.locator('[data-field="filter"]').fill(`call:${String(created.data["callId"])} type:CALL_CREATED`);
    await inspector.getByText(/^1 of \d+$/).waitFor();
    await inspector.locator('[data-event="CALL_CREATED"]').click();
    await inspector.locator("pre", { hasText: String(created.seq) }).waitFor();
    const token = await inspector.evaluate(() =>
      String(JSON.parse(localStorage.getItem("pbx-x.login") ?? "{}").accessToken),
    );
    expect(token.length).toBeGreaterThan(40);
    expect(await inspector.content()).not.toContain(token);
    expect(errors).toEqual([]);
    await tom.command("hangup");
  });
});

describe("the wallboard", () => {
  it("[U50] counts who waits from the calls themselves, says how it stands in words, and hides its controls in kiosk", async () => {
    const { page: wall, errors } = await openConsole(browser, world, maxEmail, { path: "/wall" });
    await page.getByRole("button", { name: "Log out", exact: true }).click();
    await stateIs("offline");
    const tile = wall.locator('[data-queue="Support"]');
    await tile.getByText("fine").waitFor();
    await wall.getByRole("button", { name: "Kiosk view" }).click();
    await wall.locator("nav").waitFor({ state: "detached" });
    expect(await wall.getByRole("button").count()).toBe(0);
    expect(errors).toEqual([]);
  });

  it("[U24, U50] counts the longest wait from the calls themselves, each second; who waits longest leaves: it is the next one's", async () => {
    const { page: wall, context } = await openConsole(browser, world, adminEmail, {
      path: "/wall",
      prepare: (each) => each.clock.install(),
    });
    const tile = wall.locator('[data-queue="Support"]');
    const from = world.cti.events.length;
    const enteredAt = async (phone: Baresip, number: string): Promise<number> => {
      await phone.command("dial", "300");
      const { timestamp } = await world.cti.waitFor(
        "QUEUE_CALL_ENTERED",
        (event) =>
          world.cti.events.indexOf(event) >= from && JSON.stringify(event.data["caller"]).includes(`"${number}"`),
      );
      return Date.parse(timestamp);
    };
    const first = await enteredAt(tom, "202");
    await wall.waitForTimeout(2200);
    const second = await enteredAt(max, "100");
    await expect.poll(() => tile.textContent()).toContain("Waiting2");
    // Half a second after the tick that is painted then.
    const start = Math.ceil(Date.now() / 1000) * 1000 + 2500;
    await wall.clock.pauseAt(start);
    const longest = tile.getByRole("timer", { name: "Longest wait" });
    const asOf = (entered: number, passed: number): string => {
      const seconds = Math.floor((start - 500 + passed - entered) / 1000);
      return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    };
    let passed = 0;
    const nextSecond = async (): Promise<string | null> => {
      await wall.clock.runFor(1000);
      passed += 1000;
      return longest.textContent();
    };
    for (let each = 0; each < 8; each += 1) expect(await nextSecond()).toBe(asOf(first, passed));
    await tom.command("hangup");
    await world.cti.waitFor("QUEUE_CALL_ABANDONED", (event) => world.cti.events.indexOf(event) >= from);
    await expect.poll(async () => (await nextSecond()) === asOf(second, passed)).toBe(true);
    for (let each = 0; each < 3; each += 1) expect(await nextSecond()).toBe(asOf(second, passed));
    await max.command("hangup");
    await context.close();
  });
});
