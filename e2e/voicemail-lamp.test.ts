import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Baresip } from "./src/baresip.ts";
import { freePort } from "./src/free-port.ts";
import { leaveMessage } from "./src/leave-message.ts";
import { playSipp, registerSipp } from "./src/sipp.ts";
import { scenario } from "./src/sipp-scenario.ts";
import { watcher } from "./src/sipp-watcher.ts";
import { startWorld, type World } from "./src/world.ts";

let world: World;
let anna: Baresip;
beforeAll(async () => {
  world = await startWorld();
  expect(await world.cti.send("subscribe", { channels: ["voicemail"] })).toMatchObject({ success: true });
  await world.patchExtension("201", { voicemailEnabled: true });
  anna = await world.startPhone("200", { toneHz: 440 });
});
afterAll(() => world?.stop());

describe("the lamp of a mailbox at real phones", () => {
  it("[L11] [V1] a phone that asks is told at once and at each change", async () => {
    const lisa = await world.startPhone("201", { watchesMailbox: true });
    const summaries = () => [...lisa.output().matchAll(/Voice-Message: (\S+ \S+)/g)].map(([, counts]) => counts);
    const shows = (counts: string) =>
      expect.poll(() => summaries().at(-1), { timeout: 20_000, message: `the phone shows ${counts}` }).toBe(counts);
    await expect.poll(() => world.inUse("subscriptions"), { timeout: 20_000 }).toBe(1);
    await shows("0/0 (0/0)");
    const id = String((await leaveMessage(world, anna, "201"))["messageId"]);
    await shows("1/0 (0/0)");
    expect(lisa.output()).toContain("Messages-Waiting: yes");
    expect(lisa.output()).toMatch(/Message-Account: sip:\*97@127\.0\.0\.1/);
    await world.request("PATCH", `/voicemail/messages/${id}`, { isRead: true });
    await shows("0/1 (0/0)");
    await world.request("DELETE", `/voicemail/messages/${id}`);
    await shows("0/0 (0/0)");
    await lisa.stop();
  });

  it("[L11] [V1] a phone that does not ask is told when it registers, and at each change; another's mailbox is not shown", async () => {
    const user = world.user("201");
    const localPort = await freePort();
    await registerSipp({ user, pbx: world.pbx.udp, localPort });
    const play = (name: string, messages: string) =>
      playSipp({ scenario: scenario(name, watcher.expectUnasked({ messages })), user, pbx: world.pbx.udp, localPort });
    await (await play("the lamp of 201 at its registration", "0/0 (0/0)")).done;
    const told = await play("the lamp of 201, which did not ask", "1/0 (0/0)");
    const id = String((await leaveMessage(world, anna, "201"))["messageId"]);
    await told.done;
    const cleared = await play("the lamp of 201 goes out", "0/0 (0/0)");
    await world.request("DELETE", `/voicemail/messages/${id}`);
    await cleared.done;
    const foreign = await playSipp({
      scenario: scenario("the mailbox of another", watcher.subscribe("message-summary", 600, 403)),
      user: world.user("100"),
      pbx: world.pbx.udp,
      dials: "201",
    });
    await foreign.done;
  });
});
