import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Baresip, startBaresip } from "./src/baresip.ts";
import { hearsTone } from "./src/tone.ts";
import { startWorld, type World } from "./src/world.ts";

let world: World;
let anna: Baresip;
let lisa: Baresip;
beforeAll(async () => {
  world = await startWorld();
  anna = await startBaresip({ ...world.user("200"), pbx: world.pbx.udp, toneHz: 440 });
  lisa = await startBaresip({ ...world.user("201"), pbx: world.pbx.tcp, transport: "tcp", toneHz: 880 });
  for (const number of ["200", "201"]) {
    await world.cti.waitFor("EXTENSION_REGISTERED", ({ data }) => data["number"] === number);
  }
});
afterAll(async () => {
  await Promise.all([anna?.stop(), lisa?.stop()]);
  await world?.stop();
});

async function dial(known: Set<string>): Promise<string> {
  await anna.command("dial", "201");
  const created = await world.cti.waitFor("CALL_CREATED", ({ data }) => !known.has(String(data["callId"])));
  const callId = String(created.data["callId"]);
  known.add(callId);
  return callId;
}
const known = new Set<string>();
const of = (callId: string) => (event: { data: Readonly<Record<string, unknown>> }) => event.data["callId"] === callId;

describe("two real phones in a call", () => {
  it("[C10] [C11] 200 dials 201, both are heard, the caller hangs up", async () => {
    const callId = await dial(known);
    const ringing = await world.cti.waitFor("CALL_RINGING", of(callId));
    expect(ringing.data).toMatchObject({
      caller: { number: "200", name: "Anna Schmidt" },
      callee: { number: "201", name: "Lisa Weber" },
      state: "ringing",
    });
    await lisa.command("accept");
    const answered = await world.cti.waitFor("CALL_ANSWERED", of(callId));
    expect(answered.data).toMatchObject({ answeredBy: { number: "201", name: "Lisa Weber" }, state: "answered" });
    expect(await hearsTone(anna.heardFiles, 880)).toBe(true);
    expect(await hearsTone(lisa.heardFiles, 440)).toBe(true);
    await anna.command("hangup");
    const ended = await world.cti.waitFor("CALL_ENDED", of(callId));
    expect(ended.data).toMatchObject({ hangupCause: "normal_clearing", hangupBy: "caller", state: "ended" });
    expect(world.cti.typesOf(callId)).toEqual(["CALL_CREATED", "CALL_RINGING", "CALL_ANSWERED", "CALL_ENDED"]);
    const versions = world.cti.events.filter(of(callId)).map(({ data }) => data["version"]);
    expect(versions).toEqual([1, 2, 3, 4]);
  });

  it("[C13] the callee hangs up", async () => {
    const callId = await dial(known);
    await world.cti.waitFor("CALL_RINGING", of(callId));
    await lisa.command("accept");
    await world.cti.waitFor("CALL_ANSWERED", of(callId));
    await lisa.command("hangup");
    const ended = await world.cti.waitFor("CALL_ENDED", of(callId));
    expect(ended.data).toMatchObject({ hangupCause: "normal_clearing", hangupBy: "callee" });
  });

  it("[C2] [R6] the call is in the list while it goes on and in the records afterwards", async () => {
    const callId = await dial(known);
    await world.cti.waitFor("CALL_RINGING", of(callId));
    expect(await world.get(`/calls/${callId}`)).toMatchObject({
      legs: [
        { side: "caller", state: "dialling", number: "200" },
        { side: "callee", state: "ringing", number: "201" },
      ],
    });
    const active = (await world.get("/calls")) as { data: { callId: string }[] };
    expect(active.data.map((call) => call.callId)).toEqual([callId]);
    await anna.command("hangup");
    const ended = await world.cti.waitFor("CALL_ENDED", of(callId));
    expect(ended.data).toMatchObject({ hangupCause: "cancel", hangupBy: "caller", durationSeconds: 0 });
    await expect.poll(async () => ((await world.get("/calls")) as { data: unknown[] }).data).toEqual([]);
    await expect
      .poll(async () =>
        ((await world.get("/cdr")) as { data: { callId: string }[] }).data.map((record) => record.callId),
      )
      .toContain(callId);
  });

  it("[C14] the phases of a call are whole seconds that make up its life", async () => {
    const callId = await dial(known);
    await world.cti.waitFor("CALL_RINGING", of(callId));
    await lisa.command("accept");
    const answered = await world.cti.waitFor("CALL_ANSWERED", of(callId));
    expect(await hearsTone(lisa.heardFiles, 440)).toBe(true);
    await anna.command("hangup");
    const ended = await world.cti.waitFor("CALL_ENDED", of(callId));
    const created = await world.cti.waitFor("CALL_CREATED", of(callId));
    const life = Math.floor((Date.parse(ended.timestamp) - Date.parse(created.timestamp)) / 1000);
    const phases = ended.data["phases"] as Readonly<Record<string, number>>;
    expect(Math.abs(Object.values(phases).reduce((sum, seconds) => sum + seconds, 0) - life)).toBeLessThanOrEqual(1);
    const talk = (Date.parse(ended.timestamp) - Date.parse(answered.timestamp)) / 1000;
    expect(Math.abs(Number(ended.data["durationSeconds"]) - talk)).toBeLessThanOrEqual(1);
  });
});
