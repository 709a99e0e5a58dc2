import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Baresip } from "./src/baresip.ts";
import { connectCti, type WireEvent } from "./src/cti.ts";
import { startWorld, type World } from "./src/world.ts";

let world: World;
let anna: Baresip;
let lisa: Baresip;
beforeAll(async () => {
  world = await startWorld();
  anna = await world.startPhone("200");
  lisa = await world.startPhone("201");
});
afterAll(() => world?.stop());

const logged = (events: readonly WireEvent[]) => events.filter((event) => event.seq !== undefined);

describe("a client that comes back in mid-call", () => {
  it("[W25] gets every event once and in order with `since`", async () => {
    const before = await connectCti(world.server.url, world.token);
    await before.send("subscribe", { channels: ["calls"] });
    await anna.command("dial", "201");
    const created = await before.waitFor("CALL_CREATED");
    const connected = before.events.find((event) => event.type === "CONNECTED");
    before.cut();

    await world.cti.waitFor("CALL_RINGING");
    await lisa.command("accept");
    await world.cti.waitFor("CALL_ANSWERED");

    const after = await connectCti(world.server.url, world.token);
    const answer = await after.send("subscribe", {
      channels: ["calls"],
      since: { epoch: connected?.data["epoch"], seq: created.seq },
    });
    expect(answer).toMatchObject({ success: true, data: { recovered: true } });
    await anna.command("hangup");
    await after.waitFor("CALL_ENDED");
    await world.cti.waitFor("CALL_ENDED", ({ data }) => data["callId"] === created.data["callId"]);
    expect(logged(after.events).map((event) => event.type)).toEqual(["CALL_RINGING", "CALL_ANSWERED", "CALL_ENDED"]);
    const expected = logged(world.cti.events).filter(
      ({ type, seq }) => type.startsWith("CALL_") && (seq ?? 0) > (created.seq ?? 0),
    );
    expect(logged(after.events)).toEqual(expected);
    await after.close();
  });

  it("[W28] resumes its session: the subscriptions are back, what was missed follows", async () => {
    const before = await connectCti(world.server.url, world.token);
    await before.send("subscribe", { channels: ["calls"] });
    const connected = before.events.find((event) => event.type === "CONNECTED")?.data ?? {};
    before.cut();
    const seen = world.cti.events.length;
    await anna.command("dial", "201");
    const created = await world.cti.waitFor("CALL_CREATED", (event) => world.cti.events.indexOf(event) >= seen);
    const callId = String(created.data["callId"]);
    const after = await connectCti(world.server.url, world.token, {
      resume: String(connected["sessionId"]),
      epoch: String(connected["epoch"]),
      since: String(connected["seq"]),
    });
    expect(after.events[0]?.data).toMatchObject({ resumed: true, sessionId: connected["sessionId"] });
    await after.waitFor("CALL_RINGING", ({ data }) => data["callId"] === callId);
    await anna.command("hangup");
    await after.waitFor("CALL_ENDED", ({ data }) => data["callId"] === callId);
    expect(after.typesOf(callId)).toEqual(["CALL_CREATED", "CALL_RINGING", "CALL_ENDED"]);
    await after.close();
  });

  it("[R4] REST backfill has the same events as the socket", async () => {
    const epoch = String(world.cti.events.find((event) => event.type === "CONNECTED")?.data["epoch"]);
    const page = (await world.get(`/events?after=0&epoch=${epoch}&channels=calls,extensions,system&limit=500`)) as {
      events: WireEvent[];
      complete: boolean;
    };
    expect(page.complete).toBe(true);
    const calls = logged(world.cti.events).filter((event) => event.type.startsWith("CALL_"));
    expect(page.events.filter((event) => event.type.startsWith("CALL_"))).toEqual(calls);
  });
});
