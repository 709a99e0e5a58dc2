import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Cti, connectCti } from "./src/cti.ts";
import { annaEmail, startWorld, type World } from "./src/world.ts";

let world: World;
let supportId = "";
beforeAll(async () => {
  world = await startWorld();
  const queues = (await world.get("/queues")) as { data: { id: string; name: string }[] };
  supportId = queues.data.find(({ name }) => name === "Support")?.id ?? "";
});
afterAll(() => world?.stop());

/** A socket of the administrator with this one subscription. */
async function only(channel: string): Promise<Cti> {
  const cti = await connectCti(world.server.url, world.token);
  expect(await cti.send("subscribe", { channels: [channel] })).toMatchObject({ success: true });
  return cti;
}

/** Types of the logged events that a socket got. */
const logged = (cti: Cti): readonly string[] =>
  cti.events.filter(({ seq }) => seq !== undefined).map(({ type }) => type);

describe("each channel of the contact centre alone", () => {
  it("[W23] queues, one queue, agents: an agent with a real phone logs in, is offered a call, takes it", async () => {
    const [queues, support, agents] = [await only("queues"), await only(`queues:${supportId}`), await only("agents")];
    const lisa = await world.startPhone("201");
    const tom = await world.startPhone("202");
    await world.request("PATCH", `/queues/${supportId}`, { greetingEnabled: false, wrapUpTimeSeconds: 1 });
    const extensionId = await world.extensionId("201");
    await world.cti.send("agentLogin", { extensionId, queueIds: [supportId] });
    await agents.waitFor("AGENT_LOGGED_IN", ({ data }) => data["extensionId"] === extensionId);
    await tom.command("dial", "300");
    await queues.waitFor("QUEUE_CALL_ENTERED");
    await support.waitFor("QUEUE_CALL_ENTERED", ({ data }) => data["queueId"] === supportId);
    await world.cti.waitFor("CALL_RINGING", ({ data }) => JSON.stringify(data["callee"]).includes(extensionId));
    await lisa.command("accept");
    await support.waitFor("QUEUE_CALL_ANSWERED");
    await agents.waitFor("AGENT_STATE_CHANGED", ({ data }) => data["newStatus"] === "busy");
    await tom.command("hangup");
    await agents.waitFor("AGENT_STATE_CHANGED", ({ data }) => data["newStatus"] === "wrap_up");
    expect(logged(queues).filter((type) => !type.startsWith("QUEUE_"))).toEqual([]);
    expect(logged(agents).filter((type) => !type.startsWith("AGENT_"))).toEqual([]);
    for (const cti of [queues, support, agents]) await cti.close();
  });

  it("[W23] system: a trunk that is switched off", async () => {
    const system = await only("system");
    const created = (await world.request("POST", "/trunks", {
      name: "Carrier",
      trunkType: "static",
      host: "127.0.0.1",
      port: 9,
    })) as { id: string };
    await system.waitFor("TRUNK_STATUS_CHANGED", ({ data }) => data["trunkId"] === created.id);
    expect(logged(system).filter((type) => !type.startsWith("TRUNK_"))).toEqual([]);
    await system.close();
  });
});

describe("an extension at its limit of calls", () => {
  it("[W41] is told ALREADY_IN_CALL while its real phone is in one", async () => {
    await world.patchExtension("200", { maxConcurrentCalls: 1 });
    const anna = await world.startPhone("200");
    await anna.command("dial", "400");
    await world.cti.waitFor("CALL_ANSWERED", ({ data }) => JSON.stringify(data).includes("Team Meeting"));
    const cti = await connectCti(world.server.url, await world.tokenOf(annaEmail));
    expect(await cti.send("originate", { from: "200", to: "201" })).toMatchObject({
      success: false,
      error: { code: "ALREADY_IN_CALL" },
    });
    await cti.close();
  });
});

describe("[W21] a socket with one channel of calls gets what that channel carries, and nothing else", () => {
  const life = ["CALL_CREATED", "CALL_RINGING", "CALL_ANSWERED", "CALL_ENDED"];
  beforeAll(async () => {
    await world.startPhone("100", { answerMode: "auto" });
    await world.startPhone("202", { answerMode: "auto" });
  });

  /** A call of 100 to 202, from ring to end. */
  async function call(): Promise<string> {
    const { data } = await world.cti.send("originate", { from: "100", to: "202", autoAnswer: true });
    const callId = String(data?.["callId"]);
    await world.cti.waitFor("CALL_ANSWERED", (event) => event.data["callId"] === callId);
    await world.cti.send("hangup", { callId });
    await world.cti.waitFor("CALL_ENDED", (event) => event.data["callId"] === callId);
    return callId;
  }

  it("[W21] calls, calls:<extension id> and extension:<number> tell a call from its beginning to its end", async () => {
    for (const channel of ["calls", `calls:${await world.extensionId("100")}`, "extension:100"]) {
      const cti = await only(channel);
      const callId = await call();
      await cti.waitFor("CALL_ENDED", ({ data }) => data["callId"] === callId);
      expect(cti.typesOf(callId), channel).toEqual(life);
      await cti.close();
    }
  });

  it("[W21] another extension's channel and the other kinds of channels tell nothing of it", async () => {
    const others = await Promise.all(["extension:200", "queues", "agents", "system"].map(only));
    const callId = await call();
    for (const cti of others) {
      // The answer to a ping comes after everything that was before it.
      cti.sendRaw(JSON.stringify({ id: "p", command: "ping" }));
      await cti.waitFor("PONG");
      expect(cti.typesOf(callId)).toEqual([]);
      await cti.close();
    }
  });

  it("[W24] a user is refused the channels of others, by name, and keeps the own ones", async () => {
    const cti = await connectCti(world.server.url, await world.tokenOf(annaEmail));
    const answer = await cti.send("subscribe", { channels: ["system", "extension:201", "extension:200", "nonsense"] });
    const channels = answer.data?.["channels"] as readonly {
      channel: string;
      ok?: boolean;
      error?: { code: string };
    }[];
    expect(channels.map(({ channel, ok, error }) => [channel, error?.code ?? ok])).toEqual([
      ["system", "UNAUTHORIZED"],
      ["extension:201", "UNAUTHORIZED"],
      ["extension:200", true],
      ["nonsense", "INVALID_PARAMS"],
    ]);
    await cti.close();
  });
});
