import { describe, expect, it } from "vitest";
import { createPresenceBench } from "./presence-testbench.ts";

const hand = { via: "command", userId: "user-200", commandId: "c1" } as const;

describe("derived presence", () => {
  it("[P1] [P3] follows a call: the caller is busy at once, the called when answered; each change is told once", async () => {
    const bench = await createPresenceBench();
    const { engine, settle, shown } = bench;
    const anna = bench.register("200");
    bench.register("201");
    const caller = engine.call(anna, "201");
    await settle();
    const [callee] = bench.ringingLegs();
    if (callee === undefined) throw new Error("nothing rings");
    engine.ring(callee);
    await settle();
    expect([shown("200"), shown("201")]).toEqual(["busy In a call", "available"]);
    engine.answer(callee);
    await settle();
    expect([shown("200"), shown("201")]).toEqual(["busy In a call", "busy In a call"]);
    engine.hold(callee);
    engine.unhold(callee);
    engine.hangup(caller);
    await settle();
    expect([shown("200"), shown("201")]).toEqual(["available", "available"]);
    expect(await bench.told()).toEqual([
      "200 available",
      "201 available",
      "200 busy",
      "201 busy",
      "200 available",
      "201 available",
    ]);
  });

  it("[P1] of the second call nothing is told; the end of the last one is", async () => {
    const bench = await createPresenceBench();
    const anna = bench.register("200");
    const first = bench.engine.call(anna, "299");
    const legs = [bench.engine.call(anna, "201"), bench.engine.call(anna, "202")];
    await bench.settle();
    expect(bench.engine.leg(first)?.state).toBe("ended");
    for (const leg of legs) if (bench.engine.leg(leg)?.state !== "ended") bench.engine.hangup(leg);
    await bench.settle();
    const told = (await bench.told()).filter((line) => line.startsWith("200"));
    expect(told[0]).toBe("200 available");
    expect(told.at(-1)).toBe("200 available");
    expect(told.every((line, index) => line !== told[index - 1])).toBe(true);
  });

  it("[P1] phones and sessions: available by one of them, offline without any", async () => {
    const bench = await createPresenceBench();
    bench.setSession("user-200", true);
    expect(bench.shown("200")).toBe("available");
    const bindingId = bench.register("200");
    bench.setSession("user-200", false);
    expect(bench.shown("200")).toBe("available");
    bench.engine.unregister(bindingId);
    expect(bench.shown("200")).toBe("offline");
    expect(await bench.told()).toEqual(["200 available", "200 offline"]);
  });

  it("[P1] do not disturb, told as soon as the extension is changed", async () => {
    const bench = await createPresenceBench();
    bench.register("200");
    bench.changeExtension(bench.idOf("200"), { dndEnabled: true });
    expect(bench.shown("200")).toBe("dnd");
    bench.changeExtension(bench.idOf("200"), { dndEnabled: false, forwardOnBusyEnabled: true });
    expect(await bench.told()).toEqual(["200 available", "200 dnd", "200 available"]);
  });

  it("[P1] is the user's: all extensions of one show the same", async () => {
    const bench = await createPresenceBench();
    const desk = "desk-of-anna";
    bench.register("200");
    bench.changeExtension(desk, { number: "210", userId: "user-200" });
    expect(bench.presence.service.of(desk).presenceStatus).toBe("available");
    bench.changeExtension(desk, { number: "210", dndEnabled: true });
    expect(bench.shown("200")).toBe("available");
    await bench.presence.service.set("user-200", { status: "away" }, hand);
    expect([bench.shown("200"), bench.presence.service.of(desk).presenceStatus]).toEqual(["away (manual)", "away"]);
  });
});

describe("presence set by hand", () => {
  it("[P2] wins over calls, phones and do not disturb until it is changed or taken back", async () => {
    const bench = await createPresenceBench();
    const bindingId = bench.register("200");
    await bench.presence.service.set("user-200", { status: "away", statusMessage: "Lunch" }, hand);
    expect(bench.shown("200")).toBe("away (manual) Lunch");
    const leg = bench.engine.call(bindingId, "201");
    bench.changeExtension(bench.idOf("200"), { dndEnabled: true });
    await bench.settle();
    if (bench.engine.leg(leg)?.state !== "ended") bench.engine.hangup(leg);
    bench.engine.unregister(bindingId);
    expect(bench.shown("200")).toBe("away (manual) Lunch");
    await bench.presence.service.set("user-200", { status: "offline" }, hand);
    expect(bench.shown("200")).toBe("offline (manual)");
    await bench.presence.service.set("user-200", undefined, hand);
    expect(bench.shown("200")).toBe("dnd");
    expect(await bench.told()).toEqual(["200 available", "200 away", "200 offline", "200 dnd"]);
  });

  it("[P3] setting the same again tells nothing; another message does", async () => {
    const { presence, told } = await createPresenceBench();
    const set = (statusMessage: string) => presence.service.set("user-200", { status: "busy", statusMessage }, hand);
    expect(await set("One")).toBe(1);
    expect(await set("One")).toBeUndefined();
    expect(await set("Two")).toBe(2);
    expect(await told()).toEqual(["200 busy", "200 busy"]);
  });

  it("[P3] [W45] the event holds the whole state and says who it was", async () => {
    const bench = await createPresenceBench();
    await bench.presence.service.set("user-200", { status: "busy", statusMessage: "In a meeting" }, hand);
    await bench.settle();
    const [event] = await bench.log.read({ after: 0, limit: 10 });
    expect(JSON.parse(event?.json ?? "")).toMatchObject({
      type: "PRESENCE_UPDATED",
      data: {
        userId: "user-200",
        extensionId: bench.idOf("200"),
        number: "200",
        presenceStatus: "busy",
        statusMessage: "In a meeting",
        isManual: true,
        causedBy: hand,
      },
    });
    expect(event?.audience).toEqual({
      extensions: [{ id: bench.idOf("200"), number: "200" }],
      userIds: ["user-200"],
    });
  });

  it("[P2] is gone with its user", async () => {
    const bench = await createPresenceBench();
    await bench.presence.service.set("user-200", { status: "busy" }, hand);
    bench.revoke({ userId: "user-200", kind: "renewed" });
    await bench.settle();
    expect(bench.shown("200")).toBe("busy (manual)");
    bench.revoke({ userId: "user-200", kind: "ended" });
    await bench.settle();
    expect(bench.shown("200")).toBe("offline");
    expect(bench.store.kept.settings.size).toBe(0);
  });
});

describe("a restart", () => {
  it("[P2] [P3] settings stay; what is different from what was told last is told, and only that", async () => {
    const before = await createPresenceBench();
    before.register("200");
    before.register("201");
    await before.presence.service.set("user-201", { status: "dnd" }, hand);
    await before.told();
    const after = await createPresenceBench({ store: before.store, log: before.log });
    expect([after.shown("200"), after.shown("201")]).toEqual(["offline", "dnd (manual)"]);
    expect((await after.told()).slice(3)).toEqual(["200 offline"]);
  });

  it("[P3] what the store did not get in a crash is taken from the log", async () => {
    const before = await createPresenceBench();
    before.register("200");
    await before.told();
    before.store.kept.told.clear();
    const after = await createPresenceBench({ store: before.store, log: before.log });
    expect(await after.told()).toEqual(["200 available", "200 offline"]);
  });

  it("an extension that is gone is forgotten", async () => {
    const bench = await createPresenceBench();
    bench.register("202");
    expect(bench.store.kept.told.size).toBe(1);
    bench.changeExtension(bench.idOf("202"), undefined);
    expect(bench.store.kept.told.size).toBe(0);
    expect(bench.engine.published("202")).toBeUndefined();
  });
});
