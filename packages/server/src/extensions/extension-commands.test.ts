import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createExtensionTestbench, type ExtensionTestbench } from "./extension-testbench.ts";

let bench: ExtensionTestbench;
beforeEach(async () => {
  bench = await createExtensionTestbench();
});
afterEach(() => bench.stop());

describe("do not disturb and forwarding by command", () => {
  it("[W43] [E3] setDnd tells exactly what changed, with its place in the log; a repeat changes nothing", async () => {
    const { commands, as, events } = bench;
    const answer = await commands.setDnd({ enabled: true }, as("200"));
    expect(answer).toEqual({ ok: true, data: { extensionId: "id-200", dndEnabled: true }, seq: 1 });
    expect(events.map(({ type, data }) => [type, data])).toEqual([
      [
        "EXTENSION_STATUS_CHANGED",
        {
          extensionId: "id-200",
          number: "200",
          changes: { dndEnabled: true },
          causedBy: { via: "command", userId: "user-200", commandId: "c1" },
        },
      ],
    ]);
    const again = await commands.setDnd({ enabled: true }, as("200"));
    expect(again).toEqual({ ok: true, data: { extensionId: "id-200", dndEnabled: true } });
    expect(events).toHaveLength(1);
  });

  it("[W43] [E3] setForwarding changes what is named, writes the number as it is dialled, takes it away by null", async () => {
    const { commands, as, events, extension } = bench;
    const busy = { forwardOnBusyEnabled: true, forwardOnBusyDestination: "2 01" };
    expect(await commands.setForwarding(busy, as("200"))).toMatchObject({
      ok: true,
      data: { forwardOnBusyEnabled: true, forwardOnBusyDestination: "201", forwardUnconditionalDestination: null },
    });
    expect(events.at(-1)?.data["changes"]).toEqual({ forwardOnBusyEnabled: true, forwardOnBusyDestination: "201" });
    const off = { forwardOnBusyEnabled: false, forwardOnBusyDestination: null };
    expect(await commands.setForwarding(off, as("200"))).toMatchObject({ ok: true });
    expect(events.at(-1)?.data["changes"]).toEqual({ forwardOnBusyEnabled: false, forwardOnBusyDestination: null });
    expect(extension("200")).not.toHaveProperty("forwardOnBusyDestination");
  });

  it("[W43] [E3] refuses what makes no sense with the field, and changes nothing", async () => {
    const { commands, as, events } = bench;
    const to = (forwardUnconditionalDestination: string) =>
      commands.setForwarding({ forwardUnconditionalEnabled: true, forwardUnconditionalDestination }, as("200"));
    expect(await to("200")).toMatchObject({
      ok: false,
      error: {
        code: "INVALID_PARAMS",
        details: { reason: "own_number", errors: [{ field: "params.forwardUnconditionalDestination" }] },
      },
    });
    expect(await to("999")).toMatchObject({ ok: false, error: { code: "NUMBER_NOT_REACHABLE" } });
    expect(events).toEqual([]);
  });

  it("[E3] others' extensions need the right; who has none names one", async () => {
    const { commands, as } = bench;
    const other = { enabled: true, extensionId: "id-201" };
    expect(await commands.setDnd(other, as("200"))).toMatchObject({ ok: false, error: { code: "UNAUTHORIZED" } });
    expect(await commands.setDnd(other, as("200", "all"))).toMatchObject({ ok: true, data: { extensionId: "id-201" } });
    expect(await commands.setDnd({ enabled: true }, as(undefined))).toMatchObject({
      ok: false,
      error: { code: "INVALID_PARAMS", details: { errors: [{ field: "params.extensionId" }] } },
    });
    expect(await commands.setDnd({ ...other, extensionId: "none" }, as("200", "all"))).toMatchObject({
      ok: false,
      error: { code: "EXTENSION_NOT_FOUND" },
    });
  });

  it("[R7] every change is noted with the names of what changed", async () => {
    await bench.commands.setDnd({ enabled: true, extensionId: "id-201" }, bench.as("200", "all"));
    expect(bench.audited).toEqual([["201", ["dndEnabled"]]]);
  });
});

describe("[E4] codes that phones dial", () => {
  const changes = () => bench.events.map(({ data }) => data["changes"]);

  it.each([
    ["*78", { dndEnabled: true }],
    ["*72201", { forwardUnconditionalEnabled: true, forwardUnconditionalDestination: "201" }],
    ["*90201", { forwardOnBusyEnabled: true, forwardOnBusyDestination: "201" }],
    ["*92201", { forwardOnNoAnswerEnabled: true, forwardOnNoAnswerDestination: "201" }],
  ] as const)(
    "[E4] %s: the setting changes, the phone hears a tone and is hung up; no call is told",
    async (code, told) => {
      const { engine, events, featureCodes, scheduler, settle, dial } = bench;
      const legId = await dial("200", code);
      expect(events.map(({ type, data }) => [type, data["changes"], data["causedBy"]])).toEqual([
        ["EXTENSION_STATUS_CHANGED", told, { via: "phone" }],
      ]);
      expect(engine.leg(legId)?.state).toBe("answered");
      expect(engine.hearsPlayback(legId)).toEqual({ kind: "tone", tone: "beep" });
      scheduler.advance(400);
      await settle();
      expect(engine.leg(legId)?.state).toBe("ended");
      expect(engine.usage()).toMatchObject({ legs: 0, playbacks: 0 });
      expect(featureCodes.size).toBe(0);
    },
  );

  it("[E4] the codes that switch off do, and say so also where it was off", async () => {
    const { commands, as, dial, engine, extension } = bench;
    await commands.setDnd({ enabled: true }, as("200"));
    const all = {
      forwardUnconditionalEnabled: true,
      forwardUnconditionalDestination: "201",
      forwardOnBusyEnabled: true,
      forwardOnBusyDestination: "201",
      forwardOnNoAnswerEnabled: true,
      forwardOnNoAnswerDestination: "201",
    };
    await commands.setForwarding(all, as("200"));
    for (const code of ["*79", "*73", "*91", "*93", "*93"]) {
      expect(engine.hearsPlayback(await dial("200", code))).toEqual({ kind: "tone", tone: "beep" });
    }
    expect(extension("200")).toMatchObject({
      dndEnabled: false,
      forwardUnconditionalEnabled: false,
      forwardOnBusyEnabled: false,
      forwardOnNoAnswerEnabled: false,
    });
    expect(changes()).toHaveLength(6);
  });

  it("[E4] without a destination it goes to where it went last", async () => {
    await bench.dial("200", "*72201");
    await bench.dial("200", "*73");
    await bench.dial("200", "*72");
    expect(changes().at(-1)).toEqual({ forwardUnconditionalEnabled: true });
  });

  it.each(["*72", "*72200", "*72999", "*72*78"])(
    "[E4] %s is not taken: another tone, for two seconds, and nothing changes",
    async (code) => {
      const { engine, events, scheduler, settle, dial } = bench;
      const legId = await dial("200", code);
      expect(events).toEqual([]);
      expect(engine.hearsPlayback(legId)).toEqual({ kind: "tone", tone: "congestion" });
      scheduler.advance(2000);
      await settle();
      expect(engine.usage()).toMatchObject({ legs: 0, playbacks: 0 });
    },
  );

  it("[E4] who hangs up at once has changed the setting all the same, and nothing is left behind", async () => {
    const { engine, featureCodes, settle, dial, scheduler, extension } = bench;
    const dialled = dial("200", "*78");
    const [leg] = engine.legs();
    if (leg === undefined) throw new Error("nothing was dialled");
    engine.hangup(leg.legId);
    await dialled;
    await settle();
    expect(extension("200").dndEnabled).toBe(true);
    expect(featureCodes.size).toBe(0);
    scheduler.advance(10_000);
    expect(engine.performed.filter(({ op }) => op === "hangup")).toEqual([]);
  });
});
