import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Baresip } from "./src/baresip.ts";
import type { WireEvent } from "./src/cti.ts";
import { isMusic, isVoice, untilSoundsLike } from "./src/tone.ts";
import { startWorld, type World } from "./src/world.ts";

let world: World;
let anna: Baresip;
let tom: Baresip;
let supportId = "";
let callId = "";
let seen = 0;
const [annaHz, tomHz] = [440, 660];

beforeAll(async () => {
  world = await startWorld();
  await world.cti.send("subscribe", { channels: ["queues", "agents"] });
  const queues = (await world.get("/queues")) as { data: { id: string; name: string }[] };
  supportId = queues.data.find(({ name }) => name === "Support")?.id ?? "";
  anna = await world.startPhone("200", { toneHz: annaHz });
  tom = await world.startPhone("202", { toneHz: tomHz });
});
afterAll(async () => {
  await world?.stop();
});
beforeEach(() => {
  seen = world.cti.events.length;
});

const isNew = (event: WireEvent): boolean => world.cti.events.indexOf(event) >= seen;
const next = (type: string, data: object = {}) =>
  world.cti.waitFor(type, (event) => isNew(event) && hasAll(event.data, data));
const hasAll = (data: Readonly<Record<string, unknown>>, wanted: object): boolean =>
  Object.entries(wanted).every(([name, value]) => data[name] === value);
const told = () => world.cti.events.slice(seen).map(({ type }) => type);

describe("a queue with real phones", () => {
  it("[Q3] rings the agent's phone; both talk; the agent wraps up and is available again", async () => {
    const extensionId = await world.extensionId("200");
    await world.request("PATCH", `/queues/${supportId}`, { wrapUpTimeSeconds: 2 });
    const answer = await world.cti.send("agentLogin", { extensionId, queueIds: [supportId] });
    expect(answer).toMatchObject({ success: true, data: { status: "available", queueIds: [supportId] } });
    await next("AGENT_LOGGED_IN", { number: "200" });
    await next("AGENT_STATE_CHANGED", { newStatus: "available" });
    seen = world.cti.events.length;
    await tom.command("dial", "300");
    const entered = await next("QUEUE_CALL_ENTERED");
    callId = String(entered.data["callId"]);
    expect(entered.data).toMatchObject({ queueName: "Support", caller: { number: "202" }, position: 1 });
    await next("QUEUE_AGENT_OFFERED");
    expect((await next("CALL_RINGING")).data).toMatchObject({ callee: { number: "200" }, queue: { name: "Support" } });
    await untilSoundsLike(tom.heardFiles, annaHz, isMusic);
    await anna.command("accept");
    await next("QUEUE_CALL_ANSWERED");
    expect((await next("AGENT_STATE_CHANGED", { newStatus: "busy" })).data).toMatchObject({ queueName: "Support" });
    await untilSoundsLike(anna.heardFiles, tomHz, isVoice);
    await untilSoundsLike(tom.heardFiles, annaHz, isVoice);
    await tom.command("hangup");
    const wrapUp = await next("AGENT_STATE_CHANGED", { newStatus: "wrap_up" });
    const available = await next("AGENT_STATE_CHANGED", { newStatus: "available" });
    const restMs = Date.parse(available.timestamp) - Date.parse(wrapUp.timestamp);
    expect(restMs).toBeGreaterThanOrEqual(1990);
    expect(restMs).toBeLessThan(3000);
    expect(told().filter((type) => !type.startsWith("PRESENCE"))).toEqual([
      "CALL_CREATED",
      "QUEUE_CALL_ENTERED",
      "QUEUE_AGENT_OFFERED",
      "CALL_RINGING",
      "CALL_ANSWERED",
      "QUEUE_CALL_ANSWERED",
      "AGENT_STATE_CHANGED",
      "CALL_ENDED",
      "AGENT_STATE_CHANGED",
      "AGENT_STATE_CHANGED",
    ]);
    expect(told().filter((type) => type === "CALL_ENDED")).toHaveLength(1);
    expect(world.cti.typesOf(callId)).toContain("CALL_ENDED");
  });
});
