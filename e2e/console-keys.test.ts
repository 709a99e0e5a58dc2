import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Baresip } from "./src/baresip.ts";
import { buildConsole, type ConsolePage, maxEmail, openConsole, startBrowser } from "./src/browser.ts";
import { byKeys, type ByKeys } from "./src/by-keys.ts";
import { talk } from "./src/conversation.ts";
import type { WireEvent } from "./src/cti.ts";
import { leaveMessage } from "./src/leave-message.ts";
import { adminEmail, lisaEmail, startWorld, type World } from "./src/world.ts";

let world: World;
let browser: Browser;
let anna: Baresip;
let lisa: Baresip;
let tom: Baresip;
let opened: ConsolePage;
let page: Page;
/** Nothing in this file is done with a mouse. */
let by: ByKeys;
let seen = 0;

beforeAll(async () => {
  buildConsole();
  world = await startWorld();
  await world.cti.send("subscribe", { channels: ["voicemail", "conferences", "agents", "queues", "presence"] });
  await world.patchExtension("201", { voicemailEnabled: true });
  await world.startPhone("100", { toneHz: 660, answerMode: "auto" });
  anna = await world.startPhone("200", { toneHz: 440 });
  lisa = await world.startPhone("201", { toneHz: 880 });
  tom = await world.startPhone("202", { toneHz: 1320 });
  browser = await startBrowser();
});
afterAll(async () => {
  await browser?.close();
  await world?.stop();
});

beforeEach(() => {
  seen = world.cti.events.length;
});
afterEach(() => {
  expect(opened.errors).toEqual([]);
});

async function openFor(email: string, path: string): Promise<void> {
  opened = await openConsole(browser, world, email, { path });
  page = opened.page;
  by = byKeys(page);
}
async function goTo(path: string): Promise<void> {
  await page.goto(path);
  await page.locator('[data-connection="live"]').waitFor();
}
/** The first event since the test began, or since the last `mark()`. */
const next = (type: string, where: (data: WireEvent["data"]) => boolean = () => true): Promise<WireEvent> =>
  world.cti.waitFor(type, (event) => world.cti.events.indexOf(event) >= seen && where(event.data));
const mark = (): void => {
  seen = world.cti.events.length;
};

describe("without a mouse, a supervisor", () => {
  beforeAll(() => openFor(maxEmail, "/supervisor"));

  it("[U4] listens, whispers, barges in, stops, and ends somebody's call; Cancel leads back to where one was", async () => {
    const callId = await talk(world, tom, anna);
    const monitor = (mode: string) => next("CALL_MONITOR_STARTED", (data) => data["mode"] === mode);
    await by.press(/^Listen: Tom Müller/);
    await monitor("listen");
    await by.isIn(`[data-call="${callId}"]`);
    await by.press("Whisper", true);
    await page.locator('[data-monitor="whisper"]').waitFor();
    await by.press("Barge in");
    await by.isAt("Cancel");
    await by.keys("Enter");
    await by.isAt("Barge in");
    await by.keys("Enter");
    await by.press("Barge in");
    await page.locator('[data-monitor="barge"]').waitFor();
    await by.isAt("Barge in");
    await by.press("Stop");
    await next("CALL_MONITOR_STOPPED");
    await page.locator("[data-monitor]").waitFor({ state: "detached" });
    await by.isIn("main");
    await by.press(/^Hang up: Tom Müller/);
    await by.isAt("Cancel");
    await by.press("Hang up");
    await next("CALL_ENDED", (data) => data["callId"] === callId);
    await page.locator(`[data-call="${callId}"]`).waitFor({ state: "detached" });
    await by.isIn("main");
  });

  it("[U4] sets somebody on a break, to available again, and logs him out", async () => {
    const queues = (await world.get("/queues")) as { data: { id: string }[] };
    const queueIds = queues.data.map(({ id }) => id);
    await world.cti.send("agentLogin", { extensionId: await world.extensionId("200"), queueIds });
    await page.locator('[data-agent="200"]').waitFor();
    const choose = async (item: string): Promise<void> => {
      await by.isAt(/^Actions: Anna/);
      await by.keys("Enter");
      await page.getByRole("menu").waitFor();
      for (let step = 0; step < 3 && !(await page.getByRole("menuitem", { name: item }).evaluate(isFocused)); step += 1)
        await by.keys("ArrowDown");
      await by.keys("Enter");
      await by.isAt("Cancel");
      await by.press(item);
    };
    await by.tabTo(/^Actions: Anna/);
    await choose("Set on a break");
    await next("AGENT_STATE_CHANGED", (data) => data["newStatus"] === "break");
    await choose("Set to available");
    await next("AGENT_STATE_CHANGED", (data) => data["newStatus"] === "available");
    await choose("Log out");
    await next("AGENT_LOGGED_OUT");
  });

  it("[U4, U34] does by the card's window what a drag does, and fetches a parked call", async () => {
    await goTo("/panel");
    const callId = await talkToMax();
    await by.tabTo("Extensions");
    // In the order of numbers: 100, 200, 201.
    await by.keys("ArrowRight", "ArrowRight", "ArrowRight", "Enter");
    await page.getByRole("dialog").getByText("Lisa Weber").waitFor();
    await by.press("Consult: Anna Schmidt");
    await page.locator("[data-consultation]").waitFor();
    await by.press("Back to Anna Schmidt");
    await page.locator("[data-consultation]").waitFor({ state: "detached" });
    await page.locator(`[data-dock] [data-call="${callId}"][data-state="talking"]`).waitFor();
    await by.tabTo("Park");
    await page.waitForTimeout(700);
    await by.keys("Enter");
    await next("CALL_PARKED");
    await page.locator("[data-slot]").waitFor();
    await by.isIn("body *");
    await by.press(/^Retrieve: Anna/, true);
    await next("CALL_UNPARKED");
    await page.locator('[data-dock] [data-state="talking"]').waitFor();
    await anna.command("hangup");
    await page.locator("[data-dock]").waitFor({ state: "detached" });
  });

  it("[U4] changes presence, do not disturb and forwarding in the menu at the top", async () => {
    const item = async (name: string | RegExp, role: "menuitemradio" | "menuitemcheckbox" | "menuitem") => {
      // The button has the focus again a moment after the menu is gone.
      await by.isAt(/Max Mustermann/);
      await by.keys("Enter");
      const wanted = page.getByRole(role, { name });
      await wanted.waitFor();
      for (let step = 0; step < 12 && !(await wanted.evaluate(isFocused)); step += 1) await by.keys("ArrowDown");
      await by.keys("Enter");
      await page.getByRole("menu").waitFor({ state: "detached" });
    };
    await by.tabTo(/Max Mustermann/);
    await item("Away", "menuitemradio");
    await next("PRESENCE_UPDATED", (data) => data["presenceStatus"] === "away");
    await item("Automatic", "menuitemradio");
    await item("Do not disturb", "menuitemcheckbox");
    await next("EXTENSION_STATUS_CHANGED", (data) => JSON.stringify(data).includes('"dndEnabled":true'));
    mark();
    await item("Do not disturb", "menuitemcheckbox");
    await next("EXTENSION_STATUS_CHANGED", (data) => JSON.stringify(data).includes('"dndEnabled":false'));
    await item(/^Call forwarding/, "menuitem");
    await by.isAt("Forward all calls to");
    await page.keyboard.type("lisa");
    await page.getByRole("option", { name: /Lisa Weber/ }).waitFor();
    await by.keys("Enter");
    await page.getByText("Forwarded to Lisa Weber").waitFor();
    await by.tabTo(/Max Mustermann/, true);
    await item("Switch forwarding off", "menuitem");
    await page.getByText("Forwarded to Lisa Weber").waitFor({ state: "detached" });
  });

  it("[U4, R6] filters the history, takes it along as CSV, reads a call's story, and dials who called", async () => {
    await goTo("/history");
    const rows = page.locator("tr[data-record]");
    await rows.first().waitFor();
    const [download] = await Promise.all([page.waitForEvent("download"), by.press("CSV")]);
    expect(download.suggestedFilename()).toBe("calls.csv");
    await by.tabTo("Search");
    await page.keyboard.type("tom");
    await page.waitForURL("**q=tom**");
    // By name or number, not by what else is written in a record.
    expect(await world.get("/cdr?search=clearing")).toMatchObject({ meta: { total: 0 } });
    // Exactly a number, not a part of one.
    expect(await world.get("/cdr?number=10")).toMatchObject({ meta: { total: 0 } });
    expect(await world.get("/cdr?number=100&limit=1")).toMatchObject({ data: [{}] });
    await by.tabTo("Direction");
    await by.keys("ArrowDown", "ArrowDown", "ArrowDown");
    await page.waitForURL("**direction=internal**");
    // The rows of before stay until the answer is there.
    await rows.filter({ hasNotText: "Tom" }).first().waitFor({ state: "detached" });
    await rows.first().waitFor();
    const link = rows.first().getByRole("link");
    const when = (await link.textContent())?.trim() ?? "";
    await by.press(when);
    await page.locator("[data-timeline] [data-event]").first().waitFor();
    await by.keys("Escape");
    await page.locator("[data-timeline]").waitFor({ state: "detached" });
    // What is filtered by is still there.
    expect(page.url()).toMatch(/q=tom.*direction=internal/);
    await by.isAt(when);
    await by.press(/^Call (Tom|Anna)/);
    await next("CALL_CREATED");
    await page.locator("[data-dock] article").waitFor();
    await dockRests();
    await by.press("Hang up");
    await next("CALL_ENDED");
  });

  it("[U4] reads along in the inspector: pauses, chooses, replays, goes back, and sends a command", async () => {
    await goTo("/events");
    await by.press("Pause");
    await by.isAt(/^Go on/);
    await by.keys("Enter");
    await by.isAt("Pause");
    await by.tabTo("From position");
    await by.press("Replay");
    await page.getByText("Replay: nothing here rings or acts.").waitFor();
    await by.isAt("Back to live");
    const list = page.locator('[role="rowgroup"]');
    for (let tab = 0; tab < 20 && !(await list.evaluate(isFocused)); tab += 1) await by.keys("Tab");
    await by.keys("ArrowDown", "ArrowDown");
    const chosen = page.locator('[role="row"][aria-selected="true"]');
    expect(await chosen.getAttribute("aria-rowindex")).toBe("2");
    await by.keys("k", "End");
    await page.locator("pre").waitFor();
    await by.press("Back to live", true);
    await page.getByText("Replay: nothing here rings or acts.").waitFor({ state: "detached" });
    await by.isIn("main");
    await by.press("Send a command");
    await page.getByRole("dialog").waitFor();
    await by.press("Send");
    await page.getByText(/Answer after /).waitFor();
    await by.keys("Escape");
    await by.isAt("Send a command");
  });

  it("[U4] shows the wallboard on the full screen and as a kiosk", async () => {
    await goTo("/wall");
    await by.press("Full screen");
    await page.waitForFunction(() => document.fullscreenElement !== null);
    await page.evaluate(() => document.exitFullscreen());
    await by.press("Kiosk view");
    await page.locator("nav").waitFor({ state: "detached" });
    await opened.context.close();
  });
});

/** The hang-up drops what is pressed within 700 ms of a change ([U31]): until the dock looks the same for longer. */
async function dockRests(): Promise<void> {
  const look = (): Promise<string> =>
    page
      .locator("[data-dock] article")
      .evaluateAll((rows) => rows.map(({ dataset }) => `${dataset["call"]} ${dataset["state"]}`).join());
  for (let [before, now] = ["", await look()]; before !== now; [before, now] = [now, await look()]) {
    await page.waitForTimeout(800);
  }
}

const isFocused = (element: Element): boolean => element === document.activeElement;

/** Anna calls Max, whose phone answers by itself. */
async function talkToMax(): Promise<string> {
  await anna.command("dial", "100");
  const { data } = await next("CALL_ANSWERED", (told) => JSON.stringify(told["answeredBy"]).includes('"100"'));
  await page.locator('[data-dock] [data-state="talking"]').waitFor();
  return String(data["callId"]);
}

describe("without a mouse, a user", () => {
  it("[U4] hears a message, deletes it, takes that back, calls back, and deletes it for good", async () => {
    await leaveMessage(world, tom, "201");
    await openFor(lisaEmail, "/voicemail");
    await page.locator("[data-message]").waitFor();
    mark();
    await by.press("Play: Tom Müller");
    await by.press("Play");
    await next("VOICEMAIL_READ");
    await by.press("Delete: Tom Müller", true);
    await page.getByText("Message of Tom Müller is deleted").waitFor();
    await by.isAt("Undo");
    await by.keys("Enter");
    await page.locator("[data-message]").waitFor();
    await by.isIn("[data-message]");
    await by.press("Call back: Tom Müller");
    await next("CALL_CREATED");
    await page.locator("[data-dock] article").waitFor();
    await dockRests();
    await by.press("Hang up");
    await next("CALL_ENDED");
    await page.locator("[data-dock]").waitFor({ state: "detached" });
    await by.press("Delete: Tom Müller");
    expect((await next("VOICEMAIL_DELETED")).data).toMatchObject({ causedBy: { via: "command" } });
    await page.getByText("No messages.").waitFor();
    await by.isIn("main");
    expect(await page.getByText("Deleted elsewhere").count()).toBe(0);
    await opened.context.close();
  });
});

describe("without a mouse, an administrator", () => {
  beforeAll(() => openFor(adminEmail, "/conferences"));

  it("[U4] mutes, locks, records, removes and ends in a conference", async () => {
    for (const phone of [lisa, tom]) {
      mark();
      await phone.command("dial", "400");
      await next("CONFERENCE_PARTICIPANT_JOINED");
    }
    await by.press("Mute: Tom Müller");
    await next("CONFERENCE_PARTICIPANT_MUTED");
    await by.isAt("Unmute: Tom Müller");
    await by.keys("Enter");
    await next("CONFERENCE_PARTICIPANT_UNMUTED");
    for (const [button, after, type] of [
      ["Lock", "Unlock", "CONFERENCE_LOCKED"],
      ["Record", "Stop recording", "CONFERENCE_RECORDING_STARTED"],
    ] as const) {
      await by.press(button);
      await next(type);
      await by.isAt(after);
    }
    await by.keys("Enter");
    await next("CONFERENCE_RECORDING_STOPPED");
    await by.press("Remove: Tom Müller", true);
    await by.isAt("Cancel");
    await by.press("Remove");
    await next("CONFERENCE_PARTICIPANT_LEFT");
    await page.locator('[data-participant="202"]').waitFor({ state: "detached" });
    await by.isIn('[data-room="400"]');
    await by.press("End for all");
    await by.press("End for all");
    await next("CONFERENCE_ENDED");
    await page.locator('[data-room="400"]').getByText("Nobody is in it.").waitFor();
    await by.isIn("main");
  });

  it("[U4, U10] makes, changes and deletes an extension, and is where he was after each", async () => {
    await goTo("/admin/extensions");
    await by.press("Add");
    await by.isAt("Number");
    await page.keyboard.type("230");
    await by.tabTo("Name");
    await page.keyboard.type("Key Board");
    await by.press("Save");
    await page.locator("[data-secret]").waitFor();
    await by.keys("Escape");
    await by.isAt("Add");
    await by.press("Edit: 230 Key Board");
    await by.tabTo("Department");
    await page.keyboard.type("Desk");
    await by.press("Save");
    await by.isAt("Edit: 230 Key Board");
    await by.press("Delete: 230 Key Board");
    await by.isAt("Cancel");
    await by.press("Delete");
    await page.locator('tr[data-row="230 Key Board"]').waitFor({ state: "detached" });
    await by.isIn("tbody tr");
  });

  it("[U4] tests a trunk and asks where a number leads", async () => {
    await world.request("POST", "/trunks", {
      name: "Carrier",
      trunkType: "static",
      host: "127.0.0.1",
      port: world.server.ready.sip.udp,
      transport: "udp",
      mainNumber: "+493055520",
    });
    await goTo("/admin/trunks");
    await by.press("Test: Carrier");
    await page.getByText("The trunk works.").waitFor();
    await by.keys("Escape");
    await by.isAt("Test: Carrier");
    await goTo("/admin/explain");
    await by.tabTo("From");
    await page.keyboard.type("200");
    await by.tabTo("To");
    await page.keyboard.type("201");
    await by.keys("Enter");
    await page.locator("[data-explanation]").waitFor();
    await opened.context.close();
  });
});
