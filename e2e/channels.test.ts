import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Cti, connectCti } from "./src/cti.ts";
import { annaEmail, startWorld, type World } from "./src/world.ts";

let world: World;
let annaId: string;
beforeAll(async () => {
  world = await startWorld();
  await world.startPhone("200", { answerMode: "auto" });
  await world.startPhone("201", { answerMode: "auto" });
  annaId = await world.extensionId("200");
});
afterAll(() => world?.stop());

async function subscribed(channel: string, token = world.token): Promise<Cti> {
  const cti = await connectCti(world.server.url, token);
  const answer = await cti.send("subscribe", { channels: [channel] });
  expect(answer).toMatchObject({ success: true, data: { channels: [{ channel, ok: true }] } });
  return cti;
}

/** A call of 200 to 201, from ring to end. */
async function call(): Promise<string> {
  const seen = world.cti.events.length;
  const { data } = await world.cti.send("originate", { from: "200", to: "201", autoAnswer: true });
  const callId = String(data?.["callId"]);
  const after = (type: string) =>
    world.cti.waitFor(type, (event) => event.data["callId"] === callId && world.cti.events.indexOf(event) >= seen);
  await after("CALL_ANSWERED");
  await world.cti.send("hangup", { callId });
  await after("CALL_ENDED");
  return callId;
}

const life = ["CALL_CREATED", "CALL_RINGING", "CALL_ANSWERED", "CALL_ENDED"];

describe("[W21] [W23] a socket with one channel gets what that channel carries, and nothing else", () => {
  it("[W21] calls, calls:<extension id> and extension:<number> tell a call from its beginning to its end", async () => {
    for (const channel of ["calls", `calls:${annaId}`, "extension:200"]) {
      const cti = await subscribed(channel);
      const callId = await call();
      await cti.waitFor("CALL_ENDED");
      expect(cti.typesOf(callId), channel).toEqual(life);
      await cti.close();
    }
  });

  it("[W21] another extension's channel and the other kinds of channels tell nothing of it", async () => {
    const others = await Promise.all(["extension:202", "queues", "agents", "system"].map((name) => subscribed(name)));
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
