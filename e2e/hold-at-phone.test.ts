import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Baresip } from "./src/baresip.ts";
import { type Steps, sippTalks } from "./src/conversation.ts";
import { type SippVoice, uac } from "./src/sipp-scenario.ts";
import { isMusic, untilSoundsLike } from "./src/tone.ts";
import { startWorld, type World } from "./src/world.ts";

let world: World;
let lisa: Baresip;
let seen = 0;
const sippHz = 440;
beforeAll(async () => {
  world = await startWorld();
  lisa = await world.startPhone("201", { toneHz: 880 });
});
afterAll(() => world?.stop());
beforeEach(() => {
  seen = world.cti.events.length;
});

const next = (type: string, where: (data: Readonly<Record<string, unknown>>) => boolean = () => true) =>
  world.cti.waitFor(type, (event) => world.cti.events.indexOf(event) >= seen && where(event.data));
const types = () => world.cti.events.slice(seen).map(({ type }) => type);
const extensionId = (number: string) => world.extensionId(number);

/** A SIPp phone of 202 calls Lisa, who answers; resolves with the call. */
const callsLisa = (...steps: readonly [Steps, ...Steps[]]) => sippTalks(world, lisa, "202 calls and holds", ...steps);

const forms: readonly (readonly [string, SippVoice, SippVoice, "INVITE" | "UPDATE"])[] = [
  ["sendonly", { direction: "sendonly" }, { direction: "sendrecv" }, "INVITE"],
  ["inactive", { direction: "inactive" }, {}, "INVITE"],
  ["the address 0.0.0.0 of old phones", { address: "0.0.0.0" }, {}, "INVITE"],
  ["sendonly in an UPDATE", { direction: "sendonly" }, { direction: "sendrecv" }, "UPDATE"],
];

describe("[C20] a phone holds in its own way", () => {
  it.each(forms)(
    "[C20] %s: told once, the other hears music; resumed it is told again",
    async (_, hold, talk, method) => {
      const { phone } = await callsLisa(
        uac.invite(),
        uac.pause(300),
        uac.offerAgain(3, hold, method),
        // The same again is nothing new.
        uac.offerAgain(4, hold, method),
        uac.pause(2500),
        uac.offerAgain(5, talk, method),
        uac.pause(500),
        uac.bye(6),
      );
      expect((await next("CALL_HELD")).data).toMatchObject({
        heldBy: { number: "202" },
        holders: [{ number: "202" }],
        state: "held",
        causedBy: { via: "phone" },
      });
      await untilSoundsLike(lisa.heardFiles, sippHz, isMusic);
      expect((await next("CALL_UNHELD")).data).toMatchObject({ state: "answered", unheldBy: { number: "202" } });
      await phone.done;
      await next("CALL_ENDED");
      expect(types().filter((type) => type.endsWith("HELD"))).toEqual(["CALL_HELD", "CALL_UNHELD"]);
    },
  );

  it("[C20] [C22] both hold, each in its own way: held until nobody does, and always told who still does", async () => {
    const { phone, callId } = await callsLisa(
      uac.invite(),
      uac.pause(300),
      uac.offerAgain(3, { direction: "sendonly" }),
      uac.pause(3000),
      uac.offerAgain(4, { direction: "sendrecv" }),
      uac.pause(2500),
      uac.bye(5),
    );
    await next("CALL_HELD");
    const command = { callId, extensionId: await extensionId("201") };
    expect(await world.cti.send("hold", command)).toMatchObject({ success: true, data: { status: "held" } });
    const numbers = (data: Readonly<Record<string, unknown>>) =>
      (data["holders"] as { number: string }[]).map(({ number }) => number).toSorted();
    expect(numbers((await next("CALL_HELD", (data) => numbers(data).length === 2)).data)).toEqual(["201", "202"]);
    const still = await next("CALL_HELD", (data) => numbers(data).join() === "201");
    expect(still.data).toMatchObject({ heldBy: { number: "201" }, state: "held" });
    expect(await world.cti.send("unhold", command)).toMatchObject({ success: true, data: { status: "answered" } });
    await next("CALL_UNHELD");
    await phone.done;
    await next("CALL_ENDED");
    expect(types().filter((type) => type.endsWith("HELD"))).toEqual([
      "CALL_HELD",
      "CALL_HELD",
      "CALL_HELD",
      "CALL_UNHELD",
    ]);
  });
});

describe("[C23] a phone that lets itself be told", () => {
  const announces = ["Allow-Events: talk, hold"];

  it("[C21] [C23] hold by command: told once, its own display holds too; unhold makes it resume", async () => {
    const { phone, callId } = await callsLisa(
      uac.invite({ direction: "sendrecv" }, announces),
      uac.expectControl("hold"),
      uac.offerAgain(3, { direction: "sendonly" }),
      uac.expectControl("talk"),
      uac.offerAgain(4, { direction: "sendrecv" }),
      uac.pause(300),
      uac.bye(5),
    );
    const command = { callId, extensionId: await extensionId("202") };
    expect(await world.cti.send("hold", command)).toMatchObject({ success: true });
    await untilSoundsLike(lisa.heardFiles, sippHz, isMusic);
    expect(await world.cti.send("unhold", command)).toMatchObject({ success: true, data: { status: "answered" } });
    await phone.done;
    await next("CALL_ENDED");
    const told = world.cti.events.slice(seen).filter(({ type }) => type.endsWith("HELD"));
    expect(told.map(({ type, data }) => [type, data["causedBy"]])).toMatchObject([
      ["CALL_HELD", { via: "command" }],
      ["CALL_UNHELD", { via: "command" }],
    ]);
  });

  it("[C21] unhold of a hold that it made itself makes it resume", async () => {
    const { phone, callId } = await callsLisa(
      uac.invite({ direction: "sendrecv" }, announces),
      uac.offerAgain(3, { direction: "sendonly" }),
      uac.expectControl("talk"),
      uac.offerAgain(4, { direction: "sendrecv" }),
      uac.pause(300),
      uac.bye(5),
    );
    expect((await next("CALL_HELD")).data).toMatchObject({ causedBy: { via: "phone" } });
    const command = { callId, extensionId: await extensionId("202") };
    expect(await world.cti.send("unhold", command)).toMatchObject({ success: true, data: { status: "answered" } });
    await phone.done;
    await next("CALL_ENDED");
  });
});
