import { brandId, type ExtensionId } from "@pbx-x/telephony";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TestSocket } from "../realtime/test-socket.ts";
import { adminEmail, adminPassword, type ServerTestbench, startServerTestbench } from "../server-testbench.ts";

let bench: ServerTestbench;
let watcher: TestSocket;
let ids: ReadonlyMap<string, string>;
beforeAll(async () => {
  bench = await startServerTestbench();
  const { accessToken } = await bench.login(adminEmail, adminPassword);
  const headers = { authorization: `Bearer ${accessToken}` };
  const { data } = (await (await bench.ask("/api/v1/presence", { headers })).json()) as {
    data: { number: string; extensionId: string }[];
  };
  ids = new Map(data.map(({ number, extensionId }) => [number, extensionId]));
  watcher = new TestSocket(bench.server.httpPort, accessToken);
  await watcher.next(({ type }) => type === "CONNECTED");
});
afterAll(async () => {
  watcher?.cut();
  await bench?.stop();
});

const idOf = (number: string): string => ids.get(number) ?? "";
const presenceOf = (number: string, status: string) =>
  watcher.next(
    ({ type, data }) => type === "PRESENCE_UPDATED" && data?.["number"] === number && data["presenceStatus"] === status,
  );
const emailOf = { "200": "anna.schmidt@pbx-x.example", "201": "lisa.weber@pbx-x.example" } as const;

async function logIn(number: keyof typeof emailOf): Promise<TestSocket> {
  const { accessToken } = await bench.login(emailOf[number], bench.passwordOf(emailOf[number]));
  const socket = new TestSocket(bench.server.httpPort, accessToken);
  await socket.next(({ type }) => type === "CONNECTED");
  return socket;
}

describe("presence in the whole server", () => {
  it("[W27] [W23] [P1] [P4] who follows an extension sees its user come, set and take back; others are not told", async () => {
    const answer = await watcher.ask("subscribePresence", { extensionIds: [idOf("200")] });
    expect(answer.data).toEqual({
      subscriptions: [expect.objectContaining({ number: "200", presenceStatus: "offline", isManual: false })],
    });
    const anna = await logIn("200");
    await presenceOf("200", "available");
    const set = await anna.ask("setPresence", { status: "away", statusMessage: "Lunch" });
    expect(set).toMatchObject({ success: true, data: { presenceStatus: "away", statusMessage: "Lunch" } });
    expect((await presenceOf("200", "away")).seq).toBe((set as { seq?: number }).seq);
    await watcher.ask("subscribePresence", { extensionIds: [idOf("201")] });
    const lisa = await logIn("201");
    await lisa.ask("setPresence", { status: "dnd" });
    await presenceOf("201", "dnd");
    expect(await watcher.ask("subscribePresence", { extensionIds: [idOf("201")] })).toMatchObject({
      data: { subscriptions: [{ number: "201", presenceStatus: "dnd", isManual: true }] },
    });
    const told = () =>
      watcher.events.map(({ data }) => `${String(data?.["number"])} ${String(data?.["presenceStatus"])}`);
    await anna.ask("setPresence", { status: null });
    await expect.poll(told).toHaveLength(5);
    await watcher.ask("unsubscribePresence", { extensionIds: [idOf("200")] });
    await anna.ask("setPresence", { status: "busy" });
    await lisa.ask("setPresence", { status: null });
    await expect.poll(told).toHaveLength(6);
    expect(told()).toEqual(["200 available", "200 away", "201 available", "201 dnd", "200 available", "201 available"]);
    anna.cut();
    lisa.cut();
  });

  it("[W26] [P3] a snapshot has all of it, and the events after it add up to the next one", async () => {
    const of = (number: string, presenceStatus: string) => expect.objectContaining({ number, presenceStatus });
    const before = await watcher.ask("subscribe", { channels: ["presence"], snapshot: true });
    const rows = expect.arrayContaining([of("100", "offline"), of("202", "offline")]);
    expect(before).toMatchObject({ data: { snapshot: { tables: { presence: rows } } } });
    bench.engine.register(brandId<ExtensionId>(idOf("202")), { contactUri: "sip:202@127.0.0.1:6000" });
    await presenceOf("202", "available");
    const after = await watcher.ask("subscribe", { channels: ["presence"], snapshot: true });
    const changed = expect.arrayContaining([of("100", "offline"), of("202", "available")]);
    expect(after).toMatchObject({ data: { snapshot: { tables: { presence: changed } } } });
  });

  it("[P5] [L1] phones are shown the same, for every extension from the start", async () => {
    expect(["100", "200", "201", "202"].map((number) => bench.engine.published(number)?.displayName)).toEqual([
      "Max Mustermann",
      "Anna Schmidt",
      "Lisa Weber",
      "Tom Müller",
    ]);
    const seen = bench.engine.watch("202", "presence");
    expect(seen.sees.at(-1)?.presence).toEqual({ status: "available" });
  });
});
