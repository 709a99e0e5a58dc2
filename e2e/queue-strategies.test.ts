import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Baresip } from "./src/baresip.ts";
import { type QueueWorld, queueNumber, startQueueWorld } from "./src/queue-world.ts";
import { isVoice, untilSoundsLike } from "./src/tone.ts";

let world: QueueWorld;
let tom: Baresip;
const agents = ["200", "201", "100"] as const;
const phones = new Map<string, Baresip>();
const [tomHz, lisaHz] = [660, 880];

beforeAll(async () => {
  world = await startQueueWorld();
  for (const number of agents) {
    phones.set(number, await world.startPhone(number, number === "201" ? { toneHz: lisaHz } : {}));
  }
  tom = await world.startPhone("202", { toneHz: tomHz });
});
afterAll(() => world?.stop());
beforeEach(async () => {
  for (const number of agents) await world.logout(number);
});

interface Settings {
  readonly strategy: string;
  readonly requiredSkills?: readonly object[];
}
/** @param each what the configuration says of a member */
const set = async (settings: Settings, each: Readonly<Record<string, object>> = {}): Promise<void> => {
  await world.configure({ requiredSkills: [], ...settings });
  const members = agents.map((number) => ({ extensionId: world.ids[number], ...each[number] }));
  await world.request("PUT", `/queues/${world.queueId}/members`, { members });
};
const loginAll = async (numbers: readonly string[] = agents): Promise<void> => {
  for (const number of numbers) {
    world.mark();
    expect(await world.login(number)).toMatchObject({ success: true });
    await world.next("AGENT_STATE_CHANGED", { number, newStatus: "available" });
  }
};

/** Tom calls; whoever is asked takes the call, they talk, Tom hangs up. @returns the agent's number */
async function serve(talkMs = 0): Promise<string> {
  world.mark();
  await tom.command("dial", queueNumber);
  const offered = await world.next("QUEUE_AGENT_OFFERED");
  const { number } = offered.data["agent"] as { number: string };
  await world.next("CALL_RINGING", { callee: { number } });
  await phones.get(number)?.command("accept");
  await world.next("QUEUE_CALL_ANSWERED", { agent: { number } });
  await delay(talkMs);
  await tom.command("hangup");
  await world.next("AGENT_STATE_CHANGED", { number, newStatus: "available" });
  return number;
}

describe("strategies, with three agents' phones", () => {
  it("[Q1] least_talk_time: who has talked least today, not who has waited longest", async () => {
    await set({ strategy: "least_talk_time" });
    await loginAll(["200"]);
    expect(await serve(500)).toBe("200");
    await loginAll(["201", "100"]);
    expect(await serve(3000)).toBe("201");
    expect(await serve(3000)).toBe("100");
    expect(await serve()).toBe("200");
  });

  it("[Q1] [Q4] ring_all: all phones ring, one takes the call and is heard, the others stop", async () => {
    await set({ strategy: "ring_all" });
    await loginAll();
    world.mark();
    await tom.command("dial", queueNumber);
    for (const number of agents) await world.next("CALL_RINGING", { callee: { number } });
    expect(world.newEvents("QUEUE_AGENT_OFFERED")).toHaveLength(3);
    await phones.get("201")?.command("accept");
    await world.next("QUEUE_CALL_ANSWERED", { agent: { number: "201" } });
    for (const number of ["200", "100"]) {
      await world.next("QUEUE_AGENT_NO_ANSWER", { agent: { number }, outcome: "answered_elsewhere" });
    }
    await untilSoundsLike(tom.heardFiles, lisaHz, isVoice);
    await untilSoundsLike(() => phones.get("201")?.heardFiles() ?? Promise.resolve([]), tomHz, isVoice);
    await tom.command("hangup");
    await world.next("AGENT_STATE_CHANGED", { number: "201", newStatus: "available" });
    const changed = world
      .newEvents("AGENT_STATE_CHANGED")
      .map(({ data }) => `${String(data["number"])} ${String(data["newStatus"])}`);
    expect(changed).toEqual(["201 busy", "201 available"]);
  });

  it("[Q1] longest_idle: in the order of their log-ins, then of their last calls", async () => {
    await set({ strategy: "longest_idle" });
    await loginAll(["100", "201", "200"]);
    const served = [await serve(), await serve(), await serve(), await serve()];
    expect(served).toEqual(["100", "201", "200", "100"]);
  });

  it("[Q1] round_robin: one after the other in a fixed order, whoever has waited longest", async () => {
    await set({ strategy: "round_robin" });
    const fixed = agents.toSorted((a, b) => ((world.ids[a] ?? "") < (world.ids[b] ?? "") ? -1 : 1));
    await loginAll(fixed.toReversed());
    const served = [await serve(), await serve(), await serve(), await serve()];
    const first = fixed.findIndex((number) => number === served[0]);
    expect(served).toEqual([0, 1, 2, 3].map((step) => fixed[(first + step) % fixed.length]));
  });

  it("[Q1] random: anybody of those with the lowest penalty", async () => {
    await set({ strategy: "random" }, { "200": { penalty: 5 } });
    await loginAll();
    for (let call = 0; call < 3; call += 1) expect(["201", "100"]).toContain(await serve());
  });

  it("[Q1] skills: who knows most and enough; the call waits rather than ring at who knows too little", async () => {
    const wanted = [{ skill: "french", minimum: 3 }];
    const levels = { "200": 2, "201": 5, "100": 8 };
    const each = Object.fromEntries(Object.entries(levels).map(([number, french]) => [number, { skills: { french } }]));
    await set({ strategy: "skills", requiredSkills: wanted }, each);
    await loginAll();
    expect(await serve()).toBe("100");
    await world.cti.send("agentSetStatus", { extensionId: world.ids["100"], status: "break" });
    expect(await serve()).toBe("201");
    await world.logout("201");
    world.mark();
    await tom.command("dial", queueNumber);
    await world.next("QUEUE_CALL_ENTERED");
    await delay(500);
    expect(world.newEvents("QUEUE_AGENT_OFFERED")).toEqual([]);
    await tom.command("hangup");
    await world.next("QUEUE_CALL_ABANDONED", { reason: "caller_hangup" });
  });
});
