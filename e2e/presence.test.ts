import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Baresip } from "./src/baresip.ts";
import { type Cti, connectCti } from "./src/cti.ts";
import { annaEmail, lisaEmail, startWorld, type World } from "./src/world.ts";

let world: World;
let watching: Baresip;
let lisa: Baresip;
let anna: Cti;
/** How many of her events were looked at. */
let read = 0;
beforeAll(async () => {
  world = await startWorld();
  watching = await world.startPhone("202", { watches: ["201"] });
  lisa = await world.startPhone("201");
  anna = await connectCti(world.server.url, await world.tokenOf(annaEmail));
});
afterAll(async () => {
  await anna?.close();
  await world?.stop();
});

/** What Anna was told of Lisa, as `status message`. */
const told = (): readonly string[] =>
  anna.events
    .filter(({ type, data }) => type === "PRESENCE_UPDATED" && data["number"] === "201")
    .map(({ data: { presenceStatus, statusMessage } }) =>
      [presenceStatus, statusMessage].filter((part) => typeof part === "string").join(" "),
    );

/** Waits for Lisa's next presence on Anna's socket. */
async function isTold(presenceStatus: string, statusMessage?: string): Promise<void> {
  const event = await anna.waitFor(
    "PRESENCE_UPDATED",
    (e) => e.data["number"] === "201" && anna.events.indexOf(e) >= read,
  );
  read = anna.events.indexOf(event) + 1;
  expect(event.data).toMatchObject({ presenceStatus, ...(statusMessage !== undefined && { statusMessage }) });
}

/** The statuses, in colour, that the watching phone says it was told, oldest first. */
const shown = (): readonly string[] =>
  [...watching.output().matchAll(/changed status from \S+ to (?:\W\[\d+m)?(\w+)/g)].map(([, status = ""]) => status);

/** Under load a program takes its time. */
const eventually = { timeout: 15_000 };

describe("presence with real phones and clients", () => {
  it("[W27] [P1] [P2] [P3] [P5] follows calls, do not disturb, the user's own words and the phone; socket and phone agree", async () => {
    const extensionId = await world.extensionId("201");
    const answer = await anna.send("subscribePresence", { extensionIds: [extensionId] });
    expect(answer.data).toMatchObject({ subscriptions: [{ number: "201", presenceStatus: "available" }] });

    // baresip tells changes alone, so it has to know a first status before there is one.
    await expect.poll(() => world.inUse("subscriptions"), eventually).toBe(1);
    const seen = world.cti.events.length;
    await watching.command("dial", "201");
    await world.cti.waitFor("CALL_RINGING", (event) => world.cti.events.indexOf(event) >= seen);
    await lisa.command("accept");
    await isTold("busy", "In a call");
    await expect.poll(() => shown().at(-1), eventually).toBe("Busy");
    await watching.command("hangup");
    await isTold("available");
    await expect.poll(() => shown().at(-1), eventually).toBe("Online");

    await world.patchExtension("201", { dndEnabled: true });
    await isTold("dnd");
    await expect.poll(() => shown().at(-1), eventually).toBe("Busy");
    await world.patchExtension("201", { dndEnabled: false });
    await isTold("available");
    await expect.poll(() => shown().at(-1), eventually).toBe("Online");

    const own = await connectCti(world.server.url, await world.tokenOf(lisaEmail));
    const set = await own.send("setPresence", { status: "away", statusMessage: "Lunch" });
    expect(set).toMatchObject({ success: true, data: { presenceStatus: "away", isManual: true } });
    await isTold("away", "Lunch");
    // This program has no word for away.
    await expect.poll(() => shown().at(-1), eventually).toBe("Offline");
    // It wins over a phone that is gone.
    await lisa.stop();
    await world.cti.waitFor("EXTENSION_UNREGISTERED", ({ data }) => data["number"] === "201");
    expect(told().at(-1)).toBe("away Lunch");
    expect(await world.get("/presence?search=Lisa")).toMatchObject({
      data: [{ number: "201", presenceStatus: "away", statusMessage: "Lunch", isManual: true }],
    });
    // Without a phone her session alone makes her available.
    await own.send("setPresence", { status: null });
    await isTold("available");
    await expect.poll(() => shown().at(-1), eventually).toBe("Online");
    await own.send("setPresence", { status: "offline" });
    await isTold("offline");
    await expect.poll(() => shown().at(-1), eventually).toBe("Offline");
    expect(await anna.send("unsubscribePresence", { extensionIds: [extensionId] })).toMatchObject({ success: true });
    await own.send("setPresence", { status: "away" });
    await expect
      .poll(() => world.get("/presence?search=Lisa"), eventually)
      .toMatchObject({
        data: [{ presenceStatus: "away" }],
      });
    // What is answered later than the change would have come before the answer.
    await anna.send("ping");
    await own.close();
    expect(told()).toEqual(["busy In a call", "available", "dnd", "available", "away Lunch", "available", "offline"]);
  });
});
